import { expect, test } from "vitest";
import { readListedParts } from "../../src/http/listed-parts.ts";

const part = (number: number, more = "") =>
  `<Part><PartNumber>${number}</PartNumber><ETag>&quot;e${number}&quot;</ETag><Size>5</Size>${more}</Part>`;
const list = (parts: string) =>
  `<?xml version="1.0"?><ListPartsResult xmlns="x"><Bucket>b</Bucket>${parts}<IsTruncated>false</IsTruncated></ListPartsResult>`;

test.for([
  ["nothing", list(""), []],
  ["a part", list(part(1)), [{ partNumber: 1, size: 5, etag: '"e1"' }]],
  [
    "parts with checksums",
    list(part(1, "<ChecksumCRC32>Y3Jj</ChecksumCRC32>") + part(2, "<ChecksumSHA256>c2hh</ChecksumSHA256>")),
    [
      { partNumber: 1, size: 5, etag: '"e1"', checksum: "Y3Jj" },
      { partNumber: 2, size: 5, etag: '"e2"', checksum: "c2hh" },
    ],
  ],
  ["an error", "<Error><Code>NoSuchUpload</Code></Error>", undefined],
  ["half an answer", list(part(1)).slice(0, -20), undefined],
] as const)("%s", ([, body, expected]) => {
  expect(readListedParts(body)).toEqual(expected);
});
