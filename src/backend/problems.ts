/** Errors as answers: a refusal tells the caller all, a failure of the backend's own only that it happened. */
import { type ErrorCode, S3upError } from "../errors.ts";
import type { Problem } from "../protocol/messages.ts";
import { type ProblemCode, problemCodes } from "../protocol/problem-codes.ts";
import { Refusal } from "../signing/refusal.ts";
import type { HttpAnswer } from "./http-event.ts";

export interface ProblemAnswer {
  readonly status: number;
  readonly problem: Problem & { readonly error: ProblemCode };
  readonly headers: HttpAnswer["headers"];
  /** For the log alone. */
  readonly unexpected?: string;
}

const RETRY_AFTER_SECONDS = "2";

export function problemOf(error: unknown, requestId: string): ProblemAnswer {
  if (error instanceof Refusal) {
    const { code, message, field, limit } = error;
    return answer(code, message, requestId, {
      ...(field === undefined ? {} : { field }),
      ...(limit === undefined ? {} : { limit }),
    });
  }
  if (error instanceof S3upError) return fromS3(error, requestId);
  return {
    ...answer("internal", "The backend failed; its log has the request id.", requestId, {}),
    unexpected: failureText(error),
  };
}

/** What the log says of a failure. */
export function failureText(error: unknown): string {
  if (error instanceof S3upError) return [error.code, error.message, error.why].filter(Boolean).join(" ");
  return error instanceof Error ? `${error.name}: ${error.message}` : "not an Error";
}

interface Told {
  readonly code: ProblemCode;
  readonly message: string;
}

/** What a caller is told of an S3 error; every other one is the backend's own affair (its role, its bucket). */
const toldOf: Partial<Record<ErrorCode, Told>> = {
  OBJECT_EXISTS: { code: "already_exists", message: "The object already exists." },
  PRECONDITION_FAILED: {
    code: "upload_conflict",
    message: "Another write to the same key came first; begin the upload again.",
  },
  UPLOAD_NOT_FOUND: { code: "upload_not_found", message: "The multipart upload does not exist any more." },
  CHECKSUM_MISMATCH: { code: "invalid_checksum", message: "The checksum is not that of the bytes that S3 received." },
  THROTTLED: { code: "busy", message: "S3 asks for fewer requests; try again shortly." },
  NETWORK: { code: "busy", message: "S3 could not be reached; try again shortly." },
};

function fromS3(error: S3upError, requestId: string): ProblemAnswer {
  const s3Code = s3CodeOf(error);
  const details = s3Code === undefined ? {} : { s3Code };
  const told = toldOf[error.code];
  if (told !== undefined) return answer(told.code, told.message, requestId, details);
  return {
    ...answer("s3_error", "S3 refused what the backend asked for; its log has the request id.", requestId, details),
    unexpected: failureText(error),
  };
}

function answer(
  error: ProblemCode,
  message: string,
  requestId: string,
  details: Pick<Problem, "field" | "limit" | "s3Code">,
): ProblemAnswer {
  const { status, retryable } = problemCodes[error];
  return {
    status,
    problem: { error, message, ...details, retryable, requestId },
    headers: status === 503 ? { "retry-after": RETRY_AFTER_SECONDS } : {},
  };
}

/** The SDK names its exceptions after S3's codes; `$fault` tells them from every other error. */
function s3CodeOf({ cause }: S3upError): string | undefined {
  return cause instanceof Error && "$fault" in cause && /^[A-Za-z]{3,60}$/.test(cause.name) ? cause.name : undefined;
}
