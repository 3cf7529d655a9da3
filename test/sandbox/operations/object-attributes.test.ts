import { expect, test } from "vitest";
import { uploadInParts } from "../../support/multipart-uploads.ts";
import { elementOf, elementsOf, outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const { send } = useSandbox();
const all = "ETag,Checksum,ObjectParts,StorageClass,ObjectSize";

test("tells what was asked for, in S3's order", async () => {
  await send("PUT /drop/a", { "x-amz-checksum-crc32": "NhCmhg==" }, "hello");
  const { body } = await send("GET /drop/a?attributes=", { "x-amz-object-attributes": all });
  expect(body).toContain(
    "<ETag>5d41402abc4b2a76b9719d911017c592</ETag><Checksum><ChecksumCRC32>NhCmhg==</ChecksumCRC32><ChecksumType>FULL_OBJECT</ChecksumType></Checksum><StorageClass>STANDARD</StorageClass><ObjectSize>5</ObjectSize>",
  );
  const only = await send("GET /drop/a?attributes=", { "x-amz-object-attributes": "ObjectSize" });
  expect(only.body).not.toContain("ETag");
});

test("lists the parts of a composite checksum, which itself stands without their number", async () => {
  await uploadInParts(send, "composite", ["a".repeat(5 * 1024 ** 2), "b"], { "x-amz-checksum-algorithm": "SHA256" });
  const { body } = await send("GET /drop/composite?attributes=", { "x-amz-object-attributes": all });
  expect(elementOf(body, "PartsCount")).toBe("2");
  expect(elementsOf(body, "Size")).toEqual(["5242880", "1"]);
  expect(elementsOf(body, "ChecksumSHA256")[0]).toMatch(/=$/);
  const second = await send("GET /drop/composite?attributes=", {
    "x-amz-object-attributes": "ObjectParts",
    "x-amz-max-parts": "1",
    "x-amz-part-number-marker": "1",
  });
  expect(elementsOf(second.body, "PartNumber")).toEqual(["2"]);
});

test("counts the parts where the checksum is of the whole", async () => {
  await uploadInParts(send, "whole", ["a"]);
  const { body } = await send("GET /drop/whole?attributes=", { "x-amz-object-attributes": all });
  expect(elementOf(body, "PartsCount")).toBe("1");
  expect(elementsOf(body, "PartNumber")).toEqual([]);
});

test.for([
  ["an attribute that is none", "a", { "x-amz-object-attributes": "Colour" }, "400 InvalidArgument"],
  ["no attribute at all", "a", {}, "400 InvalidArgument"],
  ["an object that is not there", "none", { "x-amz-object-attributes": "ETag" }, "404 NoSuchKey"],
] as const)("refuses %s", async ([, key, headers, outcome]) => {
  await send("PUT /drop/a", {}, "hello");
  expect(outcomeOf(await send(`GET /drop/${key}?attributes=`, headers as Record<string, string>))).toBe(outcome);
});
