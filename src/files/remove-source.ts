/** `--delete-source`: removes a file that is stored, if it still is the file that was stored. */
import { lstat, unlink } from "node:fs/promises";
import type { SourceFacts } from "../upload/source.ts";

/** @returns why it was left where it is; undefined when it is gone */
export async function removeSource(path: string, sent: SourceFacts): Promise<string | undefined> {
  try {
    const now = await lstat(path);
    if (!now.isFile()) return "It is a symbolic link, and what it leads to may be needed elsewhere.";
    if (now.size !== sent.size || now.mtimeMs !== sent.mtimeMs) return "It has changed since it was sent.";
    await unlink(path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
