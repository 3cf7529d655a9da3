/** What went wrong, for somebody who has a page before them and no command line. */
import { type ErrorCode, S3upError } from "../errors.ts";
import { scrub } from "../report/scrub.ts";
import { SendFailure } from "../upload/transport.ts";

export interface ErrorAdvice {
  readonly what: string;
  readonly why: string;
  readonly next: string;
  /** False where another try would end the same way. */
  readonly retryable: boolean;
}

const again = "Try again.";
const tellOwner = "Tell whoever runs this page.";
const retry = { next: again, retryable: true };
const owner = { next: tellOwner, retryable: true };

const adviceFor: Record<ErrorCode, Pick<ErrorAdvice, "next" | "retryable">> = {
  USAGE: { next: tellOwner, retryable: false },
  CONFIG_INVALID: { next: tellOwner, retryable: false },
  FILE_NOT_FOUND: { next: "Choose the file again.", retryable: false },
  FILE_UNREADABLE: { next: "Choose the file again.", retryable: false },
  FILE_UNWRITABLE: owner,
  REGION_UNKNOWN: owner,
  CREDENTIALS_MISSING: owner,
  CREDENTIALS_EXPIRED: owner,
  CREDENTIALS_INVALID: owner,
  ACCESS_DENIED: { next: "Sign in again, or ask whoever runs this page for access.", retryable: true },
  NOT_ALLOWED: { next: "Choose a file of another type.", retryable: false },
  BUCKET_NOT_FOUND: owner,
  BUCKET_ELSEWHERE: owner,
  UPLOAD_NOT_FOUND: { next: "Try again; the upload begins anew.", retryable: true },
  URL_EXPIRED: { next: "Try again; the permission is asked for anew.", retryable: true },
  CLOCK_SKEWED: { next: "Set the clock of this device, then try again.", retryable: true },
  NETWORK: { next: "Check your connection, then try again.", retryable: true },
  THROTTLED: { next: "Wait a moment, then try again.", retryable: true },
  S3_ERROR: retry,
  ENDPOINT_ERROR: owner,
  ENDPOINT_UNTRUSTWORTHY: { next: tellOwner, retryable: false },
  TOO_LARGE: { next: "Choose a smaller file.", retryable: false },
  UPLOAD_INCOMPLETE: retry,
  UPLOAD_BUSY: { next: "Wait until the other upload of this file ends.", retryable: true },
  OBJECT_EXISTS: { next: "Rename the file, then choose it again.", retryable: false },
  PRECONDITION_FAILED: retry,
  CHECKSUM_MISMATCH: { next: "Try again; if it happens twice, suspect this device's memory.", retryable: true },
  FILE_CHANGED: { next: "Choose the file again when nothing writes to it any more.", retryable: false },
  INTERRUPTED: retry,
  TERMINATED: retry,
};

export function adviceOf(error: unknown): ErrorAdvice {
  if (!(error instanceof S3upError)) {
    return { what: "Something unexpected happened.", why: scrub(String(error)), next: again, retryable: true };
  }
  // What the engine adds for a command line is where the upload stands; here the list shows that.
  if (error.code === "UPLOAD_INCOMPLETE" && error.cause instanceof S3upError) return adviceOf(error.cause);
  if (error.code === "UPLOAD_BUSY") return { ...busy, ...adviceFor.UPLOAD_BUSY };
  const words = { what: scrub(error.message), why: scrub(error.why ?? "") };
  if (isCors(error)) return { ...words, next: `It is not your connection. ${tellOwner}`, retryable: true };
  return { ...words, ...adviceFor[error.code] };
}

const busy = { what: "This file is on its way already.", why: "Another tab or row of this page sends it." };

function isCors({ cause }: S3upError): boolean {
  return cause instanceof SendFailure && cause.reason === "cors";
}
