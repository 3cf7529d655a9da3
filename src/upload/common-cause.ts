/** When one failure says that all other files will fail too: then it is told once, not two thousand times. */
import type { ErrorCode } from "../errors.ts";

export interface CauseWatch {
  stored(): void;
  /** True when there is no sense in trying the next file. */
  failed(code: ErrorCode): boolean;
}

/** Not about a file at all. */
const common = new Set<ErrorCode>([
  "CONFIG_INVALID",
  "REGION_UNKNOWN",
  "CREDENTIALS_MISSING",
  "CREDENTIALS_EXPIRED",
  "CREDENTIALS_INVALID",
  "BUCKET_NOT_FOUND",
  "BUCKET_ELSEWHERE",
  "CLOCK_SKEWED",
  "ENDPOINT_UNTRUSTWORTHY",
]);
/** Of the file or of its key. The others may be either: it takes several of the same in a row. */
const ofTheFile = new Set<ErrorCode>([
  "USAGE",
  "FILE_NOT_FOUND",
  "FILE_UNREADABLE",
  "FILE_CHANGED",
  "FILE_UNWRITABLE",
  "TOO_LARGE",
  "OBJECT_EXISTS",
  "PRECONDITION_FAILED",
  "CHECKSUM_MISMATCH",
  "UPLOAD_INCOMPLETE",
  "UPLOAD_NOT_FOUND",
]);
/** More of them once something has been stored: then the rights may differ from prefix to prefix. */
const inARow = { atFirst: 5, later: 20 } as const;

export function createCauseWatch(): CauseWatch {
  let last: ErrorCode | undefined;
  let count = 0;
  let everStored = false;
  return {
    stored() {
      everStored = true;
      count = 0;
    },
    failed(code) {
      if (common.has(code)) return true;
      if (ofTheFile.has(code)) return false;
      count = code === last ? count + 1 : 1;
      last = code;
      return count >= (everStored ? inARow.later : inARow.atFirst);
    },
  };
}
