/** Takes the place of `upload/digest.ts` in the page's bundle: what a browser has not, or only all at once and later. */
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Digest, DigestAlgorithm } from "../upload/digest.ts";

export { crc32 } from "../upload/crc32.ts";

const hashes = { MD5: md5, SHA1: sha1, SHA256: sha256 } as const satisfies Record<DigestAlgorithm, unknown>;

export function createDigest(algorithm: DigestAlgorithm): Digest {
  const hash = hashes[algorithm].create();
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}
