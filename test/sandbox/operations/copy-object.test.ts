import { beforeAll, describe, expect, test } from "vitest";
import { elementOf, outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const { send } = useSandbox();
const source = { "x-amz-copy-source": "/drop/source" };

beforeAll(async () => {
  const described = {
    "content-type": "text/plain",
    "x-amz-meta-a": "1",
    "x-amz-tagging": "t=1",
    "x-amz-storage-class": "STANDARD_IA",
  };
  await send("PUT /drop/source", described, "hello");
});

test("copies the bytes and what was said of them, but not the storage class", async () => {
  const { body } = await send("PUT /drop/copy", source);
  expect(elementOf(body, "ETag")).toBe("&quot;5d41402abc4b2a76b9719d911017c592&quot;");
  expect(elementOf(body, "ChecksumCRC64NVME")).toBe("M3eFcAZSQlc=");
  const copy = await send("GET /drop/copy");
  expect(copy.body).toBe("hello");
  expect(copy.headers).toMatchObject({ "content-type": "text/plain", "x-amz-meta-a": "1", "x-amz-tagging-count": "1" });
  expect(copy.headers).not.toHaveProperty("x-amz-storage-class");
});

test("replaces metadata and tags when told so", async () => {
  const directives = { "x-amz-metadata-directive": "REPLACE", "x-amz-tagging-directive": "REPLACE" };
  await send("PUT /drop/replaced", { ...source, ...directives, "x-amz-meta-b": "2" });
  const { headers } = await send("HEAD /drop/replaced");
  expect(headers).toMatchObject({ "content-type": "binary/octet-stream", "x-amz-meta-b": "2" });
  expect(headers).not.toHaveProperty("x-amz-meta-a");
  expect(headers).not.toHaveProperty("x-amz-tagging-count");
});

test("calculates another checksum when asked to", async () => {
  const { body } = await send("PUT /drop/sum", { ...source, "x-amz-checksum-algorithm": "CRC32" });
  expect(elementOf(body, "ChecksumCRC32")).toBe("NhCmhg==");
});

test("the copy outlives its source", async () => {
  await send("PUT /drop/first", {}, "bytes");
  await send("PUT /drop/second", { "x-amz-copy-source": "drop/first" });
  await send("DELETE /drop/first");
  expect((await send("GET /drop/second")).body).toBe("bytes");
});

test("an object may be copied onto itself to change what is said of it", async () => {
  await send("PUT /drop/self", { "x-amz-meta-a": "1" }, "self");
  const onto = { "x-amz-copy-source": "/drop/self" };
  expect(outcomeOf(await send("PUT /drop/self", onto))).toBe("400 InvalidRequest");
  const replace = { ...onto, "x-amz-metadata-directive": "REPLACE", "x-amz-meta-a": "2" };
  expect(outcomeOf(await send("PUT /drop/self", replace))).toBe("200");
  const copy = await send("GET /drop/self");
  expect([copy.body, copy.headers["x-amz-meta-a"]]).toEqual(["self", "2"]);
});

describe("refuses", () => {
  test.for([
    ["a source that is not there", { "x-amz-copy-source": "/drop/none" }, "404 NoSuchKey"],
    ["a bucket that is not there", { "x-amz-copy-source": "/nowhere/a" }, "404 NoSuchBucket"],
    ["a source without a key", { "x-amz-copy-source": "/drop" }, "400 InvalidArgument"],
    ["a version", { "x-amz-copy-source": "/drop/source?versionId=1" }, "501 NotImplemented"],
    ["an access point", { "x-amz-copy-source": "arn:aws:s3:::drop/source" }, "501 NotImplemented"],
    ["a directive that is none", { ...source, "x-amz-metadata-directive": "MERGE" }, "400 InvalidArgument"],
    ["an algorithm that is none", { ...source, "x-amz-checksum-algorithm": "CRC8" }, "400 InvalidRequest"],
    [
      "a source that is another one by now",
      { ...source, "x-amz-copy-source-if-match": '"x"' },
      "412 PreconditionFailed",
    ],
    ["a target that is there already", { ...source, "if-none-match": "*" }, "412 PreconditionFailed"],
  ] as const)("%s", async ([, headers, outcome]) => {
    await send("PUT /drop/taken", {}, "taken");
    expect(outcomeOf(await send("PUT /drop/taken", headers as Record<string, string>))).toBe(outcome);
  });
});
