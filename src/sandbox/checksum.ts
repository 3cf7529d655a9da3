import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc32c } from "@aws-crypto/crc32c";
import { Crc64Nvme } from "@aws-sdk/crc64-nvme";

/** In the order in which S3 lists them. */
export const checksumAlgorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64 of the big-endian bytes; of a multipart object's composite checksum also `-` and the number of parts. */
  readonly value: string;
}

export interface ChecksumHasher {
  update(bytes: Uint8Array): void;
  /** Ends it. Base64. */
  digest(): Promise<string>;
}

const byteLengths = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 } as const satisfies Record<
  ChecksumAlgorithm,
  number
>;

const hashers = {
  CRC32: () => crc32Hasher(),
  CRC32C: () => crc32cHasher(),
  CRC64NVME: () => crc64NvmeHasher(),
  SHA1: () => nodeHasher(createHash("sha1")),
  SHA256: () => nodeHasher(createHash("sha256")),
} as const satisfies Record<ChecksumAlgorithm, () => ChecksumHasher>;

export function checksumHasher(algorithm: ChecksumAlgorithm): ChecksumHasher {
  return hashers[algorithm]();
}

/** In one go, of bytes that are all there. */
export async function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Promise<string> {
  const hasher = checksumHasher(algorithm);
  hasher.update(bytes);
  return hasher.digest();
}

/** Reads an algorithm's name in any case, as it comes in `x-amz-sdk-checksum-algorithm` or at the end of a header's name. */
export function checksumAlgorithmNamed(name: string): ChecksumAlgorithm | undefined {
  return checksumAlgorithms.find((algorithm) => algorithm === name.toUpperCase());
}

/** Whether the text is base64 of as many bytes as the algorithm makes. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, text: string): boolean {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === byteLengths[algorithm] && bytes.toString("base64") === text;
}

function crc32Hasher(): ChecksumHasher {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    digest: async () => base64OfUint32(value),
  };
}

function crc32cHasher(): ChecksumHasher {
  const crc = new Crc32c();
  return {
    update: (bytes) => {
      crc.update(bytes);
    },
    digest: async () => base64OfUint32(crc.digest()),
  };
}

function crc64NvmeHasher(): ChecksumHasher {
  const crc = new Crc64Nvme();
  return {
    update: (bytes) => {
      crc.update(bytes);
    },
    digest: async () => Buffer.from(await crc.digest()).toString("base64"),
  };
}

function nodeHasher(hash: Hash): ChecksumHasher {
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: async () => hash.digest("base64"),
  };
}

function base64OfUint32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString("base64");
}
