import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksumOf } from "../../src/sandbox/checksum.ts";
import {
  compositeChecksum,
  fullObjectChecksum,
  isFullObjectAlgorithm,
  multipartEtag,
} from "../../src/sandbox/checksum-combine.ts";

const algorithms = ["CRC32", "CRC32C", "CRC64NVME"] as const;

describe.for(algorithms)("%s of a whole object from its parts", (algorithm) => {
  test("equals that of the joined bytes, however they are cut", async () => {
    const anyParts = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(anyParts, async (pieces) => {
        const parts = await Promise.all(
          pieces.map(async (piece) => ({ value: await checksumOf(algorithm, piece), size: piece.length })),
        );
        const whole = await checksumOf(algorithm, Buffer.concat(pieces));
        expect(fullObjectChecksum(algorithm, parts)).toEqual({ algorithm, value: whole });
      }),
    );
  });

  test("holds for parts of the largest size: 5 GiB of zeros twice equal 10 GiB of zeros once", async () => {
    const GIB = 1024 ** 3;
    const zeros = await checksumOf(algorithm, Buffer.alloc(2 ** 20));
    const double = (part: { value: string; size: number }) => ({
      value: fullObjectChecksum(algorithm, [part, part]).value,
      size: 2 * part.size,
    });
    let part = { value: zeros, size: 2 ** 20 };
    while (part.size < GIB) part = double(part);
    const five = { value: fullObjectChecksum(algorithm, Array(5).fill(part)).value, size: 5 * GIB };
    const ten = fullObjectChecksum(algorithm, Array(10).fill(part));
    expect(fullObjectChecksum(algorithm, [five, five])).toEqual(ten);
  });
});

test("only CRCs can be combined", () => {
  expect(["CRC32", "SHA1", "SHA256", "CRC64NVME"].map((name) => isFullObjectAlgorithm(name as "CRC32"))).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test("a composite checksum is that of the raw checksums, with the number of parts", async () => {
  const parts = ["first", "second"].map((text) => ({ value: createHash("sha256").update(text).digest("base64") }));
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part.value, "base64")));
  expect(await compositeChecksum("SHA256", parts)).toEqual({
    algorithm: "SHA256",
    value: `${createHash("sha256").update(joined).digest("base64")}-2`,
  });
});

test("a multipart ETag is the MD5 of the raw MD5s", () => {
  // as `printf %s <hex> | xxd -r -p | md5sum` says of the MD5 of no bytes
  expect(multipartEtag(["d41d8cd98f00b204e9800998ecf8427e"])).toBe("59adb24ef3cdbe0297f05b395827453f-1");
});
