import { expect, test } from "vitest";
import { beginUpload, sendPart } from "../../support/multipart-uploads.ts";
import { elementOf, elementsOf, outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const { send } = useSandbox();

async function uploadWithParts(numbers: readonly number[], headers = {}): Promise<string> {
  const uploadId = await beginUpload(send, "a", headers);
  for (const number of numbers) await sendPart(send, "a", uploadId, number, "hello");
  return uploadId;
}

test("lists parts by number, with size, ETag and the upload's checksum", async () => {
  const whole = { "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT" };
  const uploadId = await uploadWithParts([10, 2, 1], whole);
  const { body } = await send(`GET /drop/a?uploadId=${uploadId}`);
  expect(elementsOf(body, "PartNumber")).toEqual(["1", "2", "10"]);
  expect(elementsOf(body, "Size")).toEqual(["5", "5", "5"]);
  expect(elementsOf(body, "ETag")[0]).toBe("&quot;5d41402abc4b2a76b9719d911017c592&quot;");
  expect(elementsOf(body, "ChecksumCRC32")).toEqual(["NhCmhg==", "NhCmhg==", "NhCmhg=="]);
  expect(elementOf(body, "ChecksumType")).toBe("FULL_OBJECT");
  expect(elementOf(body, "IsTruncated")).toBe("false");
});

test("goes on after a part", async () => {
  const uploadId = await uploadWithParts([1, 2, 3]);
  const first = (await send(`GET /drop/a?max-parts=2&uploadId=${uploadId}`)).body;
  expect(elementsOf(first, "PartNumber")).toEqual(["1", "2"]);
  expect([elementOf(first, "IsTruncated"), elementOf(first, "NextPartNumberMarker")]).toEqual(["true", "2"]);
  const second = (await send(`GET /drop/a?part-number-marker=2&uploadId=${uploadId}`)).body;
  expect(elementsOf(second, "PartNumber")).toEqual(["3"]);
});

test("an upload without a checksum of the client's shows none", async () => {
  const uploadId = await uploadWithParts([1]);
  expect((await send(`GET /drop/a?uploadId=${uploadId}`)).body).not.toContain("Checksum");
});

test.for([
  ["an upload that nobody began", "uploadId=nobody", "404 NoSuchUpload"],
  ["a limit that is no number", "max-parts=x&uploadId=ID", "400 InvalidArgument"],
  ["a marker that is no number", "part-number-marker=x&uploadId=ID", "400 InvalidArgument"],
] as const)("refuses %s", async ([, query, outcome]) => {
  const uploadId = await uploadWithParts([]);
  expect(outcomeOf(await send(`GET /drop/a?${query.replace("ID", uploadId)}`))).toBe(outcome);
});
