import { S3upError } from "../../errors.ts";
import type { PendingUpload, StoredFacts } from "../../signing/multipart-control.ts";
import { Refusal } from "../../signing/refusal.ts";
import type { Call } from "./call.ts";
import type { UploadPlace } from "./place.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The upload that an earlier create with the same client token began, on this day or the day before: keys hold the
 * date, and no token lives longer than it takes to matter.
 * @throws Refusal idempotency_conflict when the token was used for another file, upload_completed when it is done
 */
export async function findEarlierUpload(
  call: Call,
  key: string,
  { tokenPart, id, date }: UploadPlace,
): Promise<PendingUpload | undefined> {
  if (tokenPart === undefined) return undefined;
  const yesterday = new Date(date.getTime() - DAY_MS);
  for (const candidate of [key, onDay(key, date, yesterday)]) {
    const found = await findPending(call, candidate, id, tokenPart);
    if (found !== undefined) return found;
    if ((await storedObject(call, candidate)) !== undefined) {
      throw new Refusal("upload_completed", "The upload of this client token is complete.", { field: "clientToken" });
    }
  }
  return undefined;
}

async function findPending(
  { settings, ports }: Call,
  key: string,
  id: string,
  tokenPart: string,
): Promise<PendingUpload | undefined> {
  const folder = key.slice(0, key.lastIndexOf(id));
  const pending = await ports.multipart.listUploads(settings.bucket, folder + tokenPart);
  const same = pending.filter((upload) => upload.key === key);
  if (same.length === 0 && pending.length > 0) {
    throw new Refusal("idempotency_conflict", "This client token was used for another file.", { field: "clientToken" });
  }
  // Two creates at the same moment begin two uploads; both callers then go on with the same one.
  return same.toSorted(byAge)[0];
}

/**
 * After a create that was sent more than once: S3 may have begun an upload for each try. The oldest is the one that a
 * repeated create finds as well; the key was made for this upload alone, so that nobody misses the others.
 * @param own as the last try was answered
 */
export async function onlyOneOf(call: Call, key: string, own: string): Promise<string> {
  const { settings, ports } = call;
  const { bucket } = settings;
  const pending = await ports.multipart.listUploads(bucket, key).catch(() => []);
  const [oldest, ...others] = pending.filter((upload) => upload.key === key).toSorted(byAge);
  // What cannot be removed is left to the bucket's lifecycle rule.
  await Promise.allSettled(others.map(({ uploadId }) => ports.multipart.abort({ bucket, key, uploadId })));
  return oldest?.uploadId ?? own;
}

function byAge(one: PendingUpload, other: PendingUpload): number {
  const age = (one.initiated?.getTime() ?? 0) - (other.initiated?.getTime() ?? 0);
  return age !== 0 ? age : one.uploadId < other.uploadId ? -1 : 1;
}

/** Undefined also where the role may not read objects: the least role cannot, and then this is not known. */
export async function storedObject({ settings, ports }: Call, key: string): Promise<StoredFacts | undefined> {
  try {
    return await ports.multipart.head({ bucket: settings.bucket, key });
  } catch (error) {
    if (error instanceof S3upError && error.code === "ACCESS_DENIED") return undefined;
    throw error;
  }
}

function onDay(key: string, date: Date, other: Date): string {
  const path = (day: Date) => `/${day.toISOString().slice(0, 10).replaceAll("-", "/")}/`;
  return key.replace(path(date), path(other));
}
