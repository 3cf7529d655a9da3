/** The function and the bucket as articles show them: each layer that is broken there has a finding. */
import { CreateBucketCommand, PutBucketCorsCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ArticleFunction, startArticleFunction } from "../support/article-function.ts";
import { runAudit } from "../support/audit-runtime.ts";
import { sdkClient, useSandbox } from "../support/running-sandbox.ts";

const running = useSandbox();
let article: ArticleFunction;

beforeAll(async () => {
  for (const [name, value] of Object.entries(running.sandbox.env)) vi.stubEnv(name, value);
  const client = sdkClient(running.sandbox);
  const Bucket = "article-uploads";
  await client.send(new CreateBucketCommand({ Bucket }));
  const everyone = { AllowedOrigins: ["*"], AllowedMethods: ["GET", "PUT", "POST"], AllowedHeaders: ["*"] };
  await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [everyone] } }));
  client.destroy();
  article = await startArticleFunction(running.sandbox, Bucket);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await article.close();
});

interface Found {
  readonly rule: string;
  readonly layer: number | string;
  readonly status: string;
}

async function failures(...words: readonly string[]): Promise<readonly Found[]> {
  const { stdout } = await runAudit([...words, "--json"], { environment: running.sandbox.env });
  return (JSON.parse(stdout).buckets[0].results as readonly Found[]).filter(({ status }) => status === "fail");
}

test("each broken layer has its findings", async () => {
  const found = await failures("article-uploads", "--endpoint", article.url, "--probe-upload");
  const ofLayer = (layer: number | string) => found.filter((one) => one.layer === layer).map(({ rule }) => rule);
  expect(ofLayer(1)).toEqual(expect.arrayContaining(["short-lived-urls", "presign-max-age"]));
  expect(ofLayer(2)).toEqual(["function-public"]);
  expect(ofLayer(3)).toEqual([]); // a new bucket is private
  expect(ofLayer(4)).toEqual(["key-prefix", "no-overwrite", "key-sanitised", "urls-one-time"]);
  expect(ofLayer(5)).toEqual(["cors-wildcard-origin", "cors-methods", "cors-etag", "cors-api", "cors-preflight"]);
  expect(ofLayer("extra")).toEqual(
    expect.arrayContaining(["tls-only", "urls-bind-upload", "upload-size-limit", "checksum-in-query"]),
  );
});

test("from outside, without AWS, most of it shows too", async () => {
  const found = await failures("--endpoint", article.url);
  expect(found.map(({ rule }) => rule)).toEqual([
    "short-lived-urls",
    "function-public",
    "key-sanitised",
    "cors-api",
    "cors-preflight",
    "urls-bind-upload",
    "upload-size-limit",
    "checksum-in-query",
  ]);
});
