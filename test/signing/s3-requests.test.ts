import { describe, expect, test } from "vitest";
import { checksumTypeOf, completeMultipartUpload, putObject, uploadPart } from "../../src/signing/s3-requests.ts";

const at = { bucket: "drop", key: "k" };
const upload = { ...at, uploadId: "up" };

test("a checksum is a header beside its algorithm, never in the query", () => {
  const request = putObject({ ...at, checksum: { algorithm: "CRC64NVME", value: "AAAAAAAAAAA=" } });
  expect(request.headers).toEqual({
    "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=",
    "x-amz-sdk-checksum-algorithm": "CRC64NVME",
  });
  expect(request.query).toEqual({});
});

test("what is said of the content wins over the object's other headers", () => {
  const request = putObject({
    ...at,
    contentType: "image/png",
    headers: { "content-type": "text/plain", "x-amz-acl": "private" },
  });
  expect(request.headers).toEqual({ "content-type": "image/png", "x-amz-acl": "private" });
});

test("a part has its exact length", () => {
  expect(uploadPart({ ...upload, partNumber: 7, contentLength: 5 })).toEqual({
    ...at,
    method: "PUT",
    query: { partNumber: "7", uploadId: "up" },
    headers: {},
    contentLength: 5,
  });
});

describe("complete", () => {
  test.for([
    ["CRC32", "FULL_OBJECT"],
    ["CRC32C", "FULL_OBJECT"],
    ["CRC64NVME", "FULL_OBJECT"],
    ["SHA1", "COMPOSITE"],
    ["SHA256", "COMPOSITE"],
  ] as const)("a %s of the object is %s", ([algorithm, type]) => {
    expect(checksumTypeOf(algorithm)).toBe(type);
    const { headers } = completeMultipartUpload({ ...upload, objectSize: 1, checksum: { algorithm, value: "x" } });
    expect(headers["x-amz-checksum-type"]).toBe(type);
  });

  test("is bound to the size of the object", () => {
    expect(completeMultipartUpload({ ...upload, objectSize: 12 }).headers["x-amz-mp-object-size"]).toBe("12");
  });
});
