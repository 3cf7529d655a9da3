/** `s3up audit` from the words to the exit code, on a bucket of the sandbox. */
import {
  CreateBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { S3upError } from "../../src/errors.ts";
import { failuresIn, runAudit, statusesIn } from "../support/audit-runtime.ts";
import { goodCors, guardsOf, intentWords, makeGood, policyText } from "../support/good-sandbox-bucket.ts";
import { allowAll, type StatementJson } from "../support/policy-documents.ts";
import { sdkClient, useSandbox } from "../support/running-sandbox.ts";

const running = useSandbox();
let client: S3Client;

beforeAll(async () => {
  client = sdkClient(running.sandbox);
  for (const [name, value] of Object.entries(running.sandbox.env)) vi.stubEnv(name, value);
  await makeGood(client, "drop");
});
afterAll(() => {
  client.destroy();
  vi.unstubAllEnvs();
});

function environment() {
  const { S3UP_ENDPOINT: _, ...aws } = running.sandbox.env;
  return aws;
}

/** The bucket whose settings the test may spoil. */
async function goodBucket(name: string): Promise<string> {
  await client.send(new CreateBucketCommand({ Bucket: name }));
  await makeGood(client, name);
  return name;
}

describe("a bucket that the SDK made good", () => {
  test("has no failure and exit code 0", async () => {
    const { exitCode, stdout, stderr } = await runAudit(["drop", ...intentWords, "--json"], {
      environment: environment(),
    });
    const statuses = statusesIn(stdout);
    expect(Object.entries(statuses).filter(([, status]) => status === "fail" || status === "unknown")).toEqual([]);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  test("is told to people without a signature or a key in it", async () => {
    const { stdout } = await runAudit(["drop", ...intentWords], { environment: environment() });
    expect(stdout).toContain("drop");
    expect(stdout).not.toContain(running.sandbox.env.AWS_SECRET_ACCESS_KEY);
    expect(stdout).toContain("no failure at or above high");
  });
});

type Break = (client: S3Client, Bucket: string) => Promise<unknown>;

const without = (...names: readonly (keyof ReturnType<typeof guardsOf>)[]): Break => {
  return (client, Bucket) => {
    const kept = Object.entries(guardsOf(Bucket)).filter(([name]) => !names.some((one) => one === name));
    const Policy = policyText(kept.map(([, statement]) => statement));
    return client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  };
};
const withStatement = (statement: (bucket: string) => StatementJson): Break => {
  return async (client, Bucket) => {
    const Policy = policyText([...Object.values(guardsOf(Bucket)), statement(Bucket)]);
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  };
};
const cors = (changes: object): Break => {
  return (client, Bucket) => {
    const [rule] = goodCors.CORSRules;
    const CORSConfiguration = { CORSRules: [{ ...rule, ...changes } as never] };
    return client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }));
  };
};
const open = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const unblock: Break = (client, Bucket) =>
  client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: open }));

describe("one setting broken", () => {
  test.for<readonly [sentence: string, change: Break, found: readonly string[]]>([
    ["no guard against plain HTTP", without("plainHttp"), ["tls-only"]],
    ["no guard against old TLS", without("oldTls"), ["tls-version"]],
    ["no limit on the age of URLs", without("oldUrls"), ["presign-max-age"]],
    ["no guard against Signature V2", without("signatureV2"), ["sigv4-only"]],
    [
      "an age limit in seconds",
      withStatement((bucket) => ({
        ...guardsOf(bucket).oldUrls,
        Sid: "Seconds",
        Condition: { NumericGreaterThan: { "s3:signatureAge": "900" } },
      })),
      ["presign-age-unit"],
    ],
    [
      "no policy",
      (s3, Bucket) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
      ["presign-max-age", "sigv4-only", "tls-only", "tls-version"],
    ],
    [
      "no Block Public Access",
      (s3, Bucket) => s3.send(new DeletePublicAccessBlockCommand({ Bucket })),
      ["bpa-complete"],
    ],
    [
      "one flag off",
      (s3, Bucket) =>
        s3.send(
          new PutPublicAccessBlockCommand({
            Bucket,
            PublicAccessBlockConfiguration: {
              ...open,
              BlockPublicAcls: true,
              IgnorePublicAcls: true,
              BlockPublicPolicy: true,
            },
          }),
        ),
      ["bpa-complete"],
    ],
    [
      "a policy for everyone to read",
      async (s3, Bucket) => {
        await unblock(s3, Bucket);
        await withStatement((bucket) => allowAll({ Resource: `arn:aws:s3:::${bucket}/*` }))(s3, Bucket);
      },
      ["bpa-complete", "cross-account", "public-policy"],
    ],
    [
      "a policy for everyone to read, and the block",
      async (s3, Bucket) => {
        await unblock(s3, Bucket);
        await withStatement((bucket) => allowAll({ Resource: `arn:aws:s3:::${bucket}/*` }))(s3, Bucket);
        await s3.send(
          new PutPublicAccessBlockCommand({
            Bucket,
            PublicAccessBlockConfiguration: {
              BlockPublicAcls: true,
              IgnorePublicAcls: true,
              BlockPublicPolicy: true,
              RestrictPublicBuckets: true,
            },
          }),
        );
      },
      ["public-policy-masked"],
    ],
    [
      "a policy for another account",
      withStatement((bucket) =>
        allowAll({ Principal: { AWS: "arn:aws:iam::999999999999:root" }, Resource: `arn:aws:s3:::${bucket}/*` }),
      ),
      ["cross-account"],
    ],
    [
      "ACLs on",
      (s3, Bucket) =>
        s3.send(
          new PutBucketOwnershipControlsCommand({
            Bucket,
            OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" }] },
          }),
        ),
      ["acls-disabled"],
    ],
    [
      "an ACL for everyone",
      async (s3, Bucket) => {
        await unblock(s3, Bucket);
        await s3.send(
          new PutBucketOwnershipControlsCommand({
            Bucket,
            OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
          }),
        );
        await s3.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" }));
      },
      ["acls-disabled", "bpa-complete", "public-acl"],
    ],
    ["every origin", cors({ AllowedOrigins: ["*"] }), ["cors-wildcard-origin"]],
    [
      "an origin in plain HTTP besides",
      cors({ AllowedOrigins: [goodCors.CORSRules[0]?.AllowedOrigins[0], "http://app.example.com"] }),
      ["cors-insecure-origin"],
    ],
    ["more methods", cors({ AllowedMethods: ["PUT", "GET", "DELETE"] }), ["cors-methods"]],
    ["a header that is not admitted", cors({ AllowedHeaders: ["x-amz-*"] }), ["cors-headers-cover"]],
    ["no CORS", (s3, Bucket) => s3.send(new DeleteBucketCorsCommand({ Bucket })), ["cors-present"]],
    // S3 takes MFA delete only where there is no lifecycle, so its absence is found only then
    [
      "no lifecycle",
      (s3, Bucket) => s3.send(new DeleteBucketLifecycleCommand({ Bucket })),
      ["lifecycle-abort-mpu", "mfa-delete"],
    ],
    [
      "a lifecycle for another prefix",
      (s3, Bucket) =>
        s3.send(
          new PutBucketLifecycleConfigurationCommand({
            Bucket,
            LifecycleConfiguration: {
              Rules: [
                {
                  ID: "abort",
                  Status: "Enabled",
                  Filter: { Prefix: "videos/" },
                  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
                },
              ],
            },
          }),
        ),
      ["key-prefix", "lifecycle-abort-mpu"],
    ],
    [
      "versions no longer kept",
      (s3, Bucket) =>
        s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } })),
      ["no-overwrite", "versioning"],
    ],
    [
      "no access log",
      (s3, Bucket) => s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} })),
      ["logging"],
    ],
    [
      "a website",
      (s3, Bucket) =>
        s3.send(
          new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: "index.html" } } }),
        ),
      ["public-website"],
    ],
    [
      "events for another prefix",
      (s3, Bucket) =>
        s3.send(
          new PutBucketNotificationConfigurationCommand({
            Bucket,
            NotificationConfiguration: {
              QueueConfigurations: [
                {
                  QueueArn: "arn:aws:sqs:us-east-1:000000000000:jobs",
                  Events: ["s3:ObjectCreated:*"],
                  Filter: { Key: { FilterRules: [{ Name: "prefix", Value: "videos/" }] } },
                },
              ],
            },
          }),
        ),
      ["key-prefix"],
    ],
    [
      "customers' keys admitted",
      (s3, Bucket) => s3.send(new DeleteBucketEncryptionCommand({ Bucket })),
      ["ssec-blocked"],
    ],
  ])("%s", async ([sentence, change, found]) => {
    const bucket = await goodBucket(
      `broken-${sentence.toLowerCase().replace(/[^a-z]+/g, "-")}`.slice(0, 50).replace(/-$/, ""),
    );
    await change(client, bucket);
    const { stdout } = await runAudit([bucket, ...intentWords, "--json"], { environment: environment() });
    expect(failuresIn(stdout).toSorted()).toEqual(found);
  });
});

describe("a snapshot", () => {
  test("gives the same verdicts as the bucket, without AWS and without credentials", async () => {
    const live = await runAudit(["drop", ...intentWords, "--json", "--save-snapshot", "drop.json"], {
      environment: environment(),
    });
    const saved = live.written.get("drop.json") ?? "";
    const again = await runAudit(["--snapshot", "drop.json", ...intentWords, "--json"], {
      files: { "drop.json": saved },
      liveBuckets: () => {
        throw new Error("AWS was asked");
      },
    });
    const sourceOf = (text: string) => text.replace(/"source":"[^"]*"/, '"source":"…"');
    expect(sourceOf(again.stdout)).toBe(sourceOf(live.stdout));
    expect(again.exitCode).toBe(live.exitCode);
  });

  test("holds nothing that opens anything", async () => {
    const { written } = await runAudit(
      ["drop", "--save-snapshot", "drop.json", "--endpoint", running.sandbox.presign, "--probe-upload"],
      { environment: environment() },
    );
    const text = written.get("drop.json") ?? "";
    expect(text).toContain('"replay"');
    expect(text).not.toContain(running.sandbox.env.AWS_SECRET_ACCESS_KEY);
    expect(text).not.toContain(running.sandbox.env.AWS_ACCESS_KEY_ID);
    expect(text).not.toMatch(/X-Amz-Signature/i);
  });

  test("of several buckets is one document a line, of which some can be named", async () => {
    const { written } = await runAudit(["drop", "drop-logs", "--save-snapshot", "both.jsonl"], {
      environment: environment(),
    });
    const files = { "both.jsonl": written.get("both.jsonl") ?? "" };
    const { stdout } = await runAudit(["--snapshot", "both.jsonl", "drop-logs", "--json"], { files });
    expect(JSON.parse(stdout).buckets.map((one: { bucket: string }) => one.bucket)).toEqual(["drop-logs"]);
  });
});

test("two runs give the same bytes", async () => {
  const words = ["drop", "drop-logs", ...intentWords, "-o", "sarif=a.sarif", "-o", "junit=a.xml", "-o", "a.md"];
  const formats = ["human", "json", "sarif", "junit", "markdown", "github"];
  for (const format of formats) {
    const run = () => runAudit([...words, "--format", format], { environment: environment() });
    const [one, other] = [await run(), await run()];
    expect(other.stdout).toBe(one.stdout);
    expect([...other.written]).toEqual([...one.written]);
    expect([...one.written.keys()]).toEqual(["a.sarif", "a.xml", "a.md"]);
  }
});

test("a file that cannot be written takes the result from nobody", async () => {
  const { exitCode, stdout, stderr } = await runAudit(["drop", "--rule", "tls-only", "-o", "nowhere/a.json"], {
    environment: environment(),
    writeText: async (path) => {
      throw new S3upError("FILE_UNWRITABLE", `${path} cannot be written.`);
    },
  });
  expect(stdout).toContain("tls-only");
  expect(stderr).toContain("nowhere/a.json cannot be written.");
  expect(exitCode).toBe(2);
});

describe("many buckets", () => {
  test("--all finds them, and one that is not there spoils none", async () => {
    const all = await runAudit(["--all", "--json"], { environment: environment() });
    const found = JSON.parse(all.stdout).buckets.map(({ bucket }: { bucket: string }) => bucket);
    expect(found).toEqual(expect.arrayContaining(["drop", "drop-logs"]));

    const named = await runAudit(["drop", "not-there", "drop-logs", ...intentWords, "--json", "--fail-on", "none"], {
      environment: environment(),
    });
    const { buckets } = JSON.parse(named.stdout);
    expect(buckets.map(({ bucket, error }: never) => [bucket, (error as { code: string } | undefined)?.code])).toEqual([
      ["drop", undefined],
      ["not-there", "BUCKET_NOT_FOUND"],
      ["drop-logs", undefined],
    ]);
    expect(named.exitCode).toBe(3);
  });
});

describe("what counts", () => {
  const spoilt = ["drop-logs", "--rule", "tls-only", "--rule", "versioning"];

  test.for<readonly [sentence: string, words: readonly string[], exitCode: number]>([
    ["a failure at the threshold", [], 1],
    ["a failure below it", ["--fail-on", "critical"], 0],
    ["nothing", ["--fail-on", "none"], 0],
    ["a milder failure", ["--skip", "tls-only"], 0],
    ["a milder failure, when that counts", ["--skip", "tls-only", "--fail-on", "low"], 1],
  ])("%s", async ([, words, exitCode]) => {
    expect((await runAudit([...spoilt, ...words], { environment: environment() })).exitCode).toBe(exitCode);
  });

  test("a suppression of the configuration takes a failure away, and says so when it has expired", async () => {
    const configured = (expires: string) => ({
      environment: environment(),
      files: {
        "s3up.config.json": JSON.stringify({
          audit: { suppressions: [{ rule: "tls-only", bucket: "drop-*", reason: "only logs", expires }] },
        }),
      },
      now: () => new Date("2026-05-01T12:00:00Z"),
    });
    const accepted = await runAudit([...spoilt, "--json"], configured("2026-05-01"));
    expect(statusesIn(accepted.stdout)).toMatchObject({ "tls-only": "suppressed" });
    expect(accepted.exitCode).toBe(0);

    const expired = await runAudit([...spoilt, "--json"], configured("2026-04-30"));
    expect(statusesIn(expired.stdout)).toMatchObject({ "tls-only": "fail", "suppression-expired": "fail" });
    expect(expired.exitCode).toBe(1);
  });

  test("a baseline takes away what was there, and nothing else", async () => {
    const first = await runAudit([...spoilt, "--skip", "versioning", "--write-baseline", "known.json"], {
      environment: environment(),
    });
    expect(first.exitCode).toBe(0);
    const files = { "known.json": first.written.get("known.json") ?? "" };
    const again = await runAudit([...spoilt, "--baseline", "known.json", "--json", "--fail-on", "low"], {
      environment: environment(),
      files,
    });
    expect(statusesIn(again.stdout)).toEqual({ "tls-only": "suppressed", versioning: "fail" });
    expect(again.exitCode).toBe(1);
  });
});

describe("the intent of the configuration", () => {
  const files = {
    "s3up.config.json": JSON.stringify({
      endpoint: "https://never.asked.example/presign",
      audit: { prefix: "uploads/", origin: ["https://app.example.com"], mode: "put", maxAge: "15m", failOn: "low" },
    }),
  };

  test("is that of the options, and the endpoint of uploads is not probed", async () => {
    const said = await runAudit(["drop", ...intentWords, "--max-age", "15m", "--json"], { environment: environment() });
    const configured = await runAudit(["drop", "--encryption", "AES256", "--json"], {
      environment: environment(),
      files,
    });
    const statuses = ({ stdout }: { readonly stdout: string }) => statusesIn(stdout);
    expect(statuses(configured)).toEqual(statuses(said));
  });

  test("gives way to an option", async () => {
    const { stdout } = await runAudit(["drop", "--origin", "https://other.example", "--json"], {
      environment: environment(),
      files,
    });
    expect(statusesIn(stdout)).toMatchObject({ "cors-present": "fail" });
  });
});

describe("the endpoint of the sandbox", () => {
  test("is asked beside the bucket, and what was sent stands on stderr", async () => {
    const { stdout, stderr } = await runAudit(
      ["drop", ...intentWords, "--endpoint", running.sandbox.presign, "--json"],
      { environment: environment() },
    );
    expect(failuresIn(stdout)).toEqual(["function-public", "urls-bind-upload"]);
    expect(stderr).toMatch(/^Sent \d+ requests to .*, 17 of them with a hostile file name\. Nothing was uploaded\.\n$/);
  });

  test("can be audited alone, without credentials", async () => {
    const { stdout, exitCode } = await runAudit(["--endpoint", running.sandbox.presign, "--json"]);
    expect(failuresIn(stdout)).toEqual(["function-public", "urls-bind-upload"]);
    expect(Object.values(statusesIn(stdout))).not.toContain("unknown");
    expect(exitCode).toBe(1);
  });

  test("is unknown where it cannot be reached, and the bucket is audited all the same", async () => {
    const { stdout, stderr, exitCode } = await runAudit(
      ["drop", ...intentWords, "--endpoint", "http://127.0.0.1:9/presign", "--json"],
      { environment: environment() },
    );
    expect(statusesIn(stdout)).toMatchObject({ "key-sanitised": "unknown", "tls-only": "pass" });
    expect(stderr).toContain("could not be reached");
    expect(exitCode).toBe(5);
  });
});
