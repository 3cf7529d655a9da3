/**
 * S3's errors in s3up's own words, translated here and nowhere else. `aws/sdk-errors.ts` feeds it what the SDK threw;
 * whoever sends signed requests without the SDK feeds it the answers (`s3-answers.ts` reads their XML).
 */
import { S3upError } from "../errors.ts";
import { type ForeignSignature, foreignMeaning } from "./foreign-signature.ts";
import {
  deniedByExpiry,
  elsewhere,
  failed,
  type Meaning,
  meaningOfCode,
  noChecksums,
  noObject,
  otherVersion,
  slowDown,
  uploadGone,
} from "./s3-error-meanings.ts";

/** What is known of a failed request. None of it holds a URL or a credential. */
export interface S3Failure {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** S3's own code such as `NoSuchBucket`; undefined for an answer without a readable body, as to a HEAD. */
  readonly code?: string | undefined;
  /** S3's own sentence. */
  readonly message?: string | undefined;
  /** Operation in the SDK's spelling, such as `UploadPart`. */
  readonly operation: string;
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  /** Region that S3 named as the right one; read from the message when it stands there. */
  readonly region?: string | undefined;
  /** True where the request was for one version only. */
  readonly ifMatch?: boolean | undefined;
  /** The clocks of S3 and of the request, in S3's writing, where it complains about their difference. */
  readonly serverTime?: string | undefined;
  readonly requestTime?: string | undefined;
  /** Where the user does not hold the key that signed the request. */
  readonly signature?: ForeignSignature | undefined;
  readonly cause?: unknown;
}

export function s3ErrorFrom(answer: S3Failure): S3upError {
  const failure = { ...answer, region: answer.region ?? regionIn(answer.message) };
  const usual = meaningFor(failure);
  const { error, message, why, hint } =
    failure.signature === undefined ? usual : foreignMeaning(failure.code, failure.signature, usual);
  return new S3upError(error, message(failure), {
    why: typeof why === "string" ? why : why(failure),
    hint: typeof hint === "string" ? hint : hint(failure),
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
  });
}

/** Most codes mean one thing; these depend on the operation, the message or the status beside them. */
function meaningFor(failure: S3Failure): Meaning {
  const { code, status, operation, message } = failure;
  if (failure.ifMatch && (code === "PreconditionFailed" || status === 412)) return otherVersion;
  if (code === "AccessDenied" && /expired/i.test(message ?? "")) return deniedByExpiry;
  if (status >= 400 && checksumHeaderNames.test(message ?? "")) return noChecksums;
  // Without a region in it, S3 complains about something else in the signature.
  if (code?.startsWith("Authorization")) return failure.region === undefined ? failed : elsewhere;
  // Ceph RGW answers so to a list of the parts of an upload that is gone.
  if (code === "NoSuchKey") return uploadOperations.has(operation) ? uploadGone : noObject;
  return meaningOfCode(code ?? codeOfStatus(status)) ?? meaningOfStatus(status);
}

/** A complaint about the header, not about a value that does not match. */
const checksumHeaderNames =
  /(unsupported|unknown|unexpected|not (supported|implemented|allowed)).*x-amz-(sdk-)?checksum|x-amz-(sdk-)?checksum.*(unsupported|unknown|unexpected|not (supported|implemented|allowed))/i;

const uploadOperations = new Set(["UploadPart", "ListParts", "CompleteMultipartUpload", "AbortMultipartUpload"]);

/** The answer to a HEAD has no body, so S3's code is lost; these statuses have one likely meaning. */
function codeOfStatus(status: number): string {
  return { 403: "AccessDenied", 404: "NoSuchKey", 412: "PreconditionFailed" }[status] ?? "";
}

function meaningOfStatus(status: number): Meaning {
  if (status === 301 || status === 307) return elsewhere;
  if (status === 404) return noObject;
  if (status === 429 || status === 503) return slowDown;
  return failed;
}

function regionIn(message: string | undefined): string | undefined {
  return /expecting '([a-z0-9-]+)'/.exec(message ?? "")?.[1];
}
