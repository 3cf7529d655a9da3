import { describe, expect, test } from "vitest";
import { announcedChecksum, contentMd5 } from "../../src/sandbox/checksum-headers.ts";
import { refusalOf } from "../support/access-keys.ts";

const CRC32 = { "x-amz-checksum-crc32": "y/Q5Jg==" };
const SHA1 = { "x-amz-checksum-sha1": "98O8HYCOBHMq32eZZczDTKeuNEE=" };
const MULTIPLE = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.";

test.for([
  ["nothing", {}, undefined],
  ["a header", CRC32, { algorithm: "CRC32", place: "header", value: "y/Q5Jg==" }],
  ["a header and its name", { ...CRC32, "x-amz-sdk-checksum-algorithm": "crc32" }, { algorithm: "CRC32" }],
  ["a trailer", { "x-amz-trailer": "x-amz-checksum-crc64nvme" }, { algorithm: "CRC64NVME", place: "trailer" }],
  ["a trailer and commas", { "x-amz-trailer": "x-amz-checksum-crc32,," }, { algorithm: "CRC32", place: "trailer" }],
  [
    "only what kind of checksum",
    { "x-amz-checksum-type": "FULL_OBJECT", "x-amz-checksum-algorithm": "CRC32" },
    undefined,
  ],
] as const)("finds in %s what was announced", ([, headers, expected]) => {
  const announced = announcedChecksum(headers);
  if (expected === undefined) expect(announced).toBeUndefined();
  else expect(announced).toMatchObject(expected);
});

test.for([
  ["two checksums", { ...CRC32, ...SHA1 }, MULTIPLE],
  ["two trailers", { "x-amz-trailer": "x-amz-checksum-crc32, x-amz-checksum-sha1" }, MULTIPLE],
  [
    "a header and a trailer",
    { ...CRC32, "x-amz-trailer": "x-amz-checksum-crc32" },
    "Expecting a single x-amz-checksum- header",
  ],
  [
    "a value of the wrong length",
    { "x-amz-checksum-crc32": "AAAA" },
    "Value for x-amz-checksum-crc32 header is invalid.",
  ],
  ["a value in hex", { "x-amz-checksum-crc32": "cbf43926" }, "Value for x-amz-checksum-crc32 header is invalid."],
  [
    "an unknown algorithm",
    { "x-amz-checksum-bad": "AAAA" },
    "The algorithm type you specified in x-amz-checksum- header is invalid.",
  ],
  [
    "an unknown trailer",
    { "x-amz-trailer": "x-amz-meta-a" },
    "The value specified in the x-amz-trailer header is not supported",
  ],
  [
    "a comma before the trailer",
    { "x-amz-trailer": ",x-amz-checksum-crc32" },
    "The value specified in the x-amz-trailer header is not supported",
  ],
  [
    "another algorithm than was named",
    { ...CRC32, "x-amz-sdk-checksum-algorithm": "SHA256" },
    "Value for x-amz-sdk-checksum-algorithm header is invalid.",
  ],
  [
    "a name and no checksum",
    { "x-amz-sdk-checksum-algorithm": "CRC32" },
    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
  ],
] as const)("refuses %s", async ([, headers, message]) => {
  expect(await refusalOf(() => announcedChecksum(headers))).toMatchObject({
    code: "InvalidRequest",
    status: 400,
    message,
  });
});

test.for(["x-amz-checksum-sha512", "x-amz-checksum-md5", "x-amz-checksum-xxhash64"])(
  "%s is S3's, and not implemented here",
  async (name) => {
    expect(await refusalOf(() => announcedChecksum({ [name]: "AAAA" }))).toMatchObject({
      code: "NotImplemented",
      status: 501,
      details: { Header: name },
    });
  },
);

describe("Content-MD5", () => {
  test("is read as hex", () => {
    expect(contentMd5({ "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" })).toBe("d41d8cd98f00b204e9800998ecf8427e");
    expect(contentMd5({})).toBeUndefined();
  });

  test.for(["invalid", "1B2M2Y8AsgTpgAmY7PhCfg", "d41d8cd98f00b204e9800998ecf8427e", ""])(
    "may not be «%s»",
    async (text) => {
      expect(await refusalOf(() => contentMd5({ "content-md5": text }))).toMatchObject({
        code: "InvalidDigest",
        details: { "Content-MD5": text },
      });
    },
  );
});
