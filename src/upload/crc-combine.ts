/**
 * The checksum of a whole object from those of its parts, without reading a byte again.
 *
 * A CRC is a remainder of polynomials over GF(2), so crc(A followed by B) = crc(A) * x^(8 * length of B) + crc(B). The
 * all-ones start and end values of these three algorithms cancel out. Everything is in reflected bit order: the highest
 * bit stands for x^0.
 */
import type { Checksum, ChecksumAlgorithm } from "../protocol/messages.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import { checksumBytes } from "./checksum.ts";
import { CRC32_POLYNOMIAL } from "./crc32.ts";
import { CRC32C_POLYNOMIAL } from "./crc32c.ts";
import { CRC64NVME_POLYNOMIAL } from "./crc64nvme.ts";
import { fromHex, toHex } from "./hex.ts";

/** One part's checksum in base64 and its length in bytes. */
export interface PartChecksum {
  readonly value: string;
  readonly length: number;
}

/**
 * The whole object's checksum of parts in order; undefined for an algorithm whose parts do not add up (the SHAs).
 * No parts: the checksum of no bytes.
 */
export function combineChecksums(algorithm: ChecksumAlgorithm, parts: readonly PartChecksum[]): Checksum | undefined {
  const field = fieldOf(algorithm);
  if (field === undefined) return undefined;

  const shiftFor = rememberShifts(field);
  const whole = parts.reduce((crc, part) => multiply(field, shiftFor(part.length), crc) ^ numberIn(part.value), 0n);
  return { algorithm, value: textOf(whole, checksumBytes[algorithm]) };
}

interface Field {
  readonly polynomial: bigint;
  /** x^0, the highest bit. */
  readonly one: bigint;
}

function fieldOf(algorithm: ChecksumAlgorithm): Field | undefined {
  switch (algorithm) {
    case "CRC32":
      return { polynomial: BigInt(CRC32_POLYNOMIAL), one: 1n << 31n };
    case "CRC32C":
      return { polynomial: BigInt(CRC32C_POLYNOMIAL), one: 1n << 31n };
    case "CRC64NVME":
      return { polynomial: CRC64NVME_POLYNOMIAL, one: 1n << 63n };
    case "SHA1":
    case "SHA256":
      return undefined;
  }
}

/** All parts but the last are equally long, so ten thousand parts need two powers of x. */
function rememberShifts(field: Field): (length: number) => bigint {
  const known = new Map<number, bigint>();
  return (length) => {
    const shift = known.get(length) ?? powerOfX(field, 8n * BigInt(length));
    known.set(length, shift);
    return shift;
  };
}

function powerOfX(field: Field, exponent: bigint): bigint {
  let result = field.one;
  let square = field.one >> 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(field, square, result);
    square = multiply(field, square, square);
  }
  return result;
}

function multiply({ polynomial, one }: Field, a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = one; bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}

function numberIn(value: string): bigint {
  return BigInt(`0x${toHex(fromBase64(value)) || "0"}`);
}

function textOf(crc: bigint, bytes: number): string {
  return toBase64(fromHex(crc.toString(16).padStart(bytes * 2, "0")));
}
