import { describe, expect, test } from "vitest";
import { beginUpload, completeUpload, sendPart } from "../../support/multipart-uploads.ts";
import { base64Sha256, elementOf, outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const { send } = useSandbox();
const crc32 = { "x-amz-checksum-crc32": "NhCmhg==" };
const sha256 = { "x-amz-checksum-sha256": base64Sha256("hello") };
const composite = { "x-amz-checksum-algorithm": "SHA256" };
const whole = { "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT" };

describe("a part's checksum", () => {
  test.for([
    ["the upload's own", composite, sha256, "200"],
    ["missing where the parts' checksums make the object's", composite, {}, "400 InvalidRequest"],
    ["another than the upload's", composite, crc32, "400 InvalidRequest"],
    ["wrong", composite, { "x-amz-checksum-sha256": base64Sha256("other") }, "400 BadDigest"],
    ["missing where S3 calculates that of the whole", whole, {}, "200"],
    ["any where the upload has none", {}, crc32, "200"],
    ["missing where the upload has none", {}, {}, "200"],
  ] as const)("%s", async ([, begin, headers, outcome]) => {
    const uploadId = await beginUpload(send, "a", begin as Record<string, string>);
    expect(outcomeOf(await sendPart(send, "a", uploadId, 1, "hello", headers as Record<string, string>))).toBe(outcome);
  });

  test("is named when it is of the wrong kind", async () => {
    const uploadId = await beginUpload(send, "a", composite);
    const { body } = await sendPart(send, "a", uploadId, 1, "hello");
    expect(elementOf(body, "Message")).toBe(
      "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: null",
    );
  });

  test("is answered with the ETag", async () => {
    const uploadId = await beginUpload(send, "a", composite);
    const { headers } = await sendPart(send, "a", uploadId, 1, "hello", sha256);
    expect(headers).toMatchObject({ etag: '"5d41402abc4b2a76b9719d911017c592"', ...sha256 });
  });
});

test.for(["0", "10001", "-1", "x", "1.5"])("there is no part %s", async (number) => {
  const uploadId = await beginUpload(send, "a");
  const answer = await send(`PUT /drop/a?partNumber=${number}&uploadId=${uploadId}`, {}, "hello");
  expect(outcomeOf(answer)).toBe("400 InvalidArgument");
});

test("there is a part 10000", async () => {
  const uploadId = await beginUpload(send, "a");
  expect(outcomeOf(await sendPart(send, "a", uploadId, 10_000, "hello"))).toBe("200");
});

test("an upload that nobody began takes no part", async () => {
  expect(outcomeOf(await sendPart(send, "a", "nobody", 1, "hello"))).toBe("404 NoSuchUpload");
});

describe("UploadPartCopy", () => {
  test("takes a range of an object as a part", async () => {
    await send("PUT /drop/source", {}, "0123456789");
    const uploadId = await beginUpload(send, "copy");
    const headers = { "x-amz-copy-source": "/drop/source", "x-amz-copy-source-range": "bytes=2-4" };
    const copied = await send(`PUT /drop/copy?partNumber=1&uploadId=${uploadId}`, headers);
    const etag = elementOf(copied.body, "ETag") ?? "";
    expect(outcomeOf(await completeUpload(send, "copy", uploadId, [{ partNumber: 1, etag }]))).toBe("200");
    expect((await send("GET /drop/copy")).body).toBe("234");
  });

  test.for([
    [
      "a range beyond the end",
      { "x-amz-copy-source": "/drop/source", "x-amz-copy-source-range": "bytes=2-10" },
      "400 InvalidArgument",
    ],
    ["a source that is not there", { "x-amz-copy-source": "/drop/none" }, "404 NoSuchKey"],
  ] as const)("refuses %s", async ([, headers, outcome]) => {
    await send("PUT /drop/source", {}, "0123456789");
    const uploadId = await beginUpload(send, "copy");
    expect(outcomeOf(await send(`PUT /drop/copy?partNumber=1&uploadId=${uploadId}`, headers))).toBe(outcome);
  });
});
