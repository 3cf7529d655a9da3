/** One PUT to a presigned URL that somebody else made. The URL says what it signs, so exactly that is sent. */
import { S3upError } from "../errors.ts";
import { type Checksum, type ChecksumAlgorithm, checksumAlgorithms } from "../protocol/messages.ts";
import { S3_LIMITS } from "../signing/part-layout.ts";
import { checksumHeader } from "../signing/s3-requests.ts";
import { expiryOf, readSignedUrl, type SignedUrl } from "../signing/signed-url.ts";
import { optionOfHeader } from "../signing/upload-headers.ts";
import { UPLOAD_DEFAULTS } from "../upload/plan.ts";
import type { Destination, ObjectToStore } from "../upload/transport.ts";

export interface UrlDestinationOptions {
  readonly url: string;
  /** Headers that the user gave, lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True when the user named the content type; one that was only guessed is sent only where it is signed. */
  readonly contentTypeGiven: boolean;
  readonly now: () => Date;
}

/** @throws S3upError USAGE for a URL that is not signed or not for one PUT of a whole object */
export function createUrlDestination(options: UrlDestinationOptions): Destination {
  const url = readUrl(options.url);
  const label = `s3://${url.bucket ?? url.host}/${url.key}`;

  return {
    label,
    signedBy: "url",

    expiry: () => {
      const end = expiryOf(url.signature);
      return end && { of: "url", at: end.getTime() };
    },

    limits: async () => ({
      maxSize: S3_LIMITS.maxSinglePut,
      multipartThreshold: Number.MAX_SAFE_INTEGER,
      partSize: { min: S3_LIMITS.minPartSize, default: UPLOAD_DEFAULTS.partSize, max: S3_LIMITS.maxPartSize },
      multipart: false,
      putChecksums: signedChecksums(url),
    }),

    async signPut(object, checksum) {
      const expiresIn = secondsLeft(url, options.now(), label);
      return {
        request: {
          method: "PUT",
          url: options.url,
          headers: headersFor(url, object, checksum, options),
          contentLength: object.size,
          expiresIn,
        },
        bucket: url.bucket,
        key: url.key,
        freshKey: false,
      };
    },

    createMultipart: async () => {
      throw new S3upError("USAGE", "A presigned URL takes one PUT, not an upload in parts.", {
        hint: "Use credentials, an endpoint or a multipart manifest.",
      });
    },
  };
}

function readUrl(text: string): SignedUrl {
  const url = readSignedUrl(text);
  if (url === undefined) {
    throw new S3upError("USAGE", "The presigned URL is no web address.", { hint: "Copy the whole URL, in quotes." });
  }
  if (url.signature.version === undefined) {
    throw new S3upError("USAGE", `The URL for ${url.host} carries no signature.`, {
      why: "A shell cuts a URL at & unless it stands in quotes.",
      hint: "Copy the whole URL, in single quotes.",
    });
  }
  if (url.query.has("partNumber") || url.query.has("uploadId")) {
    throw new S3upError("USAGE", "The presigned URL is for one part of a multipart upload.", {
      hint: "Use --manifest with the manifest that holds all parts.",
    });
  }
  if (url.key === "") {
    throw new S3upError("USAGE", `The URL for ${url.host} names no object.`, {
      hint: "Presign a PUT of one object, for instance with `s3up presign s3://bucket/key`.",
    });
  }
  return url;
}

/** S3 compares the exact value that was signed; the algorithm tells how to compute it again from the same file. */
function signedChecksums(url: SignedUrl): readonly ChecksumAlgorithm[] {
  const signed = signedHeadersOf(url);
  return checksumAlgorithms.filter((algorithm) => signed.includes(checksumHeader(algorithm)));
}

function headersFor(
  url: SignedUrl,
  { contentType }: ObjectToStore,
  checksum: Checksum | undefined,
  { headers = {}, contentTypeGiven }: UrlDestinationOptions,
): Readonly<Record<string, string>> {
  const signed = signedHeadersOf(url);
  const known: Readonly<Record<string, string>> = {
    ...headers,
    "content-type": contentType,
    // The only value that S3 takes.
    ...(signed.includes("if-none-match") ? { "if-none-match": "*" } : {}),
    ...(checksum === undefined ? {} : checksumHeaders(checksum)),
  };
  refuseUnsigned(headers, signed, url);
  refuseUnknown(known, signed, url);
  return Object.fromEntries(
    Object.entries(known).filter(([name]) => signed.includes(name) || (name === "content-type" && contentTypeGiven)),
  );
}

function checksumHeaders({ algorithm, value }: Checksum): Readonly<Record<string, string>> {
  return { [checksumHeader(algorithm)]: value, "x-amz-sdk-checksum-algorithm": algorithm };
}

/** S3 refuses an `x-amz-*` header that is not signed. A URL of Signature V2 does not say what it signs. */
function refuseUnsigned(given: Readonly<Record<string, string>>, signed: readonly string[], url: SignedUrl): void {
  if (url.signature.version !== 4) return;
  const extra = Object.keys(given).find((name) => !signed.includes(name) && name.startsWith("x-amz-"));
  if (extra === undefined) return;
  throw new S3upError("USAGE", `The presigned URL does not sign ${extra}.`, {
    why: "S3 refuses such a header unless it is signed.",
    hint: `Leave ${optionFor(extra)} out, or have the URL signed with it.`,
  });
}

function refuseUnknown(known: Readonly<Record<string, string>>, signed: readonly string[], url: SignedUrl): void {
  const missing = signed.find((name) => !sentAnyway.has(name) && known[name] === undefined);
  if (missing === undefined) return;
  throw new S3upError("USAGE", `The presigned URL for ${url.key} signs ${missing}, whose value it does not tell.`, {
    why: "S3 accepts only the exact value that was signed.",
    hint: `Give it as it was signed, with ${optionFor(missing)}, or have the URL signed without it.`,
  });
}

const sentAnyway = new Set(["host", "content-length"]);

function optionFor(header: string): string {
  return optionOfHeader(header) ?? `the header ${header}`;
}

function secondsLeft(url: SignedUrl, now: Date, label: string): number {
  const expiry = expiryOf(url.signature);
  if (expiry === undefined) return 24 * 60 * 60;
  const left = Math.floor((expiry.getTime() - now.getTime()) / 1000);
  if (left >= 1) return left;
  throw new S3upError("URL_EXPIRED", `The presigned URL for ${label} has expired.`, {
    why: `It was good until ${expiry.toISOString()}.`,
    hint: "Ask for a new URL.",
  });
}

function signedHeadersOf({ signature }: SignedUrl): readonly string[] {
  return signature.version === 4 ? signature.signedHeaders : [];
}
