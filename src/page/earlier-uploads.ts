/** What earlier visits had begun and not finished. */
import type { BackendClient } from "../http/backend-client.ts";
import type { JournalStore, ListedJournal } from "../upload/journal.ts";
import type { UploadItem } from "./upload-item.ts";

/** Of a file in a journal. A browser tells no path; size and time keep two files of one name apart. */
export function placeOf({ name, size, lastModified }: Pick<File, "name" | "size" | "lastModified">): string {
  return `${size}/${lastModified}/${name}`;
}

export interface EarlierUpload {
  /** Of its journal. */
  readonly id: string;
  readonly place: string;
  readonly facts: Pick<UploadItem, "id" | "name" | "size" | "type" | "sentBytes">;
}

/** Days after which an upload is forgotten; its token has ended long before. */
const days = 7;

/** Those of this endpoint that no other tab works on, oldest first. */
export async function earlierUploads(journals: JournalStore, endpoint: string): Promise<readonly EarlierUpload[]> {
  await journals.sweep(days);
  const all = await journals.list();
  return all
    .filter(({ heldBy, saved }) => heldBy === undefined && isOf(saved.target, endpoint))
    .map(({ id, saved }) => {
      const { path, size } = saved.file;
      const name = path.replace(/^\d+\/\d+\//, "");
      const sentBytes = [...saved.parts.values()].reduce((sum, part) => sum + part.size, 0);
      return { id, place: path, facts: { id, name, size, type: "", sentBytes } };
    });
}

/** Removes an upload from S3 and from memory; one that the endpoint does not know any more is only forgotten. */
export async function forgetUpload(
  place: string,
  journals: JournalStore,
  client: Pick<BackendClient, "abort" | "address">,
): Promise<void> {
  const found = (await journals.list()).find(
    ({ saved }) => saved.file.path === place && isOf(saved.target, client.address),
  );
  const grip = found === undefined ? undefined : await journals.take(found.id, () => {});
  if (grip?.state !== "taken") return;
  try {
    const token = grip.journal.saved?.upload?.uploadToken;
    // Its token may have ended: then S3's own rule for what is left unfinished removes it.
    if (token !== undefined) await client.abort(token, new AbortController().signal).catch(() => {});
    await grip.journal.clear();
  } finally {
    await grip.journal.release();
  }
}

function isOf(target: ListedJournal["saved"]["target"], endpoint: string): boolean {
  return target.via === "endpoint" && target.url === endpoint;
}
