/** The multipart uploads that were begun and neither completed nor aborted: what they hold is billed, and no list of objects shows it. */
import { S3upError } from "../errors.ts";
import type { MultipartControl, PendingUpload } from "../signing/multipart-control.ts";
import { bytesOf } from "./resume.ts";

/** Undefined: not known, as where the credentials may not list the parts. */
export interface IncompleteUpload {
  readonly bucket: string | undefined;
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date | undefined;
  readonly parts: number | undefined;
  readonly bytes: number | undefined;
  /** The file that it was begun with, where a journal of this machine tells. */
  readonly file?: string;
  /** The process of this machine that works on it. */
  readonly heldBy?: number;
}

export interface UploadsWanted {
  readonly bucket: string;
  /** Of the key. */
  readonly prefix: string;
  /** Those begun at this moment or later are left out; one of unknown age is too. */
  readonly before: Date | undefined;
}

/** Lists of parts that are asked for at a time. */
const listsAtATime = 8;

/**
 * In the order of keys. One that ends meanwhile is left out.
 * @param onUnlisted told once, when the parts may not be listed
 */
export async function* incompleteUploads(
  control: MultipartControl,
  wanted: UploadsWanted,
  signal: AbortSignal,
  onUnlisted: (error: S3upError) => void,
): AsyncGenerator<IncompleteUpload, void, undefined> {
  const pending = await pendingUploads(control, wanted, signal);
  const describe = partsTeller(control, wanted.bucket, signal, onUnlisted);
  for await (const upload of inOrder(pending, listsAtATime, describe)) {
    if (upload !== undefined) yield upload;
  }
}

export async function pendingUploads(
  control: MultipartControl,
  { bucket, prefix, before }: UploadsWanted,
  signal: AbortSignal,
): Promise<readonly PendingUpload[]> {
  const all = await control.listUploads(bucket, prefix, signal);
  if (before === undefined) return all;
  return all.filter(({ initiated }) => initiated !== undefined && initiated < before);
}

/** Undefined for an upload that is gone. */
export function partsTeller(
  control: MultipartControl,
  bucket: string,
  signal: AbortSignal,
  onUnlisted: (error: S3upError) => void,
): (upload: PendingUpload) => Promise<IncompleteUpload | undefined> {
  let isTold = false;
  return async ({ key, uploadId, initiated }) => {
    const upload = { bucket, key, uploadId, initiated };
    try {
      const parts = await control.listParts(upload, signal);
      return { ...upload, parts: parts.length, bytes: bytesOf(parts) };
    } catch (error) {
      if (!(error instanceof S3upError)) throw error;
      if (error.code === "UPLOAD_NOT_FOUND") return undefined;
      if (error.code !== "ACCESS_DENIED") throw error;
      if (!isTold) onUnlisted(error);
      isTold = true;
      return { ...upload, parts: undefined, bytes: undefined };
    }
  };
}

/** Works on a few at a time and gives the results in the order of the items. */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  atATime: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const underWay: Promise<Result>[] = [];
  try {
    for (const item of items) {
      const result = work(item);
      // Awaited in its turn; an error before that is no unhandled one.
      result.catch(() => {});
      underWay.push(result);
      if (underWay.length >= atATime) yield await (underWay.shift() as Promise<Result>);
    }
    while (underWay.length > 0) yield await (underWay.shift() as Promise<Result>);
  } finally {
    await Promise.allSettled(underWay);
  }
}
