import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { agree, checksumIn, checksumOfParts, storedOtherBytes } from "../../src/upload/answer-checksum.ts";
import { checksumOf } from "../../src/upload/checksum.ts";

const headers = { "x-amz-checksum-sha256": "c2hh", "x-amz-checksum-crc32": "Y3Jj" };

describe("checksumIn", () => {
  test.for([
    ["CRC32", { algorithm: "CRC32", value: "Y3Jj" }],
    ["SHA256", { algorithm: "SHA256", value: "c2hh" }],
    ["CRC32C", { algorithm: "CRC32", value: "Y3Jj" }],
    [undefined, { algorithm: "CRC32", value: "Y3Jj" }],
  ] as const)("prefers %s where it is there", ([preferred, expected]) => {
    expect(checksumIn({ status: 200, headers, body: "" }, preferred)).toEqual(expected);
  });

  test("finds nothing where there is nothing", () => {
    expect(checksumIn({ status: 200, headers: { etag: "x" }, body: "" }, "CRC32")).toBeUndefined();
  });
});

describe("agree", () => {
  const crc = (value: string) => ({ algorithm: "CRC32", value }) as const;
  const sha = (value: string) => ({ algorithm: "SHA256", value }) as const;
  test.for([
    ["the same value", crc("AAAA"), crc("AAAA"), true],
    ["another value", crc("AAAA"), crc("BBBB"), false],
    ["another algorithm says nothing", crc("AAAA"), sha("BBBB"), true],
    ["no answer says nothing", crc("AAAA"), undefined, true],
    ["a number of parts behind it does not matter", sha("AAAA"), sha("AAAA-3"), true],
  ] as const)("%s", ([, ours, theirs, expected]) => {
    expect(agree(ours, theirs)).toBe(expected);
  });
});

describe("checksumOfParts", () => {
  const [one, two] = [Buffer.from("one"), Buffer.from("two")];
  const parts = (algorithm: "CRC32" | "SHA256") =>
    [one, two].map((bytes) => ({ value: checksumOf(algorithm, bytes).value, length: bytes.length }));

  test("is the whole object's for a CRC", () => {
    expect(checksumOfParts("CRC32", parts("CRC32"))).toEqual(checksumOf("CRC32", one, two));
  });

  test("is the hash of the hashes and their number for a SHA", () => {
    const hashes = Buffer.concat([one, two].map((bytes) => createHash("sha256").update(bytes).digest()));
    expect(checksumOfParts("SHA256", parts("SHA256"))).toEqual({
      algorithm: "SHA256",
      value: `${createHash("sha256").update(hashes).digest("base64")}-2`,
    });
  });
});

test("storedOtherBytes names both values", () => {
  const error = storedOtherBytes("k", { algorithm: "CRC32", value: "AAAA" }, { algorithm: "CRC32", value: "BBBB" });
  expect(error).toMatchObject({
    code: "CHECKSUM_MISMATCH",
    message: "S3 stored other bytes under k than those that were sent.",
    why: "Their CRC32 is BBBB; that of the file is AAAA.",
  });
});
