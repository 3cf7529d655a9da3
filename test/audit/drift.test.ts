import { describe, expect, test } from "vitest";
import type { BucketFacets, Facet } from "../../src/audit/facets.ts";
import type { BucketSnapshot, Reading } from "../../src/audit/snapshot.ts";
import { createTerraformReader } from "../../src/terraform/reader.ts";
import { aBlock } from "../support/audit-bucket.ts";
import { runAudit } from "../support/audit-runtime.ts";
import { caseText, type FoundBucket, rulesWith } from "../support/terraform-cases.ts";

const plan = caseText("secure-known/plan.json");
const name = "acme-uploads";
const reader = createTerraformReader({ list: async () => [], read: async () => undefined });
const nobody = { functionName: undefined, role: undefined };

type Changes = { readonly [F in Facet]?: Reading<BucketFacets[F]> };

/** The bucket as the plan has it, with something changed by hand. */
function liveBucket(changes: Changes = {}): BucketSnapshot {
  const [snapshot] = reader.read(plan, "plan.json", nobody).snapshots;
  if (snapshot === undefined) throw new Error("the plan has no bucket");
  const { planned: _, ...live } = snapshot;
  return { ...live, source: "live", facets: { ...live.facets, change: { state: "absent" }, ...changes } };
}

async function drift(changes: Changes = {}, words: readonly string[] = [], text = plan) {
  const run = await runAudit(
    [name, "--plan", "plan.json", ...(words.includes("--format") ? [] : ["--format", "json"]), ...words],
    {
      files: { "plan.json": text },
      liveBuckets: async () => ({
        read: async () => liveBucket(changes),
        list: async function* () {},
        close: () => {},
      }),
    },
  );
  const [bucket] = run.stdout.startsWith('{"v":1,')
    ? (JSON.parse(run.stdout) as { readonly buckets: readonly FoundBucket[] }).buckets
    : [];
  return { ...run, bucket };
}

const present = <T>(value: T): Reading<T> => ({ state: "present", value });

describe("s3up audit BUCKET --plan FILE", () => {
  test("finds nothing where the bucket is as planned, although both fail some rules", async () => {
    const { bucket, exitCode } = await drift();
    expect({ exitCode, fails: rulesWith(bucket as FoundBucket, "fail") }).toEqual({ exitCode: 0, fails: [] });
    const logging = bucket?.results.find(({ rule }) => rule === "logging");
    expect(logging).toMatchObject({
      status: "pass",
      message: "No drift: acme-uploads fails it live and in the plan alike.",
    });
  });

  test.for([
    [
      "the block was lowered",
      { publicAccessBlock: present(aBlock(true, { BlockPublicPolicy: false })) },
      1,
      ["bpa-complete"],
    ],
    [
      "CORS was opened",
      {
        cors: present([
          { AllowedOrigins: ["*"], AllowedMethods: ["PUT"], AllowedHeaders: ["content-type"], ExposeHeaders: ["ETag"] },
        ]),
      },
      0,
      ["cors-wildcard-origin"],
    ],
    ["the policy was taken away", { policy: { state: "absent" } }, 1, ["presign-max-age", "tls-only"]],
    ["versions were suspended", { versioning: present({ Status: "Suspended" }) }, 0, ["no-overwrite", "versioning"]],
    [
      "only the days of a rule differ",
      {
        lifecycle: present([
          { ID: "abort", Status: "Enabled", Filter: {}, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
        ]),
      },
      0,
      [],
    ],
  ] as const)("%s", async ([, changes, exitCode, rules]) => {
    const { bucket, ...run } = await drift(changes as Changes);
    expect(run.exitCode).toBe(exitCode);
    expect(rulesWith(bucket as FoundBucket, "fail")).toEqual([...rules, "settings-drift"]);
    for (const rule of rules) {
      const found = bucket?.results.find((one) => one.rule === rule);
      expect(found?.message).toMatch(/^acme-uploads has drifted: it fails here, and the plan holds\./);
      expect(found?.address).toMatch(/^aws_s3_bucket/);
    }
  });

  test("says what the next apply would break", async () => {
    const open = plan.replaceAll('"block_public_policy": true', '"block_public_policy": false');
    const { bucket, exitCode } = await drift({}, [], open);
    const found = bucket?.results.find(({ rule }) => rule === "bpa-complete");
    expect(exitCode).toBe(1);
    expect(found).toMatchObject({ status: "fail", message: expect.stringContaining("the plan would break it") });
  });

  test("the order of members, statements and rules is no drift, nor one text or a list of one", async () => {
    const policy = JSON.parse(String((liveBucket().facets.policy as { readonly value?: unknown }).value));
    policy.Statement.reverse();
    for (const statement of policy.Statement) statement.Action = [statement.Action].flat();
    const { bucket } = await drift({ policy: present(policy) });
    expect(rulesWith(bucket as FoundBucket, "fail")).toEqual([]);
  });

  test("what could not be read live is an open question", async () => {
    const { bucket, exitCode } = await drift({ versioning: { state: "unreadable", reason: "AccessDenied" } });
    expect(exitCode).toBe(5);
    expect(rulesWith(bucket as FoundBucket, "unknown")).toContain("versioning");
  });

  test("a bucket that the plan does not have is refused before AWS is asked", async () => {
    const { exitCode, lines } = await runAudit(["elsewhere", "--plan", "plan.json", "--json"], {
      files: { "plan.json": plan },
    });
    expect(exitCode).toBe(3);
    expect(JSON.stringify(lines)).toContain("There is no bucket elsewhere in plan.json.");
  });

  test.for(["human", "sarif", "junit", "markdown", "github"])("is told in %s", async (format) => {
    const { stdout } = await drift({ policy: { state: "absent" } }, ["--format", format]);
    expect(stdout).toContain("has drifted");
    expect(stdout).toContain("aws_s3_bucket_policy.uploads");
    expect(stdout).toContain("settings-drift");
  });

  test("--skip leaves a rule out, and the setting is still told", async () => {
    const { bucket } = await drift({ versioning: present({ Status: "Suspended" }) }, ["--skip", "no-overwrite"]);
    expect(rulesWith(bucket as FoundBucket, "fail")).toEqual(["versioning", "settings-drift"]);
  });
});
