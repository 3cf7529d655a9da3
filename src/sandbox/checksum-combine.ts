/**
 * Checksums of multipart objects from those of their parts: a full-object CRC without reading a byte again, and the
 * checksum of checksums. Source: "Checking object integrity in Amazon S3", multipart uploads.
 */
import { createHash } from "node:crypto";
import { type Checksum, type ChecksumAlgorithm, checksumOf } from "./checksum.ts";

/** A part's checksum in base64 and its size in bytes. */
export interface PartChecksum {
  readonly value: string;
  readonly size: number;
}

/** Only these can be combined: a CRC is linear, a SHA is not. */
export type FullObjectAlgorithm = Extract<ChecksumAlgorithm, `CRC${string}`>;

interface Polynomial {
  readonly bits: number;
  /** Bit reversed: the lowest bit stands for the highest power. */
  readonly reversed: bigint;
}

const polynomials = {
  CRC32: { bits: 32, reversed: 0xedb88320n },
  CRC32C: { bits: 32, reversed: 0x82f63b78n },
  CRC64NVME: { bits: 64, reversed: 0x9a6c9329ac4bc9b5n },
} as const satisfies Record<FullObjectAlgorithm, Polynomial>;

export function isFullObjectAlgorithm(algorithm: ChecksumAlgorithm): algorithm is FullObjectAlgorithm {
  return Object.hasOwn(polynomials, algorithm);
}

/** The checksum of the whole object. Without parts it is that of no bytes. */
export function fullObjectChecksum(algorithm: FullObjectAlgorithm, parts: readonly PartChecksum[]): Checksum {
  const polynomial = polynomials[algorithm];
  const shifts = new Map<number, bigint>();
  const combined = parts.reduce((crc, part) => {
    const shift = shifts.get(part.size) ?? powerOfX(8 * part.size, polynomial);
    // nearly all parts have one size, and the power costs far more than the product
    shifts.set(part.size, shift);
    return multiply(crc, shift, polynomial) ^ fromBase64(part.value);
  }, 0n);
  return { algorithm, value: toBase64(combined, polynomial.bits) };
}

/** The checksum of the parts' checksums, `base64-N`. */
export async function compositeChecksum(
  algorithm: ChecksumAlgorithm,
  parts: readonly Pick<PartChecksum, "value">[],
): Promise<Checksum> {
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part.value, "base64")));
  return { algorithm, value: `${await checksumOf(algorithm, joined)}-${parts.length}` };
}

/** ETag of a multipart object, without quotes. @param md5s hex, in the order of the parts */
export function multipartEtag(md5s: readonly string[]): string {
  const joined = Buffer.concat(md5s.map((md5) => Buffer.from(md5, "hex")));
  return `${createHash("md5").update(joined).digest("hex")}-${md5s.length}`;
}

/**
 * The product of two polynomials over GF(2), modulo the CRC's. A CRC followed by n zero bits is the CRC times x^n, and
 * since initial value and final complement are the same here, they cancel out: crc(AB) = crc(A) x^|B| + crc(B).
 */
function multiply(left: bigint, right: bigint, { bits, reversed }: Polynomial): bigint {
  let product = 0n;
  let shifted = right;
  for (let bit = 1n << BigInt(bits - 1); bit > 0n; bit >>= 1n) {
    if ((left & bit) !== 0n) product ^= shifted;
    shifted = (shifted & 1n) === 0n ? shifted >> 1n : (shifted >> 1n) ^ reversed;
  }
  return product;
}

/** x to the given power, by squaring. */
function powerOfX(exponent: number, polynomial: Polynomial): bigint {
  const one = 1n << BigInt(polynomial.bits - 1);
  let result = one;
  let square = one >> 1n;
  for (let rest = BigInt(exponent); rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = multiply(result, square, polynomial);
    square = multiply(square, square, polynomial);
  }
  return result;
}

function fromBase64(text: string): bigint {
  return BigInt(`0x${Buffer.from(text, "base64").toString("hex")}`);
}

function toBase64(value: bigint, bits: number): string {
  return Buffer.from(value.toString(16).padStart(bits / 4, "0"), "hex").toString("base64");
}
