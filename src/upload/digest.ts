/** What Node computes natively. The upload page is bundled with `page/digest.ts` in the place of this file. */
import { createHash } from "node:crypto";

export { crc32 } from "node:zlib";

export type DigestAlgorithm = "MD5" | "SHA1" | "SHA256";

export interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

export function createDigest(algorithm: DigestAlgorithm): Digest {
  const hash = createHash(algorithm.toLowerCase());
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}
