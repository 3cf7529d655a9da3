import { describe, expect, test } from "vitest";
import {
  type ChecksumAlgorithm,
  checksumAlgorithmNamed,
  checksumHasher,
  checksumOf,
  isChecksumValue,
} from "../../src/sandbox/checksum.ts";

/** Of "123456789": the check values of the catalogue of parametrised CRCs, and of sha1sum and sha256sum. */
const checkValues: readonly (readonly [ChecksumAlgorithm, string])[] = [
  ["CRC32", "cbf43926"],
  ["CRC32C", "e3069283"],
  ["CRC64NVME", "ae8b14860a799888"],
  ["SHA1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"],
  ["SHA256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"],
];

describe("the check values", () => {
  test.for(checkValues)("%s", async ([algorithm, hex]) => {
    const value = Buffer.from(hex, "hex").toString("base64");
    expect(await checksumOf(algorithm, Buffer.from("123456789"))).toBe(value);
    const hasher = checksumHasher(algorithm);
    for (const character of "123456789") hasher.update(Buffer.from(character));
    expect(await hasher.digest()).toBe(value);
  });
});

test.for([
  ["CRC32", "AAAAAA=="],
  ["CRC32C", "AAAAAA=="],
  ["CRC64NVME", "AAAAAAAAAAA="],
  ["SHA256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="],
] as const)("%s of no bytes", async ([algorithm, value]) => {
  expect(await checksumOf(algorithm, Buffer.alloc(0))).toBe(value);
});

test.for([
  ["CRC32", "y/Q5Jg==", true],
  ["CRC32", "y/Q5Jg", false],
  ["CRC32", "cbf43926", false],
  ["CRC32", "y/Q5J!==", false],
  ["CRC32", "", false],
  ["CRC64NVME", "y/Q5Jg==", false],
  ["SHA256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", true],
  ["SHA256", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=", false],
] as const)("%s: is %s a value? %s", ([algorithm, text, expected]) => {
  expect(isChecksumValue(algorithm, text)).toBe(expected);
});

test.for([
  ["crc32c", "CRC32C"],
  ["Crc64Nvme", "CRC64NVME"],
  ["md5", undefined],
  ["constructor", undefined],
] as const)("the algorithm named %s is %s", ([name, algorithm]) => {
  expect(checksumAlgorithmNamed(name)).toBe(algorithm);
});
