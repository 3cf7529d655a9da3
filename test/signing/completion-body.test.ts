import { expect, test } from "vitest";
import { completionBody } from "../../src/signing/completion-body.ts";

test("names each part with its ETag and checksum, in the order given", () => {
  const parts = [
    { partNumber: 1, etag: '"a"', checksum: "AAAAAA==" },
    { partNumber: 2, etag: '"b"' },
  ];
  expect(completionBody(parts, "CRC32")).toBe(
    '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
      "<Part><PartNumber>1</PartNumber><ETag>&#34;a&#34;</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>" +
      "<Part><PartNumber>2</PartNumber><ETag>&#34;b&#34;</ETag></Part></CompleteMultipartUpload>",
  );
});

test("leaves checksums out of an upload that has none", () => {
  expect(completionBody([{ partNumber: 1, etag: "a", checksum: "AAAAAA==" }], undefined)).not.toContain("Checksum");
});

test("an ETag cannot write XML", () => {
  expect(completionBody([{ partNumber: 1, etag: "</ETag><x>&" }], undefined)).not.toContain("<x>");
});
