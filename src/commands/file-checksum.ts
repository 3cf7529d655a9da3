import { S3upError } from "../errors.ts";
import type { Checksum, ChecksumAlgorithm } from "../protocol/messages.ts";
import { createHasher } from "../upload/checksum.ts";
import type { FileSource } from "../upload/source.ts";

const blockBytes = 1024 * 1024;

/** Reads the whole file once. @throws S3upError FILE_CHANGED, FILE_UNREADABLE, or the signal's reason */
export async function checksumOfFile(
  source: FileSource,
  algorithm: ChecksumAlgorithm,
  signal: AbortSignal,
): Promise<Checksum> {
  const hasher = createHasher(algorithm);
  const buffer = new Uint8Array(blockBytes);
  for (let position = 0; position < source.size; ) {
    signal.throwIfAborted();
    const wanted = Math.min(blockBytes, source.size - position);
    const read = await source.read(buffer.subarray(0, wanted), position);
    if (read === 0) throw shrunk(source, position);
    hasher.update(buffer.subarray(0, read));
    position += read;
  }
  return { algorithm, value: hasher.digest() };
}

function shrunk({ path, size }: FileSource, position: number): S3upError {
  return new S3upError("FILE_CHANGED", `${path} changed while it was being read.`, {
    why: `It had ${size} bytes and now ends after ${position}.`,
    hint: "Run the same command again when nothing writes to the file.",
  });
}
