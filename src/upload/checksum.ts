/** The checksums that s3up can compute, by the names of the command line and of S3. */
import type { Checksum, ChecksumAlgorithm } from "../protocol/messages.ts";
import { toBase64 } from "./base64.ts";
import { crc32c } from "./crc32c.ts";
import { crc64nvme } from "./crc64nvme.ts";
import { crc32, createDigest } from "./digest.ts";

/** As `--checksum` takes them. `md5` travels as Content-MD5, for stores that know no checksums of S3. */
export const checksumChoices = ["crc32", "crc32c", "crc64nvme", "sha256", "md5", "none"] as const;
export type ChecksumChoice = (typeof checksumChoices)[number];

const algorithmOf = {
  crc32: "CRC32",
  crc32c: "CRC32C",
  crc64nvme: "CRC64NVME",
  sha256: "SHA256",
  md5: undefined,
  none: undefined,
} as const satisfies Record<ChecksumChoice, ChecksumAlgorithm | undefined>;

/** S3's name of what the user chose; undefined for `md5`, which is none of S3's checksums, and for `none`. */
export function checksumAlgorithmOf(choice: ChecksumChoice): ChecksumAlgorithm | undefined {
  return algorithmOf[choice];
}

/** `MD5` is none of S3's checksums: it travels as Content-MD5. */
export type HashAlgorithm = ChecksumAlgorithm | "MD5";

/** What the bytes are hashed with, where requests carry checksums of this algorithm or none. */
export function hashBeside(checksum: ChecksumAlgorithm | undefined, choice: ChecksumChoice): HashAlgorithm | undefined {
  return checksum ?? (choice === "md5" ? "MD5" : undefined);
}

/** Bytes of a value before base64. */
export const checksumBytes = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 } as const satisfies Record<
  ChecksumAlgorithm,
  number
>;

/** Takes bytes in order and gives their checksum in base64, as S3 writes it. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): string;
}

export function createHasher(algorithm: HashAlgorithm): Hasher {
  switch (algorithm) {
    case "CRC32":
      return createCrc32Hasher(crc32);
    case "CRC32C":
      return createCrc32Hasher(crc32c);
    case "CRC64NVME":
      return createCrc64Hasher();
    case "SHA1":
    case "SHA256":
    case "MD5":
      return createDigestHasher(algorithm);
  }
}

/** The checksum of bytes that are already in memory. */
export function checksumOf(algorithm: ChecksumAlgorithm, ...blocks: readonly Uint8Array[]): Checksum {
  const hasher = createHasher(algorithm);
  for (const block of blocks) hasher.update(block);
  return { algorithm, value: hasher.digest() };
}

function createCrc32Hasher(crc: (bytes: Uint8Array, previous: number) => number): Hasher {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc(bytes, value);
    },
    digest: () => {
      const bytes = new Uint8Array(checksumBytes.CRC32);
      new DataView(bytes.buffer).setUint32(0, value);
      return toBase64(bytes);
    },
  };
}

function createCrc64Hasher(): Hasher {
  let value = 0n;
  return {
    update: (bytes) => {
      value = crc64nvme(bytes, value);
    },
    digest: () => {
      const bytes = new Uint8Array(checksumBytes.CRC64NVME);
      new DataView(bytes.buffer).setBigUint64(0, value);
      return toBase64(bytes);
    },
  };
}

function createDigestHasher(algorithm: "SHA1" | "SHA256" | "MD5"): Hasher {
  const digest = createDigest(algorithm);
  return { update: digest.update, digest: () => toBase64(digest.digest()) };
}
