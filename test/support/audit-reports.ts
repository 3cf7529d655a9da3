/** Audit reports by hand: a good one, and the change that a test is about. */
import type { AuditReport, BucketReport, PolicyAnswers, RuleResult, Status } from "../../src/audit/result.ts";
import { type Severity, severities } from "../../src/audit/rule.ts";
import type { AuditTextOptions, RuleFacts } from "../../src/report/audit/format.ts";

export function aRule(changes: Partial<RuleFacts> = {}): RuleFacts {
  return {
    id: "tls-only",
    layer: "extra",
    severity: "high",
    title: "Plain HTTP is refused",
    why: "Whoever sits on the line reads and changes what is sent.",
    fix: {
      cli: "aws s3api put-bucket-policy --bucket BUCKET \\\n  --policy file://tls-only.json",
      terraform: 'resource "aws_s3_bucket_policy" "drop" {\n}',
    },
    needs: ["policy"],
    ...changes,
  };
}

export const textOptions: AuditTextOptions = {
  version: "1.2.3",
  rules: [aRule(), aRule({ id: "cors-present", layer: 5, severity: "medium", title: "Browsers may upload" })],
  color: false,
};

export function aResult(changes: Partial<RuleResult> = {}): RuleResult {
  return {
    rule: "tls-only",
    layer: "extra",
    severity: "high",
    status: "fail",
    message: "drop accepts plain HTTP: it has no bucket policy.",
    why: "Whoever sits on the line reads and changes what is sent.",
    fix: {
      cli: "aws s3api put-bucket-policy --bucket drop \\\n  --policy file://tls-only.json",
      terraform: 'resource "aws_s3_bucket_policy" "drop" {\n}',
    },
    fingerprint: "0123456789abcdef",
    ...changes,
  };
}

const unreadPolicy = "The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.";

export const unknownResult: RuleResult = aResult({
  rule: "public-policy",
  layer: 3,
  severity: "critical",
  status: "unknown",
  message: unreadPolicy,
  evidence: [{ message: unreadPolicy, missingAction: "s3:GetBucketPolicy" }],
  fingerprint: "unknown0",
});

export const suppressedResult: RuleResult = aResult({
  rule: "public-website",
  layer: 3,
  status: "suppressed",
  suppression: { reason: "the landing page is served from it", expires: "2026-12-31", by: "configuration" },
  fingerprint: "suppressed0",
});

export const privatePolicy: PolicyAnswers = {
  public: "no",
  awsSays: false,
  strangers: { answer: "no", can: [], reason: "no statement lets anyone in" },
  masked: "no",
};

export function aBucket(changes: Partial<BucketReport> = {}): BucketReport {
  return { bucket: "drop", source: "live", results: [aResult()], policy: privatePolicy, ...changes };
}

/** Counts what the buckets hold, so that the sums are right whatever a test puts in. */
export function aReport(
  buckets: readonly BucketReport[] = [aBucket()],
  changes: Partial<AuditReport> = {},
): AuditReport {
  const results = buckets.flatMap(({ results }) => results);
  const withStatus = (status: Status) => results.filter((result) => result.status === status);
  const failures = (severity: Severity) => withStatus("fail").filter((result) => result.severity === severity).length;
  return {
    buckets,
    summary: {
      buckets: buckets.length,
      rules: new Set(results.map(({ rule }) => rule)).size,
      byStatus: {
        pass: withStatus("pass").length,
        fail: withStatus("fail").length,
        unknown: withStatus("unknown").length,
        "not-applicable": withStatus("not-applicable").length,
        suppressed: withStatus("suppressed").length,
      },
      bySeverity: Object.fromEntries(severities.map((severity) => [severity, failures(severity)])) as Record<
        Severity,
        number
      >,
    },
    exitCode: 1,
    failOn: "high",
    ...changes,
  };
}
