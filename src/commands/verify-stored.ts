import { S3upError } from "../errors.ts";
import type { StoredObject } from "../upload/events.ts";
import type { Destination } from "../upload/transport.ts";

/** Asks S3 what stands under the key now. @throws S3upError CHECKSUM_MISMATCH, or what S3 answers */
export async function verifyStored(
  stored: StoredObject,
  destination: Destination,
  signal: AbortSignal,
): Promise<StoredObject> {
  const found = await destination.find?.(signal);
  if (found === undefined) throw differs(stored, "S3 has no object under this key.");
  if (found.size !== stored.size) throw differs(stored, `It has ${found.size} bytes; ${stored.size} were sent.`);
  const [ours, theirs] = [stored.checksum, found.checksum];
  if (ours !== undefined && theirs?.algorithm === ours.algorithm && theirs.value !== ours.value) {
    throw differs(stored, `Its ${ours.algorithm} is ${theirs.value}; ${ours.value} was sent.`);
  }
  if (found.etag !== undefined && stored.etag !== undefined && found.etag !== stored.etag) {
    throw differs(stored, `Its ETag is ${found.etag}; the upload was confirmed with ${stored.etag}.`);
  }
  return found;
}

function differs({ key }: StoredObject, why: string): S3upError {
  return new S3upError("CHECKSUM_MISMATCH", `${key} is not what was uploaded.`, {
    why,
    hint: "Look for another writer of the same key, then run the same command again.",
  });
}
