import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCompletedParts } from "../../../src/sandbox/operations/completed-parts.ts";

const list = (parts: string) => `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`;
const part = (number: number | string, further = "") =>
  `<Part><ETag>"e"</ETag><PartNumber>${number}</PartNumber>${further}</Part>`;

test("reads numbers, ETags and checksums in any order", () => {
  const sum = "<ChecksumCRC32>AAAAAA==</ChecksumCRC32>";
  expect(parseCompletedParts(list(part(1, sum) + part(9)))).toEqual([
    { partNumber: 1, etag: "e", checksums: { CRC32: "AAAAAA==" } },
    { partNumber: 9, etag: "e", checksums: {} },
  ]);
});

test("takes ten thousand parts and no more", () => {
  const parts = Array.from({ length: 10_000 }, (_, index) => part(index + 1)).join("");
  expect(parseCompletedParts(list(parts))).toHaveLength(10_000);
  expect(() => parseCompletedParts(list(parts + part(10_001)))).toThrow(
    expect.objectContaining({ code: "MalformedXML" }),
  );
});

test.for([
  ["no part", ""],
  ["a part without a number", "<Part><ETag>e</ETag></Part>"],
  ["a part without an ETag", "<Part><PartNumber>1</PartNumber></Part>"],
  ["a part with two numbers", part(1, "<PartNumber>2</PartNumber>")],
  ["a number that is none", part("one")],
] as const)("refuses %s", ([, parts]) => {
  expect(() => parseCompletedParts(list(parts))).toThrow(expect.objectContaining({ code: "MalformedXML" }));
});

test("answers any list with parts in order or with an error of S3's", () => {
  const number = fc.oneof(fc.integer({ min: -1, max: 12 }), fc.constantFrom("x", "", "10001"));
  fc.assert(
    fc.property(fc.array(number), (numbers) => {
      try {
        const parts = parseCompletedParts(list(numbers.map((each) => part(each)).join("")));
        const read = parts.map(({ partNumber }) => partNumber);
        expect(read).toEqual([...new Set(read)].toSorted((one, other) => one - other));
      } catch (error) {
        expect(["MalformedXML", "InvalidArgument", "InvalidPartOrder"]).toContain((error as { code?: string }).code);
      }
    }),
  );
});
