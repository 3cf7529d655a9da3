import { describe, expect, test } from "vitest";
import { createQuickly } from "../../src/aws/quick-creation.ts";
import { countsTries } from "../../src/aws/tries.ts";
import { SendFailure } from "../../src/upload/transport.ts";
import { fakeSigner } from "../support/fake-signer.ts";
import { type Script, scriptedSender } from "../support/scripted-sender.ts";

const upload = {
  bucket: "drop",
  key: "a b",
  headers: { "content-type": "a/b", "x-amz-meta-owner": "me" },
  checksumAlgorithm: "CRC32",
} as const;
const good = "<InitiateMultipartUploadResult><UploadId>quick</UploadId></InitiateMultipartUploadResult>";
const answer = (status: number, body = "") => ({ status, headers: {}, body });

async function create(script: Script) {
  const sender = scriptedSender(script);
  let isRepeated = false;
  const signals: (AbortSignal | undefined)[] = [];
  const slow = async (_: unknown, signal?: AbortSignal) => {
    signals.push(signal);
    return "by the SDK";
  };
  const quick = createQuickly({ signer: fakeSigner(), sender, create: slow });
  const uploadId = await quick({ ...upload, onRepeated: () => (isRepeated = true) });
  return { uploadId, isRepeated, asked: sender.asked };
}

test("one request with all that the object is to have", async () => {
  const { uploadId, isRepeated, asked } = await create(answer(200, good));
  expect({ uploadId, isRepeated }).toEqual({ uploadId: "quick", isRepeated: false });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    method: "POST",
    headers: { ...upload.headers, "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT" },
    body: "",
  });
  expect(asked[0]?.url).toMatch(/^https:\/\/drop\.s3\.test\/a%20b\?uploads=/);
});

describe("whatever else comes back, the SDK is asked", () => {
  test.for<readonly [sentence: string, script: Script, isRepeated: boolean]>([
    ["a refusal", answer(403, "<Error><Code>AccessDenied</Code></Error>"), false],
    ["another region", answer(301), false],
    ["a full queue", answer(503), true],
    ["a page in place of the answer", answer(200, "<html></html>"), true],
    ["an answer that was cut off", answer(200, good.slice(0, 60)), true],
    ["nobody there", new SendFailure("connect", "ECONNREFUSED"), false],
    ["a name that is not known", new SendFailure("dns", "ENOTFOUND"), false],
    ["no answer", new SendFailure("reset", "closed"), true],
    ["an answer that takes too long", new SendFailure("stalled", "nothing moved"), true],
  ])("%s", async ([, script, isRepeated]) => {
    expect(await create(script)).toMatchObject({ uploadId: "by the SDK", isRepeated });
  });
});

test("an interruption is no reason to ask again", async () => {
  const stop = new AbortController();
  const sender = scriptedSender(() => {
    stop.abort(new Error("stopped"));
    throw stop.signal.reason;
  });
  const never = async () => {
    throw new Error("asked again");
  };
  const quick = createQuickly({ signer: fakeSigner(), sender, create: never });
  await expect(quick(upload, stop.signal)).rejects.toThrow("stopped");
});

test.for([
  ["the user says how often", 3, {}, undefined, true],
  ["the environment does", undefined, { AWS_MAX_ATTEMPTS: "1" }, undefined, true],
  ["the profile does", undefined, {}, { max_attempts: "1" }, true],
  ["nobody does", undefined, {}, {}, false],
] as const)("tries are counted where %s", ([, wished, environment, section, counted]) => {
  expect(countsTries(wished, environment, section)).toBe(counted);
});
