import { describe, expect, test } from "vitest";
import { type PutOptions, putCommand, runPut } from "../../src/commands/put.ts";
import { optionsOf } from "../support/command-line.ts";
import { type RuntimeChanges, testRuntime } from "../support/command-runtime.ts";

const parse = (line: string, changes: RuntimeChanges = {}) =>
  optionsOf<PutOptions>(putCommand as never, `put f s3://drop/k ${line}`.replace("put ", ""), changes);
const accessOf = async (line: string, changes?: RuntimeChanges) => {
  const { target } = await parse(line, changes);
  return target.via === "credentials" ? target.access : undefined;
};
const etag = "9b2cf535f27731c974343645a3985328";

test.for<[string, string, object]>([
  ["a key in a file", "--sse-c --sse-c-key fileb://sse.key", { customerKey: "fileb://sse.key" }],
  ["the same without --sse-c", "--sse-c-key fileb://sse.key", { customerKey: "fileb://sse.key" }],
  ["an ETag without its quotes", `--if-match ${etag}`, { ifMatch: `"${etag}"` }],
  ["an ETag with them", `--if-match "${etag}"`, { ifMatch: `"${etag}"` }],
  ["an owner", "--expected-bucket-owner 111122223333", { expectedOwner: "111122223333" }],
])("%s", async ([, line, expected]) => {
  expect(await accessOf(line)).toMatchObject(expected);
});

test("nothing by default", async () => {
  expect(await accessOf("")).toBeUndefined();
});

test.for([
  ["--sse-c", "--sse-c needs a key."],
  ["--sse-c-key 01234567890123456789012345678901", "--sse-c-key takes the name of a file."],
  ["--sse AES256 --sse-c-key fileb://k", "--sse and --sse-c-key cannot be used together."],
  ["--if-match a --no-overwrite", "--if-match and --no-overwrite cannot be used together."],
  ["--expected-bucket-owner me", '--expected-bucket-owner cannot be "me".'],
])("%s is refused", async ([line = "", message]) => {
  await expect(parse(line)).rejects.toMatchObject({ code: "USAGE", message });
});

test("a refused key is not repeated", async () => {
  const error = await parse("--sse-c-key 01234567890123456789012345678901").catch((reason: unknown) => reason);
  expect(JSON.stringify([error, Object.entries(error as Error), String(error)])).not.toContain("0123456789");
});

test("a key may stand in the environment", async () => {
  const environment = { S3UP_SSE_C_KEY: "k".repeat(32) };
  expect(await accessOf("", { environment })).toMatchObject({ customerKey: "k".repeat(32) });
});

describe("what reaches S3", () => {
  async function uploadOf(line: string, changes: RuntimeChanges = {}) {
    const seen: unknown[] = [];
    const s3 = async () => ({
      destination: (upload: unknown) => {
        seen.push(upload);
        throw new Error("far enough");
      },
    });
    const runtime = testRuntime({ files: { f: "x", "sse.key": "k".repeat(32) }, s3: s3 as never, ...changes });
    await expect(runPut(await parse(line, changes), runtime)).rejects.toThrow("far enough");
    return seen[0];
  }

  test("is the key in headers of every request", async () => {
    expect(await uploadOf("--sse-c-key fileb://sse.key --expected-bucket-owner 111122223333")).toMatchObject({
      requestHeaders: {
        "x-amz-server-side-encryption-customer-algorithm": "AES256",
        "x-amz-server-side-encryption-customer-key": Buffer.from("k".repeat(32)).toString("base64"),
        "x-amz-expected-bucket-owner": "111122223333",
      },
    });
  });

  test("is nothing where the S3 server speaks plain HTTP", async () => {
    const environment = { AWS_ENDPOINT_URL_S3: "http://s3.example.com" };
    const runtime = testRuntime({ files: { f: "x", "sse.key": "k".repeat(32) }, environment });
    await expect(runPut(await parse("--sse-c-key fileb://sse.key"), runtime)).rejects.toMatchObject({
      code: "USAGE",
      message: "A key of --sse-c-key must not travel without TLS.",
    });
  });
});
