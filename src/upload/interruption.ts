import { S3upError } from "../errors.ts";

/** The error of an upload that was stopped: the signal's own reason where it is one for people. Other errors stay. */
export function orInterruption(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof S3upError || !signal.aborted) return error;
  if (signal.reason instanceof S3upError) return signal.reason;
  return new S3upError("INTERRUPTED", "The upload was interrupted.", { cause: signal.reason });
}
