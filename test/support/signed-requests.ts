/**
 * Requests signed by hand, by a second and much simpler account of Signature Version 4 than the one under test: it takes
 * the canonical path and query as they are given.
 */
import { createHash, createHmac } from "node:crypto";
import type { ReceivedRequest } from "../../src/sandbox/received-request.ts";
import { anIncomingRequest } from "./received-request.ts";

/** The credentials, time and place of the examples in AWS's documentation. */
export const documented = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  scope: "20130524/us-east-1/s3/aws4_request",
  time: "20130524T000000Z",
  now: new Date("2013-05-24T00:00:00Z"),
} as const;

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** @param scope `20130524/us-east-1/s3/aws4_request` */
export function hmacWith(secret: string, scope: string, text: string): string {
  return hmac(derivedKey(secret, scope), text).toString("hex");
}

export function derivedKey(secret: string, scope: string): Buffer {
  return scope.split("/").reduce<Buffer>((step, part) => hmac(step, part), Buffer.from(`AWS4${secret}`));
}

export function stringToSign(
  canonical: string,
  scope: string = documented.scope,
  time: string = documented.time,
): string {
  return ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
}

export interface Signing {
  readonly accessKeyId?: string;
  readonly secret?: string;
  readonly scope?: string;
  readonly time?: string;
}

/** `signedInHeader("PUT /drop/a", { "x-amz-content-sha256": … }, body)`: host, date and every given header are signed. */
export function signedInHeader(
  line: string,
  given: Readonly<Record<string, string>>,
  body: string | Uint8Array | readonly Uint8Array[] = "",
  signing: Signing = {},
): ReceivedRequest {
  const { accessKeyId, secret, scope, time } = { ...defaults, ...signing };
  const headers: Record<string, string> = { host: "localhost", "x-amz-date": time, ...given };
  const names = Object.keys(headers)
    .map((name) => name.toLowerCase())
    .toSorted();
  const [method = "", url = ""] = line.split(" ");
  const [path = "", query = ""] = url.split("?");
  const canonical = [
    method,
    path,
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    headers["x-amz-content-sha256"],
  ].join("\n");
  const signature = hmacWith(secret, scope, stringToSign(canonical, scope, time));
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return anIncomingRequest(line, { ...headers, authorization }, body);
}

/** A presigned URL's path and query. @param extra further members, already encoded, that sort before `X-Amz-` or after it */
export function presigned(
  line: string,
  headers: Readonly<Record<string, string>> = {},
  members: Readonly<Record<string, string>> = {},
  signing: Signing = {},
): string {
  const { accessKeyId, secret, scope, time } = { ...defaults, ...signing };
  const [method = "", path = ""] = line.split(" ");
  const signed: Record<string, string> = { host: "localhost", ...headers };
  const names = Object.keys(signed).toSorted();
  const query = Object.entries({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": encodeURIComponent(`${accessKeyId}/${scope}`),
    "X-Amz-Date": time,
    "X-Amz-Expires": "900",
    "X-Amz-SignedHeaders": names.join("%3B"),
    ...members,
  })
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join("&");
  const canonical = [
    method,
    path,
    query,
    ...names.map((name) => `${name}:${signed[name]}`),
    "",
    names.join(";"),
    headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD",
  ].join("\n");
  return `${line}?${query}&X-Amz-Signature=${hmacWith(secret, scope, stringToSign(canonical, scope, time))}`;
}

const defaults: Required<Signing> = {
  accessKeyId: documented.accessKeyId,
  secret: documented.secretAccessKey,
  scope: documented.scope,
  time: documented.time,
};

function hmac(key: string | Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
