import { describe, expect, test } from "vitest";
import type { BucketReport, RuleResult, Status } from "../../src/audit/result.ts";
import type { Severity } from "../../src/audit/rule.ts";
import { exitCodeFor, type FailOn, summarise } from "../../src/audit/threshold.ts";

const result = (status: Status, severity: Severity = "high", rule = "a-rule"): RuleResult => ({
  rule,
  layer: 3,
  severity,
  status,
  message: "",
  why: "",
  fix: { cli: "", terraform: "" },
  fingerprint: "",
});
const bucket = (...results: readonly RuleResult[]): BucketReport => ({
  bucket: "drop",
  source: "live",
  results,
  policy: { public: "no", strangers: { answer: "no", can: [], reason: "" }, masked: "no" },
});
const broken = (code: string): BucketReport => ({ ...bucket(), error: { code, message: "" } });

type Row = readonly [sentence: string, exitCode: number, failOn: FailOn, ...buckets: readonly BucketReport[]];

describe("exitCodeFor", () => {
  test.for<Row>([
    ["0 without buckets", 0, "high"],
    ["0 when all pass", 0, "high", bucket(result("pass"), result("not-applicable"))],
    ["1 for a failure at the threshold", 1, "high", bucket(result("fail", "high"))],
    ["1 for a failure above it", 1, "high", bucket(result("fail", "critical"))],
    ["0 for a failure below it", 0, "high", bucket(result("fail", "medium"))],
    ["1 for the mildest when that was asked for", 1, "info", bucket(result("fail", "info"))],
    ["0 for the worst when none was to fail", 0, "none", bucket(result("fail", "critical"))],
    ["0 for what is suppressed", 0, "high", bucket(result("suppressed", "critical"))],
    ["5 for what is unknown", 5, "high", bucket(result("pass"), result("unknown", "info"))],
    ["5 for what is unknown, also when nothing was to fail", 5, "none", bucket(result("unknown"))],
    ["1 before 5", 1, "high", bucket(result("unknown"), result("fail"))],
    ["5 beside a failure below the threshold", 5, "high", bucket(result("unknown"), result("fail", "low"))],
    ["3 for a bucket that is not there", 3, "high", broken("BUCKET_NOT_FOUND")],
    ["1 before 3", 1, "high", broken("BUCKET_NOT_FOUND"), bucket(result("fail"))],
    ["3 before 5", 3, "high", broken("BUCKET_NOT_FOUND"), bucket(result("unknown"))],
    ["5 for a bucket that nobody may look at", 5, "high", broken("ACCESS_DENIED"), bucket(result("pass"))],
    ["3 for a code that is not in the table", 3, "high", broken("SOMETHING_NEW")],
  ])("is %s", ([, exitCode, failOn, ...buckets]) => {
    expect(exitCodeFor(buckets, failOn)).toBe(exitCode);
  });
});

test("the summary counts rules once, results each, and severities of failures only", () => {
  const one = bucket(result("fail", "critical"), result("suppressed", "critical"), result("pass", "low", "b-rule"));
  expect(summarise([one, bucket(result("unknown"))])).toEqual({
    buckets: 2,
    rules: 2,
    byStatus: { pass: 1, fail: 1, unknown: 1, "not-applicable": 0, suppressed: 1 },
    bySeverity: { critical: 1, high: 0, medium: 0, low: 0, info: 0 },
  });
});
