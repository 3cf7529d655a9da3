/**
 * Checks what an endpoint (or a manifest) answered, before a byte leaves. A signed request is a bearer credential made
 * by somebody else: it must send exactly what was asked for, over TLS, to the object that was named, and bind it.
 */
import { S3upError } from "../errors.ts";
import type { Checksum, MultipartAnswer, PutAnswer, SignedRequest } from "../protocol/messages.ts";
import { S3_LIMITS } from "../signing/part-layout.ts";
import { checksumHeader, checksumTypeOf } from "../signing/s3-requests.ts";
import { readSignedUrl, type SignedUrl } from "../signing/signed-url.ts";
import { isLoopback, keyDefect } from "../signing/url-defects.ts";
import type { ObjectToStore } from "./transport.ts";

/** Who answered, for the error: `The endpoint api.example.com`, `The manifest x.json`. */
export interface Answerer {
  readonly name: string;
}

/** What a signed request has to be; everything that is given is compared. */
export interface Expectation {
  readonly method: SignedRequest["method"];
  readonly key: string;
  /** Bytes of the body, which must be signed; undefined where the protocol leaves the length open. */
  readonly contentLength?: number | undefined;
  readonly contentType?: string | undefined;
  readonly checksum?: Checksum | undefined;
  /** Members that the query must have with these values. */
  readonly query?: Readonly<Record<string, string>>;
  /** Members that the query must not have. */
  readonly notInQuery?: readonly string[];
}

/** @throws S3upError ENDPOINT_UNTRUSTWORTHY */
export function checkPutAnswer(
  answer: PutAnswer,
  object: ObjectToStore,
  checksum: Checksum | undefined,
  from: Answerer,
): void {
  const { uploadUrl: url, headers, contentLength, expiresIn } = answer;
  const request = { method: answer.method, url, headers, expiresIn, ...withLength(contentLength) };
  refuse(from, [
    ...keyProblems(answer.key),
    ...requestProblems(request, {
      method: "PUT",
      key: answer.key,
      contentLength: object.size,
      contentType: object.contentType,
      checksum,
      notInQuery: ["uploadId", "partNumber"],
    }),
    ...listProblems(answer.signedHeaders, url),
    ...(answer.oneTime && headers["if-none-match"] !== "*" ? ["it says one-time, but signs no if-none-match"] : []),
  ]);
}

/** @throws S3upError ENDPOINT_UNTRUSTWORTHY */
export function checkMultipartAnswer(answer: MultipartAnswer, size: number, from: Answerer): void {
  const { partSize, partCount, lastPartSize, checksum } = answer;
  const count = Math.ceil(size / partSize);
  refuse(from, [
    ...keyProblems(answer.key),
    ...(answer.uploadId === "" ? ["the upload id is empty"] : []),
    ...(partSize > S3_LIMITS.maxPartSize
      ? [`the part size is ${partSize}; S3 takes ${S3_LIMITS.maxPartSize} at most`]
      : []),
    ...(partSize < S3_LIMITS.minPartSize && count > 1
      ? [`the part size is ${partSize}; S3 takes ${S3_LIMITS.minPartSize} at least`]
      : []),
    ...(count > S3_LIMITS.maxParts ? [`${size} bytes would need ${count} parts of ${partSize}`] : []),
    ...(partCount === count ? [] : [`it counts ${partCount} parts where ${size} bytes make ${count} of ${partSize}`]),
    ...(lastPartSize === size - (count - 1) * partSize ? [] : [`the last part would have ${lastPartSize} bytes`]),
    ...(checksum.type === checksumTypeOf(checksum.algorithm)
      ? []
      : [`${checksum.algorithm} cannot be ${checksum.type} over parts`]),
  ]);
}

/** @throws S3upError ENDPOINT_UNTRUSTWORTHY */
export function checkSignedRequest(request: SignedRequest, expected: Expectation, from: Answerer): void {
  refuse(from, requestProblems(request, expected));
}

/** True where nobody but this machine can listen; everything else needs TLS. */
export function mayTravel(url: string): boolean {
  const read = readPlainly(url);
  return read !== undefined && (read.protocol === "https" || isLoopback(read.host));
}

/**
 * Undefined also where two readers would find two hosts in it (`http://localhost@evil.test`): the checks look at one,
 * the request goes to the other.
 */
function readPlainly(text: string): SignedUrl | undefined {
  const read = readSignedUrl(text);
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (read === undefined || parsed === undefined || parsed.username !== "" || parsed.password !== "") return undefined;
  // The parser leaves a port out that is the scheme's own.
  const host = read.host.replace(read.protocol === "https" ? /:443$/ : /:80$/, "");
  return parsed.host === host && parsed.protocol === `${read.protocol}:` ? read : undefined;
}

function refuse({ name }: Answerer, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new S3upError("ENDPOINT_UNTRUSTWORTHY", `${name} gave an untrustworthy answer; nothing was sent.`, {
    why: `${capital(problems.join("; "))}.`,
    hint: "Check that this is the right address, and tell whoever runs it what is off.",
  });
}

function requestProblems(request: SignedRequest, expected: Expectation): readonly string[] {
  const url = readPlainly(request.url);
  if (url === undefined) return ["the URL is none"];
  return [
    ...addressProblems(url, expected),
    ...(request.method === expected.method ? [] : [`the method is ${request.method} instead of ${expected.method}`]),
    ...queryProblems(url, expected),
    ...headerProblems(request, url),
    ...lengthProblems(request, url, expected),
    ...valueProblems(request, expected),
  ];
}

function addressProblems(url: SignedUrl, { key }: Expectation): readonly string[] {
  const secure = url.protocol === "https" || isLoopback(url.host);
  const path = decoded(url.path);
  return [
    ...(secure ? [] : [`the URL of ${url.host} is plain HTTP`]),
    ...(path === `/${key}` || path.endsWith(`/${key}`) ? [] : [`the URL is not for the key ${key}`]),
    ...(hasDotSegments(path) ? ["the path of the URL has dot segments"] : []),
  ];
}

function queryProblems({ query, signature }: SignedUrl, expected: Expectation): readonly string[] {
  const names = [...query.keys()];
  const hoisted = names.filter((name) => /^x-amz-(checksum-|sdk-checksum-algorithm)/i.test(name));
  const problems = hoisted.map((name) => `${name.toLowerCase()} stands in the query, where it binds nothing`);
  if (signature.version !== 4) return [...problems, "the URL is not signed with Signature V4"];

  for (const [name, value] of Object.entries(expected.query ?? {})) {
    if (query.get(name) !== value) problems.push(`the URL is not for ${name} ${value}`);
  }
  for (const name of expected.notInQuery ?? []) {
    if (query.has(name)) problems.push(`the URL has ${name} in its query`);
  }
  return problems;
}

/** What is sent and what is signed must be the same headers: one more is refused by S3, one less binds nothing. */
function headerProblems({ headers }: SignedRequest, url: SignedUrl): readonly string[] {
  const signed = signedHeadersOf(url);
  const sent = Object.keys(headers);
  return [
    ...sent.filter((name) => name !== name.toLowerCase()).map((name) => `the header ${name} is not lower-case`),
    ...sent.filter((name) => ownedBySender.has(name)).map((name) => `it wants to set the header ${name}`),
    ...sent.filter((name) => !signed.includes(name)).map((name) => `the header ${name} is not signed`),
    ...sent.filter((name) => !isHeaderValue(headers[name] ?? "")).map((name) => `the header ${name} holds line breaks`),
    ...signed
      .filter((name) => !ownedBySender.has(name) && headers[name] === undefined)
      .map((name) => `${name} is signed but not among the headers to send`),
    ...(signed.includes("host") ? [] : ["host is not signed"]),
  ];
}

/** Made by the sender from the URL and the body. */
const ownedBySender = new Set(["host", "content-length", "transfer-encoding", "connection", "expect"]);

function lengthProblems(request: SignedRequest, url: SignedUrl, { contentLength }: Expectation): readonly string[] {
  if (contentLength === undefined) return [];
  const signed = signedHeadersOf(url).includes("content-length");
  return [
    ...(signed ? [] : ["content-length is not signed"]),
    ...(request.contentLength === contentLength
      ? []
      : [`the signed length is ${request.contentLength ?? "not told"} instead of ${contentLength}`]),
  ];
}

function valueProblems({ headers }: SignedRequest, { contentType, checksum }: Expectation): readonly string[] {
  const problems: string[] = [];
  if (contentType !== undefined && headers["content-type"] !== contentType) {
    problems.push(`the content type is ${headers["content-type"] ?? "not signed"} instead of ${contentType}`);
  }
  if (checksum !== undefined) {
    const value = headers[checksumHeader(checksum.algorithm)];
    if (value === undefined) problems.push(`${checksumHeader(checksum.algorithm)} is not signed`);
    else if (value !== checksum.value) problems.push(`${checksumHeader(checksum.algorithm)} is not the file's`);
    const algorithm = headers["x-amz-sdk-checksum-algorithm"];
    if (algorithm !== undefined && algorithm !== checksum.algorithm) {
      problems.push(`x-amz-sdk-checksum-algorithm is ${algorithm} instead of ${checksum.algorithm}`);
    }
  }
  return problems;
}

function listProblems(told: readonly string[], text: string): readonly string[] {
  const url = readSignedUrl(text);
  const inUrl = url === undefined ? [] : signedHeadersOf(url);
  const same = told.toSorted().join(";") === inUrl.toSorted().join(";");
  return same ? [] : [`it says that ${told.join(", ")} are signed, the URL says ${inUrl.join(", ")}`];
}

function keyProblems(key: string): readonly string[] {
  const defect = keyDefect(key);
  if (key === "") return ["the key is empty"];
  if (defect !== undefined) return [`the key cannot be used: ${defect.message}`];
  return key.split("/").includes("") ? ["the key has an empty segment"] : [];
}

function signedHeadersOf({ signature }: SignedUrl): readonly string[] {
  return signature.version === 4 ? signature.signedHeaders : [];
}

function hasDotSegments(path: string): boolean {
  return path.split("/").some((segment) => segment === "." || segment === "..");
}

/** Visible ASCII, spaces, tabs and Latin-1: what HTTP lets a field value hold. */
function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function withLength(contentLength: number | undefined): { readonly contentLength?: number } {
  return contentLength === undefined ? {} : { contentLength };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
