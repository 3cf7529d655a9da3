/** The server that is being asked, with the two ways to ask it: the AWS SDK, and requests signed by hand. */
import { createHash, randomUUID } from "node:crypto";
import { CreateBucketCommand, S3Client, type S3ServiceException } from "@aws-sdk/client-s3";
import {
  encodePath,
  encodeQuery,
  type Identity,
  type Scope,
  sha256Hex,
  signWithHeaders,
  signWithQuery,
} from "./sigv4.ts";
import { type Answer, exchange, lineOf } from "./wire.ts";

export interface Account extends Identity {
  readonly endpoint: string;
  readonly region: string;
  /** The twelve digits of the AWS account that the server imitates. */
  readonly accountId: string;
}

export interface RawRequest {
  readonly method: string;
  /** `/bucket/key`, not encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** What a probe may change about a signature. */
export interface SigningChanges {
  readonly who?: Identity;
  readonly at?: Date;
  readonly region?: string;
  readonly service?: string;
  /** The value of `x-amz-content-sha256`. */
  readonly payloadHash?: string;
}

export interface PresignChanges extends SigningChanges {
  readonly expiresInSeconds?: number;
}

/** A presigned request: a good one is sent as it stands, a probe changes one member first. */
export interface Presigned {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ServerUnderTest {
  readonly account: Account;
  readonly s3: S3Client;
  newBucket(): Promise<string>;
  scope(changes?: SigningChanges): Scope;
  /** Signed with the `Authorization` header. */
  send(request: RawRequest, changes?: SigningChanges): Promise<Answer>;
  presign(request: Omit<RawRequest, "body">, changes?: PresignChanges): Presigned;
  sendPresigned(request: Presigned, body?: Buffer | string): Promise<Answer>;
  /** No signature at all. */
  sendUnsigned(request: RawRequest): Promise<Answer>;
  /** Already signed, or broken on purpose: target and headers go out as they are. */
  sendExactly(
    method: string,
    target: string,
    headers: Readonly<Record<string, string>>,
    body?: Buffer,
  ): Promise<Answer>;
}

export function connect(account: Account): ServerUnderTest {
  const { host } = new URL(account.endpoint);
  const credentials = { accessKeyId: account.accessKeyId, secretAccessKey: account.secretAccessKey };
  const s3 = new S3Client({
    endpoint: account.endpoint,
    region: account.region,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    // The client would print what the probes are about to judge.
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  });

  const scope = (changes: SigningChanges = {}): Scope => ({
    at: changes.at ?? new Date(),
    region: changes.region ?? account.region,
    service: changes.service ?? "s3",
  });

  const sendExactly: ServerUnderTest["sendExactly"] = (method, target, headers, body) =>
    exchange(account.endpoint, { method, target, headers: { ...bodyLength(headers, body), ...headers }, body });

  const send: ServerUnderTest["send"] = (request, changes = {}) => {
    const body = Buffer.from(request.body ?? "");
    const signable = {
      method: request.method,
      path: encodePath(request.path),
      query: request.query ?? {},
      headers: { host, ...request.headers },
    };
    const payloadHash = changes.payloadHash ?? sha256Hex(body);
    const { headers } = signWithHeaders(signable, payloadHash, changes.who ?? account, scope(changes));
    return sendExactly(request.method, targetOf(signable), headers, body);
  };

  const presign: ServerUnderTest["presign"] = (request, changes = {}) => {
    const headers = { host, ...request.headers };
    const signable = { method: request.method, path: encodePath(request.path), query: request.query ?? {}, headers };
    const who = changes.who ?? account;
    return { ...signable, query: signWithQuery(signable, changes.expiresInSeconds ?? 300, who, scope(changes)) };
  };

  return {
    account,
    s3,
    scope,
    send,
    presign,
    sendExactly,
    async newBucket() {
      const bucket = `probe-${randomUUID()}`;
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      return bucket;
    },
    sendPresigned: (request, body) =>
      sendExactly(
        request.method,
        targetOf(request),
        request.headers,
        body === undefined ? undefined : Buffer.from(body),
      ),
    sendUnsigned: ({ method, path, query = {}, headers = {}, body }) =>
      sendExactly(
        method,
        targetOf({ path: encodePath(path), query }),
        { host, ...headers },
        body === undefined ? undefined : Buffer.from(body),
      ),
  };
}

function targetOf({ path, query }: Pick<Presigned, "path" | "query">): string {
  const text = encodeQuery(query);
  return text === "" ? path : `${path}?${text}`;
}

/** Node would frame a body without a length in chunks, and S3 wants the length. */
function bodyLength(headers: Readonly<Record<string, string>>, body: Buffer | undefined): Record<string, string> {
  const framed = Object.keys(headers).some((name) => /^(content-length|transfer-encoding)$/i.test(name));
  return body === undefined || framed ? {} : { "content-length": String(body.length) };
}

/** The header that S3 wants beside a document that changes settings or deletes objects. */
export function contentMd5(body: string): Readonly<Record<string, string>> {
  return { "content-md5": createHash("md5").update(body).digest("base64") };
}

/** The outcome of an SDK call in the words of a probe: what `describe` makes of the result, or status and code. */
export async function sdkLine<T>(call: Promise<T>, describe: (result: T) => string = () => "200"): Promise<string> {
  try {
    return describe(await call);
  } catch (error) {
    const { name, $metadata } = error as S3ServiceException;
    if ($metadata?.httpStatusCode === undefined) throw error;
    return `${$metadata.httpStatusCode} ${name}`;
  }
}

/** Runs the steps one after the other and joins what they answered. */
export async function inTurn(...steps: readonly (() => Promise<Answer | string>)[]): Promise<string> {
  const lines: string[] = [];
  for (const step of steps) {
    const outcome = await step();
    lines.push(typeof outcome === "string" ? outcome : lineOf(outcome));
  }
  return lines.join(", ");
}
