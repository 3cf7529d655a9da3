/** A file on disk as the engine reads it: by position, so that parts are read in any order and again. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { S3upError } from "../errors.ts";
import type { FileSource, SourceFacts } from "../upload/source.ts";

/** Without waiting: opening a pipe that nobody writes to would never end. Windows has no such flag. */
const readNow = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** @throws S3upError FILE_NOT_FOUND, FILE_UNREADABLE, USAGE for a directory or anything else that is no file */
export async function openFileSource(path: string): Promise<FileSource> {
  const handle = await open(path, readNow).catch((error: unknown) => {
    throw explainUnreadable(path, error);
  });
  try {
    const { inode, ...facts } = await factsOf(path, handle);
    return createSource(path, handle, facts, { path: resolve(path), inode });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function createSource(
  path: string,
  handle: FileHandle,
  facts: SourceFacts,
  location: NonNullable<FileSource["location"]>,
): FileSource {
  return {
    path,
    name: basename(path),
    location,
    ...facts,
    read: (buffer, position) => readFully(path, handle, buffer, position),
    facts: () => factsOf(path, handle),
    close: () => handle.close(),
  };
}

/** A read may give less than was asked for although the file goes on, as on a network file system. */
async function readFully(path: string, handle: FileHandle, buffer: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  try {
    while (filled < buffer.byteLength) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.byteLength - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
  } catch (error) {
    throw explainUnreadable(path, error);
  }
  return filled;
}

async function factsOf(path: string, handle: FileHandle): Promise<SourceFacts & { readonly inode: string }> {
  const stats = await handle.stat().catch((error: unknown) => {
    throw explainUnreadable(path, error);
  });
  if (stats.isFile()) return { size: stats.size, mtimeMs: stats.mtimeMs, inode: `${stats.dev}:${stats.ino}` };
  const directory = stats.isDirectory();
  throw new S3upError("USAGE", `${path} is ${directory ? "a directory" : "not a regular file"}.`, {
    why: "An upload needs to know the size and to read any part again.",
    hint: directory
      ? "Name the files in it, or add --recursive to `s3up put`."
      : "Send a stream with `s3up put -`, for instance through a pipe.",
  });
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "You may not read it.",
  EPERM: "You may not read it.",
  EISDIR: "It is a directory.",
  EMFILE: "Too many files are open.",
  EIO: "The disk reports an error.",
  ELOOP: "Its symbolic links go round in a circle.",
};

/** What a failed call of the file system means for who named the path. */
export function explainUnreadable(path: string, error: unknown): S3upError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new S3upError("FILE_NOT_FOUND", `There is no file ${path}.`, {
      why: "Nothing of that name is there.",
      hint: "Check the path; it is taken relative to the working directory.",
      cause: error,
    });
  }
  return new S3upError("FILE_UNREADABLE", `${path} cannot be read.`, {
    why: reasons[code] ?? (error instanceof Error ? error.message : String(error)),
    hint: "Check the file and its permissions.",
    cause: error,
  });
}
