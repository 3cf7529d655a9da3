/**
 * Signature Version 4, written from AWS's description of it and for the probes alone. It shares no line with what signs
 * in `src/` nor with what verifies in the sandbox, so that a mistake in one of the three shows. Every step can be
 * given another value than the right one: most probes are a good request with one thing changed.
 */
import { createHash, createHmac } from "node:crypto";

export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Scope {
  readonly at: Date;
  readonly region: string;
  readonly service: string;
}

export interface SignableRequest {
  readonly method: string;
  /** As it stands in the request line: already percent-encoded. */
  readonly path: string;
  /** Not encoded. */
  readonly query: Readonly<Record<string, string>>;
  /** Includes `host`. */
  readonly headers: Readonly<Record<string, string>>;
}

export const unsignedPayload = "UNSIGNED-PAYLOAD";
export const sha256Hex = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** RFC 3986: everything but the unreserved characters, also those that `encodeURIComponent` leaves alone. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `/bucket/key` as S3 wants it: slashes stay, and nothing is normalised. */
export function encodePath(path: string): string {
  return path.split("/").map(percentEncode).join("/");
}

export function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** `20250131T235959Z` */
export const amzDate = (at: Date): string => at.toISOString().replace(/[-:]|\.\d{3}/g, "");

export const scopeText = ({ at, region, service }: Scope): string =>
  `${amzDate(at).slice(0, 8)}/${region}/${service}/aws4_request`;

export function signingKey(who: Identity, { at, region, service }: Scope): Buffer {
  const day = amzDate(at).slice(0, 8);
  return [day, region, service, "aws4_request"].reduce<Buffer | string>(hmac, `AWS4${who.secretAccessKey}`) as Buffer;
}

/** The signature of any text, as POST policies and chunks need it too. */
export const signText = (text: string, who: Identity, scope: Scope): string =>
  hmac(signingKey(who, scope), text).toString("hex");

function canonicalRequest(request: SignableRequest, signedHeaders: readonly string[], payloadHash: string): string {
  const headers = new Map(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const lines = signedHeaders.map((name) => `${name}:${(headers.get(name) ?? "").trim().replace(/ +/g, " ")}\n`);
  return [
    request.method,
    request.path,
    encodeQuery(request.query),
    lines.join(""),
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
}

function signature(
  request: SignableRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
  who: Identity,
  scope: Scope,
): string {
  const canonical = sha256Hex(canonicalRequest(request, signedHeaders, payloadHash));
  return signText(["AWS4-HMAC-SHA256", amzDate(scope.at), scopeText(scope), canonical].join("\n"), who, scope);
}

const lowerSorted = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase()).sort();

export interface HeaderSignature {
  readonly headers: Readonly<Record<string, string>>;
  /** The seed of the first chunk's signature. */
  readonly signature: string;
}

/** Adds `x-amz-date`, `x-amz-content-sha256` and `authorization`; signs every header there is. */
export function signWithHeaders(
  request: SignableRequest,
  payloadHash: string,
  who: Identity,
  scope: Scope,
): HeaderSignature {
  const dated = { ...request.headers, "x-amz-date": amzDate(scope.at), "x-amz-content-sha256": payloadHash };
  const signedHeaders = lowerSorted(Object.keys(dated));
  const signed = signature({ ...request, headers: dated }, signedHeaders, payloadHash, who, scope);
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${who.accessKeyId}/${scopeText(scope)}, ` +
    `SignedHeaders=${signedHeaders.join(";")}, Signature=${signed}`;
  return { headers: { ...dated, authorization }, signature: signed };
}

/** The query of a presigned URL. Signs every header that the request has. */
export function signWithQuery(
  request: SignableRequest,
  expiresInSeconds: number,
  who: Identity,
  scope: Scope,
): Readonly<Record<string, string>> {
  const signedHeaders = lowerSorted(Object.keys(request.headers));
  const query = {
    ...request.query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${who.accessKeyId}/${scopeText(scope)}`,
    "X-Amz-Date": amzDate(scope.at),
    "X-Amz-Expires": String(expiresInSeconds),
    "X-Amz-SignedHeaders": signedHeaders.join(";"),
  };
  const signed = signature({ ...request, query }, signedHeaders, unsignedPayload, who, scope);
  return { ...query, "X-Amz-Signature": signed };
}
