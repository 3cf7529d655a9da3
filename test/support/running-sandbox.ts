/** A sandbox for a test file, and requests to it that are signed by hand, so that no SDK smooths anything over. */
import { createHash } from "node:crypto";
import { type IncomingHttpHeaders, request } from "node:http";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { afterAll, beforeAll } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/sandbox.ts";
import { signedInHeader } from "./signed-requests.ts";

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Headers = Readonly<Record<string, string>>;
export type Send = (line: string, headers?: Headers, body?: string | Uint8Array) => Promise<WireAnswer>;

/** Starts before the file's tests and ends after them. */
export function useSandbox(options: Partial<SandboxOptions> = {}): { readonly sandbox: Sandbox; readonly send: Send } {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startForTest(options);
  });
  afterAll(() => sandbox.close());
  return {
    get sandbox() {
      return sandbox;
    },
    send: (line, headers, body) => sendSigned(sandbox, line, headers, body),
  };
}

export function startForTest(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return startSandbox({ now: () => new Date(), random: Math.random, ...options });
}

/** The SDK as anybody would set it up. */
export function sdkClient(sandbox: Sandbox, settings: S3ClientConfig = {}): S3Client {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_REGION = "" } = sandbox.env;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  return new S3Client({ endpoint: sandbox.s3, region: AWS_REGION, credentials, forcePathStyle: true, ...settings });
}

/** `send("PUT /drop/a?partNumber=1&uploadId=u", headers, body)`; members of a query sorted and with their `=`. */
export async function sendSigned(
  sandbox: Sandbox,
  line: string,
  headers: Headers = {},
  body: string | Uint8Array = "",
): Promise<WireAnswer> {
  return await sendRaw(sandbox, line, signedHeaders(sandbox, line, headers), body);
}

export function signedHeaders(sandbox: Sandbox, line: string, headers: Headers = {}): Headers {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_REGION = "" } = sandbox.env;
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const given = { host: new URL(sandbox.s3).host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", ...headers };
  return signedInHeader(line, given, "", {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secret: AWS_SECRET_ACCESS_KEY,
    scope: `${time.slice(0, 8)}/${AWS_REGION}/s3/aws4_request`,
    time,
  }).headers;
}

export async function sendRaw(
  sandbox: Sandbox,
  line: string,
  headers: Headers = {},
  body: string | Uint8Array = "",
): Promise<WireAnswer> {
  const [method, path] = line.split(" ");
  return await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(sandbox.s3);
    const length = { "content-length": String(Buffer.byteLength(body)) };
    const sent = request({ hostname, port, method, path, headers: { ...length, ...headers } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
    sent.on("error", reject).end(body);
  });
}

/** `404 NoSuchKey`, or `200` where the answer is no error document. */
export function outcomeOf({ status, body }: WireAnswer): string {
  const code = elementOf(body, "Code");
  return code === undefined || !body.includes("<Error>") ? String(status) : `${status} ${code}`;
}

/** The text of the first such element. */
export function elementOf(xml: string, name: string): string | undefined {
  return elementsOf(xml, name)[0];
}

export function elementsOf(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text = ""]) => text);
}

export function md5Hex(data: string | Uint8Array): string {
  return createHash("md5").update(data).digest("hex");
}

export function base64Sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("base64");
}
