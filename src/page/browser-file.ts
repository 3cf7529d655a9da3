/** A file that the user picked, as the upload engine reads it. */
import { S3upError } from "../errors.ts";
import type { FileSource } from "../upload/source.ts";

export function browserFile(file: File): FileSource {
  const facts = { size: file.size, mtimeMs: file.lastModified };
  return {
    ...facts,
    path: file.name,
    name: file.name,
    async read(buffer, position) {
      const bytes = await bytesOf(file, position, position + buffer.byteLength);
      buffer.set(bytes);
      return bytes.byteLength;
    },
    // The browser compares the file on the disk with what was picked, at each read.
    facts: async () => facts,
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
