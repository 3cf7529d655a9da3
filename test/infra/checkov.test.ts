/** checkov on the sources: what fails is what `infra/security/checkov.yaml` gives a reason for, and nothing else. */
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../support/built-program.ts";

const checkov = process.env.S3UP_TEST_CHECKOV;
const infra = fileURLToPath(new URL("../../infra/", import.meta.url));
const config = readFileSync(new URL("../../infra/security/checkov.yaml", import.meta.url), "utf8");
const patienceMs = 300_000;

interface Report {
  readonly summary: { readonly passed: number; readonly failed: number; readonly parsing_errors: number };
  readonly results: { readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[] };
}

async function scan(...words: readonly string[]): Promise<Report> {
  const given = ["--directory", infra, "--framework", "terraform", "--output", "json", "--quiet"];
  const options = { cwd: tmpdir(), env: { PATH: process.env.PATH ?? "", HOME: tmpdir() } };
  // Without --skip-download it would ask its maker's service for policies.
  const { stdout, stderr } = await run(checkov ?? "", [...given, "--skip-download", ...words], options);
  if (!stdout.startsWith("{")) throw new Error(`checkov gave no report: ${stderr || stdout}`);
  return JSON.parse(stdout);
}

/** What each skip is for. */
const accepted = [
  "CKV2_AWS_47 module.site[0].aws_cloudfront_distribution.site",
  "CKV2_AWS_62 module.bucket.aws_s3_bucket.logs",
  "CKV2_AWS_62 module.site[0].aws_s3_bucket.site",
  "CKV_AWS_116 module.api.aws_lambda_function.presign",
  "CKV_AWS_117 module.api.aws_lambda_function.presign",
  "CKV_AWS_144 module.bucket.aws_s3_bucket.logs",
  "CKV_AWS_144 module.bucket.aws_s3_bucket.this",
  "CKV_AWS_144 module.site[0].aws_s3_bucket.site",
  "CKV_AWS_145 module.bucket.aws_s3_bucket.logs",
  "CKV_AWS_145 module.site[0].aws_s3_bucket.site",
  "CKV_AWS_173 module.api.aws_lambda_function.presign",
  "CKV_AWS_18 module.site[0].aws_s3_bucket.site",
  "CKV_AWS_259 module.site[0].aws_cloudfront_response_headers_policy.site[0]",
  "CKV_AWS_272 module.api.aws_lambda_function.presign",
  "CKV_AWS_300 module.bucket.aws_s3_bucket_lifecycle_configuration.this",
  "CKV_AWS_310 module.site[0].aws_cloudfront_distribution.site",
  "CKV_AWS_374 module.site[0].aws_cloudfront_distribution.site",
  "CKV_AWS_68 module.site[0].aws_cloudfront_distribution.site",
  "CKV_AWS_86 module.site[0].aws_cloudfront_distribution.site",
];

describe.runIf(checkov !== undefined)("checkov (where S3UP_TEST_CHECKOV names one)", () => {
  let all: Report;
  beforeAll(async () => {
    all = await scan();
  }, patienceMs);

  test("fails for what is accepted, and for nothing else", () => {
    const failed = all.results.failed_checks.map(({ check_id, resource }) => `${check_id} ${resource}`);
    expect([...new Set(failed)].toSorted()).toEqual(accepted.toSorted());
    expect(all.summary.parsing_errors).toBe(0);
    expect(all.summary.passed).toBeGreaterThan(80);
  });

  test(
    "fails for nothing with the configuration of the repository",
    async () => {
      const { summary } = await scan("--config-file", `${infra}security/checkov.yaml`);
      expect(summary).toMatchObject({ failed: 0, parsing_errors: 0 });
      expect(summary.passed).toBeGreaterThan(80);
    },
    patienceMs,
  );

  test("every skip has its reason before it, and is still needed", () => {
    const skipped = [...config.matchAll(/^ {2}- (CKV\w+)$/gm)].map(([, id = ""]) => id);
    expect(skipped.toSorted()).toEqual([...new Set(accepted.map((line) => line.split(" ")[0]))].toSorted());
    // a comment, then the ids that it is for
    expect(config.slice(config.indexOf("skip-check:"))).toMatch(
      /^skip-check:\n(?:(?: {2}# .+\n)+(?: {2}- CKV\w+\n)+)+$/,
    );
  });
});
