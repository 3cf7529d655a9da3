/** Every labelled bucket and policy through `--snapshot`, as a user's file goes: read, judged and told, whatever it says. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { auditCases, intentOptionsOf, snapshotText } from "../support/audit-cases.ts";
import { runAudit, statusesIn } from "../support/audit-runtime.ts";

/** The rule that alone answers the question. */
const ruleOf: Readonly<Record<string, string>> = {
  public_write: "public-write",
  cross_account: "cross-account",
  tls_enforced: "tls-only",
  policy_lockout: "policy-lockout",
  presign_max_age: "presign-max-age",
  short_lived_urls: "short-lived-urls",
  bpa_complete: "bpa-complete",
  acls_disabled: "acls-disabled",
  cors_wildcard: "cors-wildcard-origin",
  cors_multipart_ready: "cors-etag",
  cors_present: "cors-present",
  encrypted_kms: "kms",
  ssec_blocked: "ssec-blocked",
  lifecycle_abort_mpu: "lifecycle-abort-mpu",
  versioning: "versioning",
};

async function auditOf(text: string, words: readonly string[] = []) {
  const ran = await runAudit(["--snapshot", "case.json", ...words, "--json"], { files: { "case.json": text } });
  expect(ran.stderr).toBe("");
  expect([0, 1, 5]).toContain(ran.exitCode);
  return ran;
}

describe("labelled buckets", () => {
  test.for(auditCases())("$id: $why", async (one) => {
    const { prefix, mode, encryption } = intentOptionsOf(one);
    const { stdout } = await auditOf(snapshotText(one), [
      ...(prefix === undefined ? [] : ["--prefix", prefix]),
      ...(mode === undefined ? [] : ["--mode", mode]),
      ...(encryption === undefined ? [] : ["--encryption", encryption]),
    ]);
    const rule = ruleOf[one.question];
    if (rule === undefined || one.contested) return;
    const status = statusesIn(stdout)[rule];
    expect(status === "not-applicable" ? "pass" : status).toBe(one.expected);
  });
});

const policies = readFileSync(new URL("../policy/cases/policy-cases.jsonl", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map(
    (line) =>
      JSON.parse(line) as {
        readonly id: string;
        readonly policy?: unknown;
        readonly question: string;
        readonly expected: unknown;
      },
  );

describe("labelled policies", () => {
  test.for(policies)("$id", async ({ policy, question, expected }) => {
    const bucket = "amzn-s3-demo-bucket";
    const facets = policy === undefined ? {} : { policy };
    const { stdout } = await auditOf(JSON.stringify({ v: 1, bucket, accountId: "111122223333", facets }));
    const [report] = JSON.parse(stdout).buckets;
    if (question === "isPublic") expect(report.policy.public).toBe(expected);
  });
});

test("a snapshot of many buckets, one a line, is one audit", async () => {
  const cases = auditCases().slice(0, 20);
  const text = cases.map((one) => snapshotText(one)).join("\n");
  const { stdout } = await auditOf(text);
  expect(JSON.parse(stdout).buckets).toHaveLength(20);
});
