import type { FileSource } from "../../src/upload/source.ts";

export interface MemorySource extends FileSource {
  /** What is on the disk from now on, while the source goes on with the facts it was opened with. */
  replace(bytes: Uint8Array, mtimeMs?: number): void;
  /** Positions that were read, in order. */
  readonly reads: readonly number[];
}

/** A file that exists only in memory. */
export function memorySource(bytes: Uint8Array, path = "dir/file.bin"): MemorySource {
  let content = bytes;
  let mtimeMs = 1_000;
  const reads: number[] = [];
  return {
    path,
    name: path.slice(path.lastIndexOf("/") + 1),
    size: bytes.byteLength,
    mtimeMs,
    reads,
    replace(next, at = mtimeMs) {
      content = next;
      mtimeMs = at;
    },
    async read(buffer, position) {
      reads.push(position);
      const piece = content.subarray(position, position + buffer.byteLength);
      buffer.set(piece);
      return piece.byteLength;
    },
    facts: async () => ({ size: content.byteLength, mtimeMs }),
    close: async () => {},
  };
}

/** Bytes that differ from place to place, the same at every run. */
export function patternedBytes(size: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < size; at += 1) {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return bytes;
}
