import { describe, expect, test } from "vitest";
import { beginUpload, completeUpload, sendPart } from "../../support/multipart-uploads.ts";
import { elementOf, outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const { send } = useSandbox();

describe("the checksum of an upload", () => {
  test.for([
    ["none", {}, undefined, undefined],
    ["CRC32 of each part by default", { "x-amz-checksum-algorithm": "CRC32" }, "CRC32", "COMPOSITE"],
    [
      "CRC32 of the whole on request",
      { "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT" },
      "CRC32",
      "FULL_OBJECT",
    ],
    ["CRC64NVME always of the whole", { "x-amz-checksum-algorithm": "CRC64NVME" }, "CRC64NVME", "FULL_OBJECT"],
    ["SHA-256 always of each part", { "x-amz-checksum-algorithm": "sha256" }, "SHA256", "COMPOSITE"],
  ] as const)("is %s", async ([, headers, algorithm, type]) => {
    const answer = await send("POST /drop/a?uploads=", headers as Record<string, string>);
    expect(answer.status).toBe(200);
    expect(answer.headers["x-amz-checksum-algorithm"]).toBe(algorithm);
    expect(answer.headers["x-amz-checksum-type"]).toBe(type);
  });

  test.for([
    [
      "SHA-256 of the whole",
      { "x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-type": "FULL_OBJECT" },
      "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.",
    ],
    [
      "CRC64NVME of each part",
      { "x-amz-checksum-algorithm": "CRC64NVME", "x-amz-checksum-type": "COMPOSITE" },
      "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.",
    ],
    [
      "a type of nothing",
      { "x-amz-checksum-type": "FULL_OBJECT" },
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    ],
    [
      "a type that does not exist",
      { "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "HALF" },
      "Value for x-amz-checksum-type header is invalid.",
    ],
  ] as const)("cannot be %s", async ([, headers, message]) => {
    const answer = await send("POST /drop/a?uploads=", headers);
    expect(outcomeOf(answer)).toBe("400 InvalidRequest");
    expect(elementOf(answer.body, "Message")).toBe(message);
  });
});

test("what the beginning says of the object, the object has in the end", async () => {
  const described = { "content-type": "image/png", "x-amz-meta-a": "1", "x-amz-storage-class": "STANDARD_IA" };
  const uploadId = await beginUpload(send, "described", described);
  const { headers } = await sendPart(send, "described", uploadId, 1, "hello");
  await completeUpload(send, "described", uploadId, [{ partNumber: 1, etag: headers.etag ?? "" }]);
  expect((await send("HEAD /drop/described")).headers).toMatchObject(described);
});

describe("AbortMultipartUpload", () => {
  test("ends the upload, once", async () => {
    const uploadId = await beginUpload(send, "aborted");
    await sendPart(send, "aborted", uploadId, 1, "hello");
    expect((await send(`DELETE /drop/aborted?uploadId=${uploadId}`)).status).toBe(204);
    expect(outcomeOf(await send(`DELETE /drop/aborted?uploadId=${uploadId}`))).toBe("404 NoSuchUpload");
    expect(outcomeOf(await sendPart(send, "aborted", uploadId, 2, "hello"))).toBe("404 NoSuchUpload");
  });

  test("does not end the upload of another key", async () => {
    const uploadId = await beginUpload(send, "mine");
    expect(outcomeOf(await send(`DELETE /drop/yours?uploadId=${uploadId}`))).toBe("404 NoSuchUpload");
    expect(outcomeOf(await sendPart(send, "mine", uploadId, 1, "hello"))).toBe("200");
  });
});
