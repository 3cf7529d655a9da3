/** What of an earlier upload may be gone on with: pure decisions. */
import { S3upError } from "../errors.ts";
import type { ListedPart } from "../protocol/messages.ts";
import { S3_LIMITS } from "../signing/part-layout.ts";
import type { RestartReason } from "./events.ts";
import type { SavedFile, SavedJournal } from "./journal.ts";
import { type ByteRange, sizeText } from "./plan.ts";

/** What this run has in mind, to be held against a journal. */
export interface Intention {
  readonly file: SavedFile;
  /** Digest, as in the journal. */
  readonly wish: string;
  /** Bytes; undefined where the user does not insist. */
  readonly partSize: number | undefined;
  readonly restart: boolean;
}

/** Undefined: the earlier upload goes on. */
export function whyAnew(saved: SavedJournal, now: Intention): RestartReason | undefined {
  if (now.restart) return "asked";
  if (saved.file.size !== now.file.size) return "file-size";
  if (saved.file.mtimeMs !== now.file.mtimeMs) return "file-time";
  if (numberOf(saved.file.inode) !== numberOf(now.file.inode)) return "file-replaced";
  if (saved.file.fingerprint !== now.file.fingerprint) return "file-content";
  if (saved.wish !== now.wish) return "wish";
  const partSize = saved.upload?.partSize ?? saved.asked.partSize;
  if (now.partSize !== undefined && now.partSize !== partSize) return "part-size";
  return undefined;
}

/** The number of a device is another after a restart, or when a disk is plugged in again. */
function numberOf(inode: string): string {
  return inode.slice(inode.indexOf(":") + 1);
}

/** Those of S3's list that can be parts of this file, by number; of others nothing is used, and they are sent again. */
export function fittingParts(
  listed: readonly ListedPart[],
  ranges: readonly ByteRange[],
): ReadonlyMap<number, ListedPart> {
  const sizes = new Map(ranges.map(({ partNumber, start, end }) => [partNumber, end - start]));
  return new Map(
    listed.filter(({ partNumber, size }) => sizes.get(partNumber) === size).map((part) => [part.partNumber, part]),
  );
}

/** Bytes of parts. */
export function bytesOf(parts: Iterable<{ readonly size: number }>): number {
  let bytes = 0;
  for (const { size } of parts) bytes += size;
  return bytes;
}

/**
 * The part size with which every listed part is a part of the file; undefined when there is none, as for an upload of
 * another file.
 * @param usual for an upload that has no part yet
 */
export function partSizeOf(listed: readonly ListedPart[], fileSize: number, usual: number): number | undefined {
  const [first] = listed;
  if (first === undefined) return usual;
  const able = candidates(listed, fileSize, usual).filter(
    (partSize) => partSize >= fileSize || partSize >= S3_LIMITS.minPartSize,
  );
  return able.find((partSize) => listed.every((part) => fits(part, partSize, fileSize)));
}

/** All parts but the last have the same size, so the largest tells it; the last alone tells it by what is left. */
function candidates(listed: readonly ListedPart[], fileSize: number, usual: number): readonly number[] {
  const largest = Math.max(...listed.map(({ size }) => size));
  const fromLast = listed
    .filter(({ partNumber }) => partNumber > 1)
    .map(({ partNumber, size }) => (fileSize - size) / (partNumber - 1))
    .filter((partSize) => Number.isSafeInteger(partSize) && partSize > 0);
  // One part that holds the whole file says nothing of the others.
  return [largest, ...fromLast, ...(largest === fileSize ? [usual] : [])];
}

function fits({ partNumber, size }: ListedPart, partSize: number, fileSize: number): boolean {
  const start = (partNumber - 1) * partSize;
  return start < fileSize && size === Math.min(partSize, fileSize - start);
}

/** @throws S3upError USAGE */
export function refuseUnfit(path: string, uploadId: string, why: string): never {
  throw new S3upError("USAGE", `The upload ${uploadId} cannot be gone on with from ${path}.`, {
    why,
    hint: "Name the file that it was begun with, or leave --upload-id out to begin a new upload.",
  });
}

/** For `refuseUnfit`. */
export function otherPartSize(theirs: number, asked: number): string {
  return `Its parts have ${sizeText(theirs)}; --part-size says ${sizeText(asked)}.`;
}
