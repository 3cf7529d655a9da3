/** A file that the user picked, as the upload engine reads it. */
import { S3upError } from "../errors.ts";
import type { FileSource } from "../upload/source.ts";
import { placeOf } from "./earlier-uploads.ts";

export function browserFile(file: File): FileSource {
  const facts = { size: file.size, mtimeMs: file.lastModified };
  return {
    ...facts,
    path: file.name,
    name: file.name,
    location: { path: placeOf(file), inode: "" },
    async read(buffer, position) {
      const bytes = await bytesOf(file, position, position + buffer.byteLength);
      buffer.set(bytes);
      return bytes.byteLength;
    },
    // The browser tells what it was when it was picked, and compares the disk with that at each read.
    facts: async () => {
      await bytesOf(file, 0, 1);
      return facts;
    },
    close: async () => {},
  };
}

async function bytesOf(file: File, start: number, end: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch (error) {
    throw new S3upError("FILE_UNREADABLE", `${file.name} cannot be read any more.`, {
      why: "It was changed, moved or deleted after it was chosen, or this browser may not read it.",
      cause: error,
    });
  }
}
