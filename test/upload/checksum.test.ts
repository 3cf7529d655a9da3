import { describe, expect, test } from "vitest";
import { checksumAlgorithmOf, checksumChoices, checksumOf, createHasher } from "../../src/upload/checksum.ts";

/** "123456789", the check input of every CRC catalogue, and no bytes at all. */
const known = [
  ["CRC32", "123456789", "cbf43926"],
  ["CRC32C", "123456789", "e3069283"],
  ["CRC64NVME", "123456789", "ae8b14860a799888"],
  ["SHA1", "123456789", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"],
  ["SHA256", "123456789", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"],
  ["CRC32", "", "00000000"],
  ["CRC32C", "", "00000000"],
  ["CRC64NVME", "", "0000000000000000"],
  ["SHA256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
] as const;

test.for(known)("%s of %j is %s", ([algorithm, text, hex]) => {
  expect(checksumOf(algorithm, Buffer.from(text))).toEqual({
    algorithm,
    value: Buffer.from(hex, "hex").toString("base64"),
  });
});

describe("createHasher", () => {
  test.for(known)("%s of %j comes out the same in any pieces", ([algorithm, text, hex]) => {
    const hasher = createHasher(algorithm);
    for (const byte of Buffer.from(text)) hasher.update(Uint8Array.of(byte));
    expect(hasher.digest()).toBe(Buffer.from(hex, "hex").toString("base64"));
  });
});

test("every choice but none and MD5, which S3 does not call a checksum, has an algorithm", () => {
  expect(checksumChoices.map((choice) => [choice, checksumAlgorithmOf(choice)])).toEqual([
    ["crc32", "CRC32"],
    ["crc32c", "CRC32C"],
    ["crc64nvme", "CRC64NVME"],
    ["sha256", "SHA256"],
    ["md5", undefined],
    ["none", undefined],
  ]);
});
