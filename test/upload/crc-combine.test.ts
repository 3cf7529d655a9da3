import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksumOf } from "../../src/upload/checksum.ts";
import { combineChecksums } from "../../src/upload/crc-combine.ts";

const algorithms = ["CRC32", "CRC32C", "CRC64NVME"] as const;

describe.for(algorithms)("%s", (algorithm) => {
  test("of parts is that of the whole, however it is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 }), (parts) => {
        const combined = combineChecksums(
          algorithm,
          parts.map((part) => ({ value: checksumOf(algorithm, part).value, length: part.length })),
        );
        expect(combined).toEqual(checksumOf(algorithm, ...parts));
      }),
    );
  });

  test("of 10,000 parts of 5 GiB is quickly there", () => {
    const part = { value: checksumOf(algorithm, Buffer.from("x")).value, length: 5 * 1024 ** 3 };
    const parts = Array.from({ length: 10_000 }, () => part);
    expect(combineChecksums(algorithm, parts)?.value).toMatch(/=$/);
  });
});

test.for(["SHA1", "SHA256"] as const)("%s of parts does not add up", (algorithm) => {
  expect(combineChecksums(algorithm, [{ value: "", length: 1 }])).toBeUndefined();
});
