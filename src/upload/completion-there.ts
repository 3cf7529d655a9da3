/** The completion of a multipart upload where the destination sees to it, as a presign endpoint does for a page. */
import { S3upError } from "../errors.ts";
import type { Checksum } from "../protocol/messages.ts";
import { agree, storedOtherBytes } from "./answer-checksum.ts";
import type { StoredObject } from "./events.ts";
import type { UploadTools } from "./tools.ts";
import type { Completion, MultipartSession } from "./transport.ts";

const askAgainMs = 3_000;
/** S3 may take minutes to put thousands of parts together. */
const patienceMs = 10 * 60_000;

/** @param whole our own checksum of the object, compared with S3's where it tells one */
export async function completeThere(
  session: MultipartSession & Required<Pick<MultipartSession, "complete">>,
  completion: Completion,
  whole: Checksum | undefined,
  { clock, signal }: UploadTools,
): Promise<StoredObject> {
  // Once asked, it is not cut off: an answer that nobody heard would leave the outcome open.
  const uncut = new AbortController().signal;
  for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += askAgainMs) {
    const object = await session.complete(completion, uncut).catch((error: unknown) => {
      // The parts were there a moment ago: an earlier asking, whose answer got lost or was "not yet", may have done it.
      throw error instanceof S3upError && error.code === "UPLOAD_NOT_FOUND" ? outcomeUnknown(session) : error;
    });
    if (object !== undefined) {
      if (whole !== undefined && !agree(whole, object.checksum)) {
        throw storedOtherBytes(session.key, whole, object.checksum as Checksum);
      }
      return object;
    }
    await clock.sleep(askAgainMs, signal);
  }
  throw outcomeUnknown(session);
}

/** The upload is no more, and nobody may look whether it became the object. */
export function outcomeUnknown({ bucket, key }: MultipartSession): S3upError {
  const object = bucket === undefined ? key : `s3://${bucket}/${key}`;
  return new S3upError("UPLOAD_NOT_FOUND", `It is not known whether ${object} was stored.`, {
    why: "The answer to the completion got lost; the upload is gone since, and the object cannot be looked at from here.",
    hint: "Ask someone who may read the bucket whether it is there; if it is not, run the same command again.",
  });
}
