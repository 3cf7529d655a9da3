import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { ChecksumAlgorithm } from "../../src/protocol/messages.ts";
import { isChecksumValue, refuseBadChecksum } from "../../src/signing/checksum-value.ts";

const ofBytes = (length: number) => Buffer.alloc(length, 0xff).toString("base64");

test.for<readonly [ChecksumAlgorithm, bytes: number]>([
  ["CRC32", 4],
  ["CRC32C", 4],
  ["CRC64NVME", 8],
  ["SHA1", 20],
  ["SHA256", 32],
])("%s is the base64 of %d bytes, and of no other number", ([algorithm, bytes]) => {
  expect(isChecksumValue(algorithm, ofBytes(bytes))).toBe(true);
  expect(isChecksumValue(algorithm, ofBytes(bytes - 1))).toBe(false);
  expect(isChecksumValue(algorithm, ofBytes(bytes + 1))).toBe(false);
  expect(isChecksumValue(algorithm, Buffer.alloc(bytes).toString("hex"))).toBe(false);
});

test("a line break or a space in it is refused", () => {
  const value = createHash("sha256").digest("base64");
  for (const bad of [`${value}\n`, ` ${value}`, value.replace("=", "")]) {
    expect(isChecksumValue("SHA256", bad)).toBe(false);
  }
});

test("an algorithm that is not offered is refused by name", () => {
  expect(() => refuseBadChecksum({ algorithm: "SHA1", value: ofBytes(20) }, ["SHA256", "CRC32"])).toThrow(
    "SHA1 is not taken here; use SHA256 or CRC32.",
  );
});
