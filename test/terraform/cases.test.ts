/**
 * Plans and states that Terraform wrote, through the command line: what fails and what cannot be told, bucket by bucket. The
 * configuration of each stands beside it; more of them can be made from it with `terraform plan` and `terraform show -json`.
 */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { auditedText, caseText, type FoundBucket, rulesWith } from "../support/terraform-cases.ts";

/** File, address of the bucket, its name; the rules that fail, and those that cannot be told. */
type Row = readonly [file: string, address: string, bucket: string, fails: string, unknown: string];

const rows: readonly Row[] = [
  [
    "account-block/plan.json",
    "aws_s3_bucket.here",
    "acme-here",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "",
  ],
  [
    "account-block/plan.json",
    "aws_s3_bucket.there",
    "acme-there",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "bpa-complete",
  ],
  [
    "api/plan.json",
    "aws_s3_bucket.uploads",
    "acme-api-uploads",
    "presign-max-age sigv4-only role-scope function-public key-prefix no-overwrite cors-api tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "short-lived-urls",
  ],
  [
    "changes/noop.json",
    "aws_s3_bucket.bare",
    "acme-bare-soon",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/noop.json",
    "aws_s3_bucket.before_the_move",
    "acme-moved",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/noop.json",
    "aws_s3_bucket.gone",
    "acme-gone",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/noop.json",
    "aws_s3_bucket.renamed",
    "acme-old-name",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/noop.json",
    "aws_s3_bucket.same",
    "acme-same",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "bpa-complete acls-disabled ssec-blocked",
  ],
  [
    "changes/noop.json",
    "aws_s3_bucket.uploads",
    "acme-changes",
    "presign-max-age sigv4-only tls-only tls-version ssec-blocked lifecycle-abort-mpu mfa-delete logging",
    "cross-account",
  ],
  [
    "changes/plan.json",
    "aws_s3_bucket.bare",
    "acme-bare-soon",
    "presign-max-age sigv4-only bpa-complete bpa-removed no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/plan.json",
    "aws_s3_bucket.moved",
    "acme-moved",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/plan.json",
    "aws_s3_bucket.renamed",
    "acme-new-name",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "",
  ],
  [
    "changes/plan.json",
    "aws_s3_bucket.same",
    "acme-same",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "bpa-complete acls-disabled ssec-blocked",
  ],
  [
    "changes/plan.json",
    "aws_s3_bucket.uploads",
    "acme-changes",
    "presign-max-age sigv4-only public-policy bpa-complete bpa-removed acls-disabled acls-revived cross-account policy-widened no-overwrite tls-only tls-version encryption-removed ssec-blocked lifecycle-abort-mpu versioning versioning-suspended mfa-delete logging",
    "",
  ],
  [
    "changes/raw-state-v4.json",
    "aws_s3_bucket.bare",
    "acme-bare-soon",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/raw-state-v4.json",
    "aws_s3_bucket.before_the_move",
    "acme-moved",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/raw-state-v4.json",
    "aws_s3_bucket.gone",
    "acme-gone",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/raw-state-v4.json",
    "aws_s3_bucket.renamed",
    "acme-old-name",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/raw-state-v4.json",
    "aws_s3_bucket.same",
    "acme-same",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "bpa-complete acls-disabled ssec-blocked",
  ],
  [
    "changes/raw-state-v4.json",
    "aws_s3_bucket.uploads",
    "acme-changes",
    "presign-max-age sigv4-only tls-only tls-version ssec-blocked lifecycle-abort-mpu mfa-delete logging",
    "cross-account",
  ],
  [
    "changes/refresh-only.json",
    "aws_s3_bucket.bare",
    "acme-bare-soon",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/refresh-only.json",
    "aws_s3_bucket.before_the_move",
    "acme-moved",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/refresh-only.json",
    "aws_s3_bucket.gone",
    "acme-gone",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/refresh-only.json",
    "aws_s3_bucket.renamed",
    "acme-old-name",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/refresh-only.json",
    "aws_s3_bucket.same",
    "acme-same",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "bpa-complete acls-disabled ssec-blocked",
  ],
  [
    "changes/refresh-only.json",
    "aws_s3_bucket.uploads",
    "acme-changes",
    "presign-max-age sigv4-only tls-only tls-version ssec-blocked lifecycle-abort-mpu mfa-delete logging",
    "cross-account",
  ],
  [
    "changes/state.json",
    "aws_s3_bucket.bare",
    "acme-bare-soon",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/state.json",
    "aws_s3_bucket.before_the_move",
    "acme-moved",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/state.json",
    "aws_s3_bucket.gone",
    "acme-gone",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/state.json",
    "aws_s3_bucket.renamed",
    "acme-old-name",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "changes/state.json",
    "aws_s3_bucket.same",
    "acme-same",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "bpa-complete acls-disabled ssec-blocked",
  ],
  [
    "changes/state.json",
    "aws_s3_bucket.uploads",
    "acme-changes",
    "presign-max-age sigv4-only tls-only tls-version ssec-blocked lifecycle-abort-mpu mfa-delete logging",
    "cross-account",
  ],
  [
    "community/plan.json",
    "module.uploads.aws_s3_bucket.this[0]",
    "module.uploads.aws_s3_bucket.this[0]",
    "presign-max-age sigv4-only lifecycle-abort-mpu mfa-delete logging",
    "",
  ],
  [
    "conditional/plan.json",
    "aws_s3_bucket.first",
    "acme-first",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "bpa-complete no-overwrite versioning",
  ],
  [
    "conditional/plan.json",
    "aws_s3_bucket.flags",
    "acme-flags",
    "presign-max-age sigv4-only bpa-complete no-overwrite cors-etag cors-headers-cover tls-only tls-version ssec-blocked lifecycle-abort-mpu versioning mfa-delete logging",
    "cors-wildcard-origin cors-insecure-origin",
  ],
  [
    "conditional/plan.json",
    "aws_s3_bucket.open_flags",
    "acme-open-flags",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "bpa-complete",
  ],
  [
    "conditional/plan.json",
    "aws_s3_bucket.second",
    "acme-second",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "bpa-complete no-overwrite versioning",
  ],
  [
    "for-each/plan.json",
    "aws_s3_bucket.numbered[0]",
    "acme-n0",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "",
  ],
  [
    "for-each/plan.json",
    "aws_s3_bucket.numbered[1]",
    "acme-n1",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "",
  ],
  [
    "for-each/plan.json",
    'aws_s3_bucket.this["drops"]',
    "acme-drops",
    "presign-max-age sigv4-only no-overwrite cors-wildcard-origin cors-headers-cover tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "",
  ],
  [
    "for-each/plan.json",
    'aws_s3_bucket.this["photos"]',
    "acme-photos",
    "presign-max-age sigv4-only cors-headers-cover tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "",
  ],
  [
    "for-each/state.json",
    "aws_s3_bucket.numbered[0]",
    "acme-n0",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "bpa-complete acls-disabled ssec-blocked",
  ],
  [
    "for-each/state.json",
    "aws_s3_bucket.numbered[1]",
    "acme-n1",
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "bpa-complete acls-disabled ssec-blocked",
  ],
  [
    "for-each/state.json",
    'aws_s3_bucket.this["drops"]',
    "acme-drops",
    "presign-max-age sigv4-only no-overwrite cors-wildcard-origin cors-headers-cover tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "ssec-blocked",
  ],
  [
    "for-each/state.json",
    'aws_s3_bucket.this["photos"]',
    "acme-photos",
    "presign-max-age sigv4-only cors-headers-cover tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "ssec-blocked",
  ],
  [
    "foreign/plan.json",
    "aws_s3_bucket.own",
    "acme-own",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "",
  ],
  [
    "foreign/plan.json",
    "aws_s3_bucket_public_access_block.shared",
    "acme-shared",
    "presign-max-age sigv4-only public-policy bpa-complete cross-account tls-only tls-version",
    "",
  ],
  [
    "inline-dynamic/plan.json",
    "aws_s3_bucket.old",
    "acme-dynamic",
    "presign-max-age sigv4-only public-website cors-insecure-origin cors-etag cors-headers-cover tls-only tls-version lifecycle-abort-mpu mfa-delete",
    "",
  ],
  [
    "inline-legacy/plan.json",
    "aws_s3_bucket.legacy",
    "acme-legacy",
    "presign-max-age sigv4-only cors-wildcard-origin cors-etag tls-only tls-version ssec-blocked logging",
    "",
  ],
  [
    "inline-legacy/state.json",
    "aws_s3_bucket.legacy",
    "acme-legacy",
    "presign-max-age sigv4-only cors-wildcard-origin cors-etag tls-only tls-version ssec-blocked logging",
    "bpa-complete acls-disabled",
  ],
  [
    "insecure/plan.json",
    "aws_s3_bucket.bare",
    "acme-bare",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "",
  ],
  [
    "insecure/plan.json",
    "aws_s3_bucket.uploads",
    "acme-insecure",
    "presign-max-age sigv4-only public-policy public-write public-acl bpa-complete acls-disabled cross-account public-website no-overwrite cors-wildcard-origin cors-methods cors-etag tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "",
  ],
  [
    "insecure/state.json",
    "aws_s3_bucket.bare",
    "acme-bare",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "bpa-complete acls-disabled ssec-blocked",
  ],
  [
    "insecure/state.json",
    "aws_s3_bucket.uploads",
    "acme-insecure",
    "presign-max-age sigv4-only public-policy public-write public-acl bpa-complete acls-disabled cross-account public-website no-overwrite cors-wildcard-origin cors-methods cors-etag tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "ssec-blocked",
  ],
  [
    "modules-nested/plan.json",
    'module.stack["blue"].module.bucket[0].aws_s3_bucket.this',
    'module.stack["blue"].module.bucket[0].aws_s3_bucket.this',
    "presign-max-age sigv4-only tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "",
  ],
  [
    "modules-nested/plan.json",
    'module.stack["red"].module.bucket[0].aws_s3_bucket.this',
    'module.stack["red"].module.bucket[0].aws_s3_bucket.this',
    "presign-max-age sigv4-only bpa-complete cors-wildcard-origin cors-etag cors-headers-cover tls-only tls-version lifecycle-abort-mpu mfa-delete logging",
    "",
  ],
  [
    "secure-deferred-policy/plan.json",
    "aws_s3_bucket.second",
    "acme-second",
    "lifecycle-abort-mpu versioning mfa-delete logging",
    "presign-max-age presign-age-unit sigv4-only presign-auth-type public-policy-masked cross-account allow-with-negation policy-lockout no-overwrite tls-only tls-version policy-grammar",
  ],
  [
    "secure-deferred-policy/plan.json",
    "aws_s3_bucket.uploads",
    "acme-deferred",
    "presign-max-age sigv4-only no-overwrite tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "",
  ],
  [
    "secure-deferred-policy/state.json",
    "aws_s3_bucket.second",
    "acme-second",
    "presign-max-age sigv4-only no-overwrite tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "bpa-complete acls-disabled ssec-blocked",
  ],
  [
    "secure-deferred-policy/state.json",
    "aws_s3_bucket.uploads",
    "acme-deferred",
    "presign-max-age sigv4-only no-overwrite tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "acls-disabled ssec-blocked",
  ],
  [
    "secure-known/plan.json",
    "aws_s3_bucket.uploads",
    "acme-uploads",
    "sigv4-only tls-version ssec-blocked logging",
    "",
  ],
  [
    "secure-known/raw-state-v4.json",
    "aws_s3_bucket.uploads",
    "acme-uploads",
    "sigv4-only tls-version ssec-blocked logging",
    "",
  ],
  [
    "secure-known/state.json",
    "aws_s3_bucket.uploads",
    "acme-uploads",
    "sigv4-only tls-version ssec-blocked logging",
    "",
  ],
  [
    "sensitive/plan.json",
    "aws_s3_bucket.uploads",
    "acme-sensitive",
    "presign-max-age sigv4-only no-overwrite cors-wildcard-origin cors-methods cors-etag cors-headers-cover tls-only tls-version lifecycle-abort-mpu versioning mfa-delete logging",
    "cross-account",
  ],
];

const files = [...new Set(rows.map(([file]) => file))];

describe.for(files)("%s", (file) => {
  const expected = rows.filter(([of]) => of === file);

  test("has these buckets and no other", async () => {
    const { buckets } = await auditedText(caseText(file));
    expect(buckets.map(({ address, bucket }) => [address, bucket])).toEqual(
      expected.map(([, ...names]) => names.slice(0, 2)),
    );
  });

  test.for(expected)("%s: %s", async ([, address, , fails, unknown]) => {
    const { buckets } = await auditedText(caseText(file));
    const found = buckets.find((bucket) => bucket.address === address);
    expect(found, `${address} is in the report`).toBeDefined();
    expect(rulesWith(found as FoundBucket, "fail").join(" ")).toBe(fails);
    expect(rulesWith(found as FoundBucket, "unknown").join(" ")).toBe(unknown);
  });
});

test("every file of a case has its rows, but those that hold no bucket", () => {
  const there = readdirSync(new URL("cases/", import.meta.url), { recursive: true, encoding: "utf8" });
  const plans = there.filter((name) => name.endsWith(".json")).sort();
  expect(plans.filter((name) => !files.includes(name))).toEqual(["changes/destroy.json"]);
});

describe("what a bucket fails does not depend on the file it is read from", () => {
  test.for([
    ["insecure", "plan.json", "state.json"],
    ["for-each", "plan.json", "state.json"],
    ["inline-legacy", "plan.json", "state.json"],
    ["secure-known", "plan.json", "state.json"],
    ["secure-known", "state.json", "raw-state-v4.json"],
    ["changes", "state.json", "raw-state-v4.json"],
    ["changes", "state.json", "noop.json"],
    ["changes", "state.json", "refresh-only.json"],
  ] as const)("%s: %s and %s", async ([name, one, other]) => {
    const failing = async (file: string) => {
      const { buckets } = await auditedText(caseText(`${name}/${file}`));
      return buckets.map((bucket) => [bucket.bucket, rulesWith(bucket, "fail")]);
    };
    expect(await failing(one)).toEqual(await failing(other));
  });

  test("nor on whether Terraform or OpenTofu wrote it, or where the provider came from", async () => {
    const text = caseText("insecure/plan.json");
    const tofu = await auditedText(text.replaceAll("terraform.example/", "tofu.example/"));
    expect(tofu.buckets).toEqual((await auditedText(text)).buckets);
    const foreign = await auditedText(
      text.replaceAll("terraform.example/hashicorp/aws", "terraform.example/other/aws"),
    );
    expect(foreign.buckets).toEqual([]);
  });
});

describe("what a report says besides", () => {
  const resultOf = async (file: string, bucket: string, rule: string) => {
    const { buckets } = await auditedText(caseText(file));
    const found = buckets.find((one) => one.bucket === bucket)?.results.find((one) => one.rule === rule);
    return { status: found?.status, address: found?.address, message: found?.message };
  };

  test.for([
    [
      "the resource that sets it",
      "insecure/plan.json",
      "acme-insecure",
      "public-policy",
      "aws_s3_bucket_policy.uploads",
    ],
    ["the bucket where nothing sets it", "insecure/plan.json", "acme-bare", "tls-only", "aws_s3_bucket.bare"],
    [
      "the instance",
      "for-each/plan.json",
      "acme-drops",
      "cors-wildcard-origin",
      'aws_s3_bucket_cors_configuration.this["drops"]',
    ],
    [
      "what is taken away",
      "changes/plan.json",
      "acme-bare-soon",
      "bpa-removed",
      "aws_s3_bucket_public_access_block.bare",
    ],
    ["the role's policy", "api/plan.json", "acme-api-uploads", "role-scope", "aws_iam_policy.signer"],
    ["the route", "api/plan.json", "acme-api-uploads", "function-public", "aws_apigatewayv2_route.presign"],
  ] as const)("the address of a failure is that of %s", async ([, file, bucket, rule, address]) => {
    expect(await resultOf(file, bucket, rule)).toMatchObject({ status: "fail", address });
  });

  test.for([
    [
      "a policy that is made on apply",
      "secure-deferred-policy/plan.json",
      "acme-second",
      "tls-only",
      /known after apply: aws_s3_bucket_policy\.second/,
    ],
    [
      "a companion of one of two buckets",
      "conditional/plan.json",
      "acme-first",
      "versioning",
      /may be that of aws_s3_bucket\.second or of aws_s3_bucket\.first/,
    ],
    ["a bucket of unknown age", "changes/plan.json", "acme-same", "bpa-complete", /depends on the bucket's age/],
    ["a block of another account", "account-block/plan.json", "acme-there", "bpa-complete", /may be another account's/],
  ] as const)("an open question names its cause: %s", async ([, file, bucket, rule, words]) => {
    const { status, message } = await resultOf(file, bucket, rule);
    expect(status).toBe("unknown");
    expect(message).toMatch(words);
  });

  test.for([
    [
      "an ARN that is taken for the bucket's",
      "secure-deferred-policy/plan.json",
      "acme-deferred",
      "tls-only",
      /taken for those of the bucket and its objects/,
    ],
    [
      "a companion behind a local",
      "for-each/plan.json",
      "acme-drops",
      "acls-disabled",
      /the plan does not tell, and no other bucket is near it/,
    ],
  ] as const)("what was assumed is said: %s", async ([, file, bucket, rule, words]) => {
    const { status, message } = await resultOf(file, bucket, rule);
    expect(status).toBe("pass");
    expect(message).toMatch(words);
  });

  test("a flag that is off fails whatever an unknown one will be", async () => {
    expect(await resultOf("conditional/plan.json", "acme-flags", "bpa-complete")).toMatchObject({ status: "fail" });
    expect(await resultOf("conditional/plan.json", "acme-open-flags", "bpa-complete")).toMatchObject({
      status: "unknown",
    });
  });

  test("of a bucket that is made elsewhere only what the plan sets is judged", async () => {
    expect(await resultOf("foreign/plan.json", "acme-shared", "public-policy")).toMatchObject({ status: "fail" });
    expect(await resultOf("foreign/plan.json", "acme-shared", "versioning")).toMatchObject({
      status: "not-applicable",
    });
  });

  test("a plan that deletes everything has nothing to audit, and says so", async () => {
    const { exitCode, buckets, stderr } = await auditedText(caseText("changes/destroy.json"));
    expect({ exitCode, buckets }).toEqual({ exitCode: 0, buckets: [] });
    expect(stderr).toContain("There is no bucket to audit in plan.json.");
    expect(stderr).toContain("aws_s3_bucket.gone");
  });
});

describe("sensitive values are judged and never shown", () => {
  test.for(["human", "json", "sarif", "junit", "markdown", "github"])("in %s", async (format) => {
    const { stdout, stderr } = await auditedText(caseText("sensitive/plan.json"), ["--format", format]);
    for (const secret of ["secret-launch", "999988887777"]) expect(stdout + stderr).not.toContain(secret);
  });

  test("with the verdict that the values lead to", async () => {
    const { buckets } = await auditedText(caseText("sensitive/plan.json"));
    const cors = buckets[0]?.results.find(({ rule }) => rule === "cors-wildcard-origin");
    expect(cors).toMatchObject({ status: "fail", message: expect.stringContaining("(sensitive)") });
  });

  test("nor what a function's environment holds", async () => {
    const text = caseText("api/plan.json").replace('"variables": true', '"variables": false');
    const { stdout } = await auditedText(
      text.replace(
        '"environment": [\n      {}',
        '"environment": [{"variables":{"DATABASE_PASSWORD":"hunter2","URL_EXPIRATION":"3600"}}',
      ),
    );
    expect(stdout).not.toContain("hunter2");
  });
});
