import type { Checksum, ChecksumAlgorithm } from "./checksum.ts";

/** A part's checksum and its size in bytes. */
export interface PartChecksum {
  readonly value: string;
  readonly size: number;
}

/** The checksum of the whole object from those of its parts; only the CRCs can be combined. */
export declare function fullObjectChecksum(
  algorithm: Extract<ChecksumAlgorithm, `CRC${string}`>,
  parts: readonly PartChecksum[],
): Checksum;

/** The checksum of the parts' checksums, `base64-N`. */
export declare function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly PartChecksum[]): Checksum;
