/**
 * Outcomes that s3up foresaw. Anything else that reaches `main` is a bug in s3up.
 * The list is closed: `exit-codes.ts` has one row for each, and the compiler finds a missing one.
 */
export type ErrorCode =
  | "USAGE"
  | "CONFIG_INVALID"
  | "FILE_NOT_FOUND"
  | "FILE_UNREADABLE"
  | "FILE_UNWRITABLE"
  | "REGION_UNKNOWN"
  | "CREDENTIALS_MISSING"
  | "CREDENTIALS_EXPIRED"
  | "CREDENTIALS_INVALID"
  | "ACCESS_DENIED"
  | "NOT_ALLOWED"
  | "BUCKET_NOT_FOUND"
  | "BUCKET_ELSEWHERE"
  | "UPLOAD_NOT_FOUND"
  | "URL_EXPIRED"
  | "CLOCK_SKEWED"
  | "NETWORK"
  | "THROTTLED"
  | "S3_ERROR"
  | "ENDPOINT_ERROR"
  | "ENDPOINT_UNTRUSTWORTHY"
  | "TOO_LARGE"
  | "UPLOAD_INCOMPLETE"
  | "UPLOAD_BUSY"
  | "OBJECT_EXISTS"
  | "PRECONDITION_FAILED"
  | "CHECKSUM_MISMATCH"
  | "FILE_CHANGED"
  | "INTERRUPTED"
  | "TERMINATED";

export interface S3upErrorDetails {
  /** Why it happened, one sentence; the second of the three lines. */
  readonly why?: string;
  /** What to do next: the flag, the IAM action, the command; the third line. */
  readonly hint?: string;
  /** The original error; shown only with `--debug`. */
  readonly cause?: unknown;
}

/** What happened (message), why, and what to do next. No text of it may hold a signed URL, a token or a key. */
export class S3upError extends Error {
  readonly code: ErrorCode;
  readonly why: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: S3upErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "S3upError";
    this.code = code;
    this.why = details.why;
    this.hint = details.hint;
  }
}
