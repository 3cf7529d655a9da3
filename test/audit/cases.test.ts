/**
 * The published accuracy: labelled buckets, each with one question, whose answers come from AWS's documentation and from the
 * tests of other auditors. They go through the snapshot file and all rules, as a user's bucket does.
 */
import { afterAll, describe, expect, test } from "vitest";
import { evaluate } from "../../src/audit/evaluate.ts";
import { intentFrom } from "../../src/audit/intent-from.ts";
import { policyAnswers } from "../../src/audit/policy-answers.ts";
import type { RuleResult } from "../../src/audit/result.ts";
import { rules } from "../../src/audit/rules/index.ts";
import type { BucketSnapshot } from "../../src/audit/snapshot.ts";
import { parseSnapshots } from "../../src/audit/snapshot-file.ts";
import { type AuditCase, auditCases, intentOptionsOf, snapshotText } from "../support/audit-cases.ts";

type Judge = (bucket: BucketSnapshot, results: readonly RuleResult[]) => string;

const publicRules = ["public-policy", "public-acl", "access-points"];

/** The rules that answer each question: it fails where one of them does. */
const judges: Readonly<Record<string, Judge>> = {
  public: anyOf(...publicRules),
  public_write: anyOf("public-write"),
  cross_account: anyOf("cross-account"),
  tls_enforced: anyOf("tls-only"),
  least_privilege: anyOf("role-scope"),
  policy_lockout: anyOf("policy-lockout"),
  presign_max_age: anyOf("presign-max-age"),
  short_lived_urls: anyOf("short-lived-urls"),
  bpa_complete: anyOf("bpa-complete"),
  acls_disabled: anyOf("acls-disabled"),
  cors_wildcard: anyOf("cors-wildcard-origin"),
  cors_multipart_ready: anyOf("cors-etag"),
  cors_headers_cover: anyOf("cors-headers-cover"),
  cors_present: anyOf("cors-present"),
  encrypted_kms: anyOf("kms"),
  ssec_blocked: anyOf("ssec-blocked"),
  lifecycle_abort_mpu: anyOf("lifecycle-abort-mpu"),
  versioning: anyOf("versioning"),
  policy_public: (bucket) => (policyAnswers(bucket).public === "yes" ? "fail" : "pass"),
  reachable_by_strangers: (bucket) => (policyAnswers(bucket).strangers.answer === "yes" ? "fail" : "pass"),
  // whether it can be told at all that the bucket is public or not
  decidable: (bucket, results) => (anyOf(...publicRules)(bucket, results) === "unknown" ? "fail" : "pass"),
};

function anyOf(...ids: readonly string[]): Judge {
  return (_, results) => {
    const statuses = ids.map((id) => results.find(({ rule }) => rule === id)?.status);
    expect(statuses, `the rules ${ids.join(", ")} are there`).not.toContain(undefined);
    return statuses.find((status) => status === "fail") ?? statuses.find((status) => status === "unknown") ?? "pass";
  };
}

const right = new Map<string, number>();
const asked = new Map<string, number>();
const settled = auditCases().filter(({ contested }) => contested !== true);
const contested = auditCases().filter((one) => one.contested === true);

describe.for([...new Set(settled.map(({ question }) => question))])("%s", (question) => {
  test.for(settled.filter((one) => one.question === question))("$id: $why", (one) => {
    asked.set(question, (asked.get(question) ?? 0) + 1);
    expect(answerTo(one)).toBe(one.expected);
    right.set(question, (right.get(question) ?? 0) + 1);
  });
});

test.for(contested)("$id is contested, and answered", (one) => {
  expect(answerTo(one)).toMatch(/^(pass|fail)$/);
});

function answerTo(one: AuditCase): string | undefined {
  const [bucket] = parseSnapshots(snapshotText(one), `${one.id}.json`);
  if (bucket === undefined) return undefined;
  const intent = intentFrom(intentOptionsOf(one), bucket);
  const wanted = one.input.wanted?.allow ?? intent.wanted;
  return judges[one.question]?.(bucket, evaluate(bucket, rules, { ...intent, wanted }));
}

afterAll(() => {
  const lines = [...asked].map(([question, count]) => `${question.padEnd(24)} ${right.get(question) ?? 0} of ${count}`);
  process.stdout.write(`Accuracy on the labelled buckets:\n${lines.map((line) => `  ${line}\n`).join("")}`);
});
