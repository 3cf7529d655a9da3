import { describe, expect, test } from "vitest";
import { readCompletion, readCreation, readS3Error } from "../../src/signing/s3-answers.ts";

describe("errors", () => {
  test.for<readonly [string, body: string, expected: unknown]>([
    [
      "an error with everything",
      '<?xml version="1.0"?>\n<Error><Code>AuthorizationHeaderMalformed</Code><Message>a &lt;b&gt; &#39;c&#39;</Message><Region>eu-west-1</Region></Error>',
      { code: "AuthorizationHeaderMalformed", message: "a <b> 'c'", region: "eu-west-1" },
    ],
    [
      "an error that was cut off",
      "<Error><Code>SlowDown</Code><Mess",
      { code: "SlowDown", message: undefined, region: undefined },
    ],
    [
      "an error with a namespace",
      '<Error xmlns="x"><Code>A</Code></Error>',
      { code: "A", message: undefined, region: undefined },
    ],
    ["an error without members", "<Error></Error>", { code: undefined, message: undefined, region: undefined }],
    ["HTML", "<html><body>502 Bad Gateway</body></html>", undefined],
    ["nothing", "", undefined],
    ["a success", "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>", undefined],
  ])("%s", ([, body, expected]) => {
    expect(readS3Error(body)).toEqual(expected);
  });
});

describe("the answer to a complete", () => {
  test.for<readonly [string, body: string, expected: unknown]>([
    [
      "with a checksum",
      '<CompleteMultipartUploadResult xmlns="x"><ETag>&quot;e-2&quot;</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32></CompleteMultipartUploadResult>',
      { etag: '"e-2"', checksum: { algorithm: "CRC32", value: "AAAAAA==" } },
    ],
    ["without", "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>", { etag: "e" }],
    ["without an ETag", "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>", undefined],
    ["cut off", "<CompleteMultipartUploadResult><ETag>e</ETag>", undefined],
    ["an error under a 200", "<Error><Code>InternalError</Code></Error>", undefined],
  ])("%s", ([, body, expected]) => {
    expect(readCompletion(body)).toEqual(expected);
  });
});

describe("the answer to a create", () => {
  test.for<readonly [string, body: string, expected: unknown]>([
    [
      "an upload id with signs of XML",
      '<InitiateMultipartUploadResult xmlns="x"><Key>k</Key><UploadId>a&amp;b</UploadId></InitiateMultipartUploadResult>',
      "a&b",
    ],
    ["none", "<InitiateMultipartUploadResult></InitiateMultipartUploadResult>", undefined],
    ["an empty one", "<InitiateMultipartUploadResult><UploadId></UploadId></InitiateMultipartUploadResult>", undefined],
    ["cut off", "<InitiateMultipartUploadResult><UploadId>u</UploadId>", undefined],
    ["an error", "<Error><UploadId>u</UploadId></Error>", undefined],
  ])("%s", ([, body, expected]) => {
    expect(readCreation(body)).toBe(expected);
  });
});
