/** Ends an upload that failed: nothing of it stays at S3, where it would be billed. */
import { S3upError } from "../errors.ts";
import { shellWord } from "./shell-word.ts";
import type { UploadTools } from "./tools.ts";
import type { MultipartSession } from "./transport.ts";

/** @returns the error to throw: the one given, with what has become of the parts */
export async function discard(session: MultipartSession, error: unknown, { emit }: UploadTools): Promise<unknown> {
  emit({ type: "preparing", step: "abort" });
  try {
    await session.abort();
    emit({ type: "aborted", uploadId: session.uploadId, clean: true });
    return error;
  } catch (abortError) {
    emit({ type: "aborted", uploadId: session.uploadId, clean: false });
    return leftBehind(session, error, abortError);
  }
}

/** The error with the name of what is still at S3, and the command that removes it. */
export function leftBehind(
  upload: Pick<MultipartSession, "bucket" | "key" | "uploadId">,
  error: unknown,
  abortError: unknown,
): unknown {
  if (!(error instanceof S3upError)) return error;
  const { bucket = "<bucket>", key, uploadId } = upload;
  const reason = abortError instanceof Error ? ` (${abortError.message})` : "";
  return new S3upError(error.code, error.message, {
    why: [error.why, `Its parts could not be removed${reason}: upload ${uploadId} stays and is billed.`]
      .filter(Boolean)
      .join(" "),
    hint: `Remove it with: s3up uploads abort ${shellWord(`s3://${bucket}/${key}`)} --upload-id ${shellWord(uploadId)}`,
    cause: error.cause ?? abortError,
  });
}
