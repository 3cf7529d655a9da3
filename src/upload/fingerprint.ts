/** Short digests by which a later run knows its file and its target again. */
import { createDigest } from "./digest.ts";
import { toHex } from "./hex.ts";
import type { FileSource } from "./source.ts";

const sampleBytes = 64 * 1024;

/**
 * Of the size and three samples: beginning, middle, end. It finds most files that were changed under the same size and
 * time at the cost of three reads; every part is compared in full before it is used again.
 */
export async function fingerprintOf(source: FileSource): Promise<string> {
  const { size } = source;
  const digest = createDigest("SHA256");
  digest.update(new TextEncoder().encode(`${size}\n`));
  const last = Math.max(0, size - sampleBytes);
  for (const start of new Set([0, Math.floor(last / 2), last])) {
    const sample = new Uint8Array(Math.min(sampleBytes, size));
    digest.update(sample.subarray(0, await source.read(sample, start)));
  }
  return toHex(digest.digest().subarray(0, 16));
}

/** The same words, the same digest; no two lists of words run together. */
export function digestOfWords(words: readonly string[]): string {
  const digest = createDigest("SHA256");
  digest.update(new TextEncoder().encode(JSON.stringify(words)));
  return toHex(digest.digest().subarray(0, 16));
}
