/**
 * A presign endpoint and the storage behind it, in one server. Without flaws it does what it should; each flaw is one thing
 * that real endpoints get wrong. Its signatures are made up: the storage knows its own addresses.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { safeName } from "../../src/signing/object-key.ts";

export interface Flaws {
  /** Signs for whoever asks. */
  readonly open?: boolean;
  /** The file name is the key, as it comes. */
  readonly rawNames?: boolean;
  /** What stands before every key; `uploads/` without the flaw. */
  readonly prefix?: string;
  /** Life of an address in seconds; 300 without the flaw. */
  readonly expiresIn?: number;
  /** Gives the life that is asked for. */
  readonly anyLife?: boolean;
  readonly anySize?: boolean;
  /** Headers that are not signed though they should be. */
  readonly unsigned?: readonly string[];
  /** More members of the query. */
  readonly query?: Readonly<Record<string, string>>;
  readonly signatureV2?: boolean;
  readonly bucket?: string;
  /** An address for plain HTTP beyond this machine. */
  readonly plainHttp?: boolean;
  /** What the preflight of any page is answered with. */
  readonly allowOrigin?: string;
  readonly bucketAllowOrigin?: string;
  /** The storage takes a second upload to one address. */
  readonly replayable?: boolean;
  /** Knows the article's two members and nothing else. */
  readonly articleOnly?: boolean;
  /** Also signs for a request without a size. */
  readonly article?: boolean;
  /** A form whose policy lacks these. */
  readonly form?: "good" | "open-key" | "no-range";
  /** Status for every request from the given one on. */
  readonly failFrom?: { readonly request: number; readonly status: number };
}

export interface FlawedEndpoint {
  readonly url: string;
  /** Method and path of what came in, in order. */
  readonly seen: readonly string[];
  /** Keys that were stored. */
  readonly stored: readonly string[];
}

export const goodToken = "let-me-in";

/** Starts servers that end with the test. */
export function useFlawedEndpoints(): (flaws?: Flaws) => Promise<FlawedEndpoint> {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  return async (flaws = {}) => {
    const seen: string[] = [];
    const stored: string[] = [];
    let asked = 0;
    const server = createServer(async (request, response) => {
      seen.push(`${request.method} ${request.url?.replace(/\?.*/, "")}`);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      asked += 1;
      if (flaws.failFrom !== undefined && asked >= flaws.failFrom.request) {
        response.writeHead(flaws.failFrom.status).end();
      } else if (request.url?.startsWith("/presign")) {
        answerPresign(request, response, body, flaws);
      } else {
        answerStorage(request, response, stored, flaws);
      }
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    closers.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/presign`, seen, stored };
  };
}

function answerPresign(request: IncomingMessage, response: ServerResponse, body: string, flaws: Flaws): void {
  if (request.method === "OPTIONS") {
    answerPreflight(response, 204, flaws.allowOrigin);
    return;
  }
  const [status, value] = presignAnswer(request, body, flaws);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function presignAnswer({ method, headers }: IncomingMessage, body: string, flaws: Flaws): readonly [number, object] {
  if (method === "GET") return flaws.articleOnly ? [404, { message: "Not Found" }] : [200, capabilities(flaws)];
  const signedIn = headers.authorization === `Bearer ${goodToken}`;
  if (!flaws.open && !signedIn) return [401, { message: "Unauthorized" }];
  const asked = JSON.parse(body) as Asked;
  const refusal = refusalOf(asked, flaws);
  if (refusal !== undefined) return [refusal.status, { error: refusal.error, message: "No." }];
  return [200, signedAnswer(asked, headers.host ?? "", flaws)];
}

interface Asked {
  readonly v?: number;
  readonly mode?: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly size?: number;
  readonly expiresIn?: number;
}

function capabilities({ form }: Flaws): object {
  return {
    v: 1,
    service: "s3up-presign",
    modes: form === undefined ? ["put"] : ["put", "post"],
    maxSize: 1000,
    multipartThreshold: 1000,
    partSize: { min: 5242880, default: 16777216, max: 5368709120 },
    maxBatch: 10,
    expiresIn: { default: 300, max: 900 },
    contentTypes: ["image/*"],
    checksums: { put: ["SHA256"], multipart: ["CRC32"] },
    overwrite: "never",
    auth: "jwt",
    region: "eu-central-1",
  };
}

function refusalOf({ v, size, fileName, contentType }: Asked, flaws: Flaws) {
  if (v === undefined && !flaws.article && !flaws.articleOnly) return { status: 400, error: "size_required" };
  if (size !== undefined && size > 1000 && !flaws.anySize) return { status: 413, error: "file_too_large" };
  if (!flaws.articleOnly && !contentType.startsWith("image/"))
    return { status: 415, error: "content_type_not_allowed" };
  if (!flaws.rawNames && /\0|\$\{/.test(fileName)) return { status: 400, error: "invalid_file_name" };
  return undefined;
}

let count = 0;

function signedAnswer(asked: Asked, host: string, flaws: Flaws): object {
  count += 1;
  const { prefix = "uploads/", bucket = "drop" } = flaws;
  const key = flaws.rawNames ? `${prefix}${asked.fileName}` : `${prefix}${count}-${safeName(asked.fileName)}`;
  const origin = flaws.plainHttp ? "http://storage.example" : `http://${host}`;
  const path = key.split("/").map(encodeURIComponent).join("/");
  if (asked.mode === "post") return formAnswer(`${origin}/${bucket}`, key, bucket, flaws);

  const headers = headersFor(asked);
  const signed = ["content-length", "host", ...Object.keys(headers)].filter((name) => !flaws.unsigned?.includes(name));
  const sized = asked.size === undefined ? signed.filter((name) => name !== "content-length") : signed;
  const life = flaws.anyLife && asked.expiresIn !== undefined ? asked.expiresIn : (flaws.expiresIn ?? 300);
  const query = flaws.signatureV2
    ? { AWSAccessKeyId: "AKIAEXAMPLE", Signature: "made-up", Expires: String(Math.round(Date.now() / 1000) + life) }
    : {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": "AKIAEXAMPLE/20260101/eu-central-1/s3/aws4_request",
        "X-Amz-Date": "20260101T000000Z",
        "X-Amz-Expires": String(life),
        "X-Amz-SignedHeaders": sized.toSorted().join(";"),
        "X-Amz-Signature": "made-up",
        ...flaws.query,
      };
  return { uploadUrl: `${origin}/${bucket}/${path}?${new URLSearchParams(query)}`, key, headers };
}

function headersFor({ v, contentType }: Asked): Readonly<Record<string, string>> {
  if (v === undefined) return { "content-type": contentType };
  return { "content-type": contentType, "if-none-match": "*", "x-amz-checksum-sha256": "made-up" };
}

function formAnswer(uploadUrl: string, key: string, bucket: string, { form }: Flaws): object {
  const conditions = [
    { bucket },
    form === "open-key" ? ["starts-with", "$key", "uploads/"] : ["eq", "$key", key],
    ...(form === "no-range" ? [] : [["content-length-range", 0, 1000]]),
  ];
  const policy = { expiration: new Date(Date.now() + 300_000).toISOString(), conditions };
  const encoded = Buffer.from(JSON.stringify(policy)).toString("base64");
  return { uploadUrl, fields: { key, policy: encoded, "X-Amz-Signature": "made-up" } };
}

function answerStorage(request: IncomingMessage, response: ServerResponse, stored: string[], flaws: Flaws): void {
  const key = request.url?.replace(/\?.*/, "") ?? "";
  if (request.method === "OPTIONS") {
    answerPreflight(response, flaws.bucketAllowOrigin ? 200 : 403, flaws.bucketAllowOrigin);
  } else if (stored.includes(key) && !flaws.replayable) {
    response.writeHead(412).end();
  } else {
    stored.push(key);
    response.writeHead(200, { etag: '"made-up"' }).end();
  }
}

function answerPreflight(response: ServerResponse, status: number, origin: string | undefined): void {
  response.writeHead(status, origin === undefined ? {} : { "access-control-allow-origin": origin }).end();
}
