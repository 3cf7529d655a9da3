/** What is wrong with a presigned URL, as far as it can be seen without asking S3. */
import { expiryOf, queryMember, type SignedUrl } from "./signed-url.ts";

/** S3 and SDKs know these ids nowhere else; they are ours, and stay. */
export type DefectId =
  | "not-signed"
  | "signature-v2"
  | "incomplete-signature"
  | "expired"
  | "not-yet-valid"
  | "expiry-over-limit"
  | "long-life"
  | "empty-body-checksum"
  | "hoisted-checksum"
  | "unsigned-content-type"
  | "unsigned-content-length"
  | "filename-variable"
  | "dot-segments"
  | "dotted-bucket-host"
  | "global-endpoint"
  | "plain-http"
  | "starts-with-key"
  | "no-key-condition"
  | "no-length-range";

export interface Defect {
  readonly id: DefectId;
  readonly message: string;
  readonly fix: string;
}

export type Method = "GET" | "HEAD" | "PUT" | "POST" | "DELETE";

const maximumLifeSeconds = 7 * 86_400;
const adviceLifeSeconds = 15 * 60;

interface Subject {
  readonly url: SignedUrl;
  /** Undefined when nothing tells it. */
  readonly method: Method | undefined;
  readonly now: Date;
}

/** Each answers with its defect or with nothing; the order is the order of the report. */
const checks: readonly ((subject: Subject) => Defect | undefined)[] = [
  ({ url }) =>
    url.signature.version === undefined
      ? defect("not-signed", "The URL carries no signature.", "Presign it, for instance with `s3up presign`.")
      : undefined,

  ({ url }) =>
    url.signature.version === 2
      ? defect(
          "signature-v2",
          "The URL is signed with Signature V2: no header but a few is bound, and most regions and servers refuse it.",
          "Sign with Signature V4 (`s3up presign`; with the AWS CLI name the region).",
        )
      : undefined,

  incompleteSignature,
  expired,

  ({ url, now }) =>
    url.signature.version === 4 &&
    url.signature.signedAt !== undefined &&
    url.signature.signedAt.getTime() > now.getTime() + 900_000
      ? defect(
          "not-yet-valid",
          "The URL is dated more than 15 minutes in the future.",
          "Set the clock of the machine that signs.",
        )
      : undefined,

  longLife,

  ({ url }) =>
    [...url.query].some(([name, value]) => name.toLowerCase() === "x-amz-checksum-crc32" && value === "AAAAAA==")
      ? defect(
          "empty-body-checksum",
          "The query holds the CRC32 of an empty body: some servers refuse every upload with it.",
          'Sign with requestChecksumCalculation: "WHEN_REQUIRED".',
        )
      : undefined,

  ({ url }) => {
    const name = [...url.query.keys()].find(
      (candidate) =>
        /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/i.test(candidate) &&
        url.query.get(candidate) !== "AAAAAA==",
    );
    return name === undefined
      ? undefined
      : defect(
          "hoisted-checksum",
          `${name.toLowerCase()} stands in the query, where S3 does not compare it with the body.`,
          "Sign it as a header (unhoistableHeaders) and send it as one.",
        );
  },

  ({ url, method }) =>
    mayStoreObject(url, method) && !isPart(url) && !isSigned(url, "content-type")
      ? defect(
          "unsigned-content-type",
          `${ifUpload(method)}content-type is not signed: the sender may store any type, text/html among them.`,
          "Sign content-type as a header.",
        )
      : undefined,

  ({ url, method }) =>
    mayStoreObject(url, method) && !isSigned(url, "content-length")
      ? defect(
          "unsigned-content-length",
          `${ifUpload(method)}content-length is not signed: the sender may store any size up to 5 GiB.`,
          "Sign content-length as a header, or use a form with a content-length-range.",
        )
      : undefined,

  ({ url }) => keyDefect(url.key),

  ({ url }) => dottedHost(url),
  ({ url }) => globalEndpoint(url),

  ({ url }) =>
    url.protocol === "http" && !isLoopback(url.host)
      ? defect("plain-http", "The URL goes over plain HTTP: whoever sees it can use it until it expires.", "Use https.")
      : undefined,
];

/** Those of the address alone, which a form shares. */
export function addressDefects(url: Pick<SignedUrl, "addressing" | "bucket" | "host" | "protocol">): readonly Defect[] {
  return [dottedHost(url), globalEndpoint(url)].filter((found) => found !== undefined);
}

function dottedHost({
  addressing,
  bucket,
  protocol,
}: Pick<SignedUrl, "addressing" | "bucket" | "protocol">): Defect | undefined {
  if (addressing !== "virtual-host" || !bucket?.includes(".") || protocol !== "https") return undefined;
  return defect(
    "dotted-bucket-host",
    `The bucket name ${bucket} holds a dot, so S3's certificate does not match the host.`,
    "Sign with path style (--path-style).",
  );
}

function globalEndpoint({ host }: Pick<SignedUrl, "host">): Defect | undefined {
  if (!/(^|\.)s3\.amazonaws\.com$/.test(host)) return undefined;
  return defect(
    "global-endpoint",
    "The address is S3's global endpoint: a bucket outside us-east-1 answers with a redirect that a signed request cannot follow.",
    "Sign for the endpoint of the bucket's region.",
  );
}

export function urlDefects(url: SignedUrl, method: Method | undefined, now: Date): readonly Defect[] {
  return checks.map((check) => check({ url, method, now })).filter((found) => found !== undefined);
}

/** A key that clients or S3 would read as another one. */
export function keyDefect(key: string): Defect | undefined {
  if (key.includes(["$", "{filename}"].join(""))) {
    return defect(
      "filename-variable",
      "The key holds the variable $" + "{filename}: in a form the sender would choose that part of the key.",
      "Give the object an exact key.",
    );
  }
  if (key.split("/").some((segment) => segment === "." || segment === "..")) {
    return defect(
      "dot-segments",
      "The key holds a dot segment: HTTP clients resolve it, and the signature no longer fits.",
      'Use a key without "." and ".." between slashes.',
    );
  }
  return undefined;
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host) || /\.localhost(:\d+)?$/.test(host);
}

function incompleteSignature({ url }: Subject): Defect | undefined {
  if (url.signature.version !== 4) return undefined;
  const missing = ["algorithm", "credential", "date", "expires", "signedheaders", "signature"].filter(
    (name) => !queryMember(url.query, `x-amz-${name}`),
  );
  if (missing.length > 0) {
    return defect(
      "incomplete-signature",
      `The query lacks ${missing.map((name) => `x-amz-${name}`).join(", ")}.`,
      "Copy the whole URL; a shell cuts it at & unless it stands in quotes.",
    );
  }
  if (url.signature.signedAt === undefined || url.signature.expiresInSeconds === undefined) {
    return defect(
      "incomplete-signature",
      "The date or the life of the URL cannot be read.",
      "Copy the whole URL unchanged.",
    );
  }
  if (!url.signature.signedHeaders.includes("host")) {
    return defect("incomplete-signature", "host is not among the signed headers; S3 insists on it.", "Sign it again.");
  }
  return undefined;
}

function expired({ url, now }: Subject): Defect | undefined {
  const expiry = expiryOf(url.signature);
  if (expiry === undefined || expiry.getTime() > now.getTime()) return undefined;
  return defect("expired", "The URL has expired.", "Sign it again; a URL cannot be renewed.");
}

function longLife({ url, now }: Subject): Defect | undefined {
  const life = lifeOf(url, now);
  if (life === undefined || life <= adviceLifeSeconds) return undefined;
  if (life > maximumLifeSeconds) {
    return defect(
      "expiry-over-limit",
      "The URL asks for more than 7 days; S3 refuses it.",
      "Sign with seven days at most.",
    );
  }
  return defect(
    "long-life",
    "The URL lives longer than 15 minutes, and so does every copy of it in a log or a chat.",
    "Sign just before use, with a few minutes (--expires-in 5m).",
  );
}

/** A V2 URL says only when it ends, so what is left of it stands for its life. */
function lifeOf(url: SignedUrl, now: Date): number | undefined {
  const { signature } = url;
  if (signature.version === 4) return signature.expiresInSeconds;
  if (signature.version === undefined || signature.expiresAt === undefined) return undefined;
  return (signature.expiresAt.getTime() - now.getTime()) / 1000;
}

/** True for an upload, and for a URL that may be one because nothing tells its method. */
function mayStoreObject(url: SignedUrl, method: Method | undefined): boolean {
  if (url.signature.version !== 4) return false;
  return method === "PUT" || (method === undefined && !url.query.has("uploadId"));
}

function ifUpload(method: Method | undefined): string {
  return method === undefined ? "If this is an upload: " : "";
}

function isPart(url: SignedUrl): boolean {
  return url.query.has("partNumber") && url.query.has("uploadId");
}

function isSigned(url: SignedUrl, header: string): boolean {
  return url.signature.version === 4 && url.signature.signedHeaders.includes(header);
}

function defect(id: DefectId, message: string, fix: string): Defect {
  return { id, message, fix };
}
