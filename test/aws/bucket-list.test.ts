import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { BucketRef } from "../../src/audit/source.ts";
import { liveSourceAt, useKeys } from "../support/live-source.ts";
import { type Script, type ScriptedAws, s3Refusal, startScriptedAws, xml } from "../support/scripted-aws.ts";

let aws: ScriptedAws;
beforeAll(async () => {
  aws = await startScriptedAws();
});
afterAll(() => aws.close());
beforeEach(() => useKeys());
afterEach(() => aws.reset());

async function list(script: Script): Promise<readonly BucketRef[]> {
  aws.script(script);
  const source = await liveSourceAt(aws.endpoint);
  const buckets: BucketRef[] = [];
  try {
    for await (const bucket of source.list(new AbortController().signal)) buckets.push(bucket);
    return buckets;
  } finally {
    source.close();
  }
}

const page = (buckets: string, token = "") =>
  xml(`<ListAllMyBucketsResult><Buckets>${buckets}</Buckets>${token}</ListAllMyBucketsResult>`);

test("all pages are listed, each bucket with its region", async () => {
  const buckets = await list(({ parameters }) =>
    parameters.get("continuation-token") === "next"
      ? page("<Bucket><Name>b</Name></Bucket>")
      : page(
          "<Bucket><Name>a</Name><BucketRegion>eu-west-1</BucketRegion></Bucket>",
          "<ContinuationToken>next</ContinuationToken>",
        ),
  );
  expect(buckets).toEqual([{ name: "a", region: "eu-west-1" }, { name: "b" }]);
  expect(aws.calls.map(({ parameters }) => parameters.get("max-buckets"))).toEqual(["1000", "1000"]);
});

test("an account without buckets has none", async () => {
  expect(await list(() => page(""))).toEqual([]);
});

test("a server that knows no pages is asked for all at once", async () => {
  const buckets = await list(({ parameters }) =>
    parameters.has("max-buckets") ? s3Refusal(501, "NotImplemented") : page("<Bucket><Name>a</Name></Bucket>"),
  );
  expect(buckets).toEqual([{ name: "a" }]);
});

test("a refusal names the action that is missing", async () => {
  await expect(list(() => s3Refusal(403, "AccessDenied"))).rejects.toMatchObject({
    code: "ACCESS_DENIED",
    hint: expect.stringContaining("s3:ListAllMyBuckets"),
  });
});
