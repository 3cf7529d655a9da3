import type { ErrorCode } from "./errors.ts";

/** Every exit code of s3up. The table in README.md and in `s3up --help` is made from `exitMeaning`. */
export const EXIT = {
  ok: 0,
  findings: 1,
  usage: 2,
  failed: 3,
  denied: 4,
  incomplete: 5,
  precondition: 6,
  integrity: 7,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const exitMeaning = {
  0: "done",
  1: "audit: a finding at or above --fail-on",
  2: "usage or bad input: unknown flag, missing or unreadable file, bad value",
  3: "the operation failed: network, S3 error, endpoint error",
  4: "denied: credentials missing or expired, permission",
  5: "incomplete: the upload stopped but can go on, or the audit could not read something it needed",
  6: "precondition: the object exists (--no-overwrite), or changed meanwhile",
  7: "integrity: checksums differ, or the file changed while it was being sent",
  70: "a bug in s3up",
  130: "interrupted (Ctrl-C)",
  143: "terminated",
} as const satisfies Record<ExitCode, string>;

export const exitCodeOf = {
  USAGE: EXIT.usage,
  CONFIG_INVALID: EXIT.usage,
  FILE_NOT_FOUND: EXIT.usage,
  FILE_UNREADABLE: EXIT.usage,
  FILE_UNWRITABLE: EXIT.usage,
  REGION_UNKNOWN: EXIT.usage,
  CREDENTIALS_MISSING: EXIT.denied,
  CREDENTIALS_EXPIRED: EXIT.denied,
  CREDENTIALS_INVALID: EXIT.denied,
  ACCESS_DENIED: EXIT.denied,
  NOT_ALLOWED: EXIT.denied,
  BUCKET_NOT_FOUND: EXIT.failed,
  BUCKET_ELSEWHERE: EXIT.failed,
  UPLOAD_NOT_FOUND: EXIT.failed,
  URL_EXPIRED: EXIT.failed,
  CLOCK_SKEWED: EXIT.failed,
  NETWORK: EXIT.failed,
  THROTTLED: EXIT.failed,
  S3_ERROR: EXIT.failed,
  ENDPOINT_ERROR: EXIT.failed,
  ENDPOINT_UNTRUSTWORTHY: EXIT.failed,
  TOO_LARGE: EXIT.usage,
  UPLOAD_INCOMPLETE: EXIT.incomplete,
  UPLOAD_BUSY: EXIT.failed,
  OBJECT_EXISTS: EXIT.precondition,
  PRECONDITION_FAILED: EXIT.precondition,
  CHECKSUM_MISMATCH: EXIT.integrity,
  FILE_CHANGED: EXIT.integrity,
  INTERRUPTED: EXIT.interrupted,
  TERMINATED: EXIT.terminated,
} as const satisfies Record<ErrorCode, ExitCode>;
