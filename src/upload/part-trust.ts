/** Whether what S3 has is what the file holds. Read anew from the file each time; nothing is taken on trust. */
import type { ListedPart } from "../protocol/messages.ts";
import { agree, checksumOfParts, isComposite } from "./answer-checksum.ts";
import type { Content } from "./content.ts";
import { bareEtag, etagOfParts } from "./etag.ts";
import type { StoredObject } from "./events.ts";
import type { SavedPart } from "./journal.ts";
import { hashParts, md5Of, md5OfParts } from "./part-checksums.ts";
import type { ByteRange } from "./plan.ts";
import type { FileSource } from "./source.ts";

/**
 * By S3's own checksum of the part. Where the server lists none: by the one that the journal has for the same ETag; then
 * by the ETag itself where it is an MD5. Else the part is not known, and has to be sent again.
 */
export async function holdsSameBytes(
  listed: ListedPart,
  content: Content,
  saved: SavedPart | undefined,
): Promise<boolean> {
  if (listed.size !== content.size) return false;
  const ours = content.checksum?.value;
  if (listed.checksum !== undefined && ours !== undefined) return listed.checksum === ours;

  const etag = bareEtag(listed.etag);
  if (saved?.checksum !== undefined && ours !== undefined && bareEtag(saved.etag) === etag) {
    return saved.checksum === ours;
  }
  return isMd5(etag) && (await md5Of(content)) === etag.toLowerCase();
}

/** The same for a whole object. @throws S3upError FILE_CHANGED, FILE_UNREADABLE */
export async function isFile(
  object: StoredObject,
  source: FileSource,
  ranges: readonly ByteRange[],
  signal: AbortSignal,
): Promise<boolean> {
  const { checksum, etag, size } = object;
  if (size !== source.size) return false;
  if (checksum !== undefined) {
    const parts = await hashParts(ranges, source, checksum.algorithm, signal);
    const type = isComposite(checksum) ? "COMPOSITE" : undefined;
    return agree(checksumOfParts(checksum.algorithm, parts, type), checksum);
  }
  if (etag === undefined) return false;
  return bareEtag(etag) === etagOfParts(await md5OfParts(ranges, source, signal));
}

function isMd5(etag: string): boolean {
  return /^[0-9a-f]{32}$/i.test(etag);
}
