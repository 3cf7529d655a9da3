/** What each S3 error code means to a user of s3up, and what to do about it. One row per meaning, one line per code. */
import type { ErrorCode } from "../errors.ts";
import { iamActionOf } from "./iam-actions.ts";
import type { S3Failure } from "./s3-errors.ts";

type Text = string | ((failure: S3Failure) => string);

export interface Meaning {
  readonly error: ErrorCode;
  readonly message: (failure: S3Failure) => string;
  readonly why: Text;
  readonly hint: Text;
}

const objectOf = ({ bucket, key }: S3Failure): string =>
  bucket === undefined ? (key ?? "the object") : key === undefined ? `s3://${bucket}` : `s3://${bucket}/${key}`;
const bucketOf = ({ bucket }: S3Failure): string => bucket ?? "the bucket";
const refused = (failure: S3Failure): string => `S3 refused ${failure.operation} on ${objectOf(failure)}.`;
const said = ({ code, message, status }: S3Failure): string =>
  `S3 answered ${[status || undefined, code].filter(Boolean).join(" ")}${message ? `: ${withoutUrl(message)}` : "."}`;

/** AWS names the missing action in most refusals, also where it belongs to another service (`kms:GenerateDataKey`). */
const actionIn = (message: string | undefined): string | undefined =>
  /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(message ?? "")?.[1];
const withoutUrl = (message: string): string => message.replace(/https?:\/\/\S+/g, "(address left out)");

const noBucket: Meaning = {
  error: "BUCKET_NOT_FOUND",
  message: (failure) => `The bucket ${bucketOf(failure)} does not exist.`,
  why: said,
  hint: "Check its name; with an S3 server of your own, check --endpoint-url as well.",
};

const denied: Meaning = {
  error: "ACCESS_DENIED",
  message: (failure) => `S3 does not allow ${failure.operation} on ${objectOf(failure)}.`,
  why: said,
  hint: (failure) =>
    `Allow ${actionIn(failure.message) ?? iamActionOf(failure.operation)} on ${objectOf(failure)} and look for a bucket policy that denies it.`,
};

const wrongSecret: Meaning = {
  error: "CREDENTIALS_INVALID",
  message: refused,
  why: "The signature does not match: the secret key is wrong, or something changed the request on its way.",
  hint: "Check the secret access key; a proxy between here and S3 must not change headers.",
};

const unknownKey: Meaning = {
  error: "CREDENTIALS_INVALID",
  message: refused,
  why: "S3 does not know this access key id.",
  hint: "Check which credentials are in use (--profile, AWS_PROFILE, AWS_ACCESS_KEY_ID); the key may have been deleted.",
};

const expiredCredentials: Meaning = {
  error: "CREDENTIALS_EXPIRED",
  message: refused,
  why: "The session behind the credentials has expired.",
  hint: "Get new credentials, for instance with `aws sso login`, and run the same command again.",
};

export const elsewhere: Meaning = {
  error: "BUCKET_ELSEWHERE",
  message: (failure) => `The bucket ${bucketOf(failure)} is in ${failure.region ?? "another region"}.`,
  why: said,
  hint: ({ region }) => (region === undefined ? "Name its region with --region." : `Use --region ${region}.`),
};

const skewed: Meaning = {
  error: "CLOCK_SKEWED",
  message: refused,
  why: (failure) => `The clock of this machine ${differenceOf(failure)}; S3 allows 15 minutes.`,
  hint: "Set the clock, for instance by turning on time synchronisation.",
};

function differenceOf({ serverTime, requestTime }: S3Failure): string {
  const minutes = Math.round((timeIn(requestTime) - timeIn(serverTime)) / 60_000);
  if (Number.isNaN(minutes)) return "differs from S3's";
  return `is ${Math.abs(minutes)} minutes ${minutes < 0 ? "behind" : "ahead of"} S3's`;
}

/** `2026-11-28T03:00:00Z`, or `20261128T030000Z` as it stood in the request. */
function timeIn(text = ""): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

export const noObject: Meaning = {
  error: "S3_ERROR",
  message: (failure) => `${objectOf(failure)} does not exist.`,
  why: said,
  hint: "Check the key; S3 keys are case-sensitive.",
};

export const uploadGone: Meaning = {
  error: "UPLOAD_NOT_FOUND",
  message: (failure) => `The multipart upload of ${objectOf(failure)} does not exist any more.`,
  why: "It was completed, or aborted by someone or by a lifecycle rule.",
  hint: "Run the same command again; it begins a new upload.",
};

const exists: Meaning = {
  error: "OBJECT_EXISTS",
  message: (failure) => `${objectOf(failure)} already exists.`,
  why: "The request said that nothing may be overwritten.",
  hint: "Choose another key, or allow overwriting.",
};

export const otherVersion: Meaning = {
  error: "PRECONDITION_FAILED",
  message: (failure) => `${objectOf(failure)} is not the version that may be replaced.`,
  why: "Its ETag is another than that of --if-match, or there is no such object.",
  hint: "Look at the object, and name the ETag that it has now.",
};

const conflict: Meaning = {
  error: "PRECONDITION_FAILED",
  message: (failure) => `${objectOf(failure)} changed while it was being written.`,
  why: "Another conditional write to the same key came first.",
  hint: "Run the same command again.",
};

export const slowDown: Meaning = {
  error: "THROTTLED",
  message: (failure) => `S3 asks for fewer requests (${failure.operation} on ${objectOf(failure)}).`,
  why: said,
  hint: "Try again later, or with a lower --concurrency.",
};

const checksum: Meaning = {
  error: "CHECKSUM_MISMATCH",
  message: (failure) => `The bytes that S3 received for ${objectOf(failure)} are not those that were sent.`,
  why: said,
  hint: "Run the same command again; if it happens twice, suspect the memory or the network path of this machine.",
};

const tooLarge: Meaning = {
  error: "TOO_LARGE",
  message: (failure) => `${objectOf(failure)} is larger than S3 accepts in this request.`,
  why: said,
  hint: "One PUT takes 5 GiB at most; a multipart upload takes more.",
};

export const deniedByExpiry: Meaning = {
  error: "URL_EXPIRED",
  message: (failure) => `The presigned URL for ${objectOf(failure)} has expired.`,
  why: "S3 compares the URL's life with its own clock.",
  hint: "Ask for a new URL.",
};

const incomplete: Meaning = {
  error: "S3_ERROR",
  message: (failure) => `S3 could not put the parts of ${objectOf(failure)} together.`,
  why: said,
  hint: "Run the same command again; it sends every part anew.",
};

/** Of a server that is not known to be one without them. */
export const noChecksums: Meaning = {
  error: "S3_ERROR",
  message: refused,
  why: said,
  hint: "This server seems to know no checksums of S3: use --checksum md5 or none, or name its kind, such as --store b2.",
};

const notImplemented: Meaning = {
  error: "S3_ERROR",
  message: refused,
  why: said,
  hint: "The server lacks something that was asked for: try without --no-overwrite, --tag and their like, or with --checksum md5; --store names its kind.",
};

export const failed: Meaning = {
  error: "S3_ERROR",
  message: (failure) => `${failure.operation} on ${objectOf(failure)} failed.`,
  why: said,
  hint: "Run the same command again; S3's list of error codes explains the code.",
};

const byCode: Readonly<Record<string, Meaning>> = {
  NoSuchBucket: noBucket,
  AccessDenied: denied,
  AllAccessDisabled: denied,
  AccountProblem: denied,
  InvalidAccessKeyId: unknownKey,
  InvalidToken: unknownKey,
  InvalidClientTokenId: unknownKey,
  UnrecognizedClientException: unknownKey,
  SignatureDoesNotMatch: wrongSecret,
  ExpiredToken: expiredCredentials,
  ExpiredTokenException: expiredCredentials,
  TokenRefreshRequired: expiredCredentials,
  PermanentRedirect: elsewhere,
  TemporaryRedirect: elsewhere,
  IllegalLocationConstraintException: elsewhere,
  RequestTimeTooSkewed: skewed,
  NoSuchUpload: uploadGone,
  PreconditionFailed: exists,
  ConditionalRequestConflict: conflict,
  OperationAborted: conflict,
  // The SDK turns a 200 with this in its body into a 503.
  InternalError: failed,
  NotImplemented: notImplemented,
  // Google's, to the headers of S3's checksums.
  ExcessHeaderValues: noChecksums,
  SlowDown: slowDown,
  ServiceUnavailable: slowDown,
  Throttling: slowDown,
  ThrottlingException: slowDown,
  TooManyRequestsException: slowDown,
  RequestLimitExceeded: slowDown,
  BadDigest: checksum,
  XAmzContentSHA256Mismatch: checksum,
  XAmzContentChecksumMismatch: checksum,
  EntityTooLarge: tooLarge,
  EntityTooSmall: incomplete,
  InvalidPart: incomplete,
  InvalidPartOrder: incomplete,
  RequestExpired: deniedByExpiry,
};

/** Own rows only: the code is text from outside, and `constructor` would find something in any object. */
export function meaningOfCode(code: string): Meaning | undefined {
  return Object.hasOwn(byCode, code) ? byCode[code] : undefined;
}
