/** What an audit's results amount to: the exit code that a pipeline goes by, and the counts below every report. */
import type { ErrorCode } from "../errors.ts";
import { EXIT, type ExitCode, exitCodeOf } from "../exit-codes.ts";
import type { AuditSummary, BucketReport, RuleResult, Status } from "./result.ts";
import { type Severity, severities } from "./rule.ts";

export type FailOn = Severity | "none";

/**
 * 1 for a failure at or above the threshold; else the code of what kept a bucket from being audited; else 5 where a question
 * stayed open, so that a refused read never looks like a pass; else 0.
 */
export function exitCodeFor(buckets: readonly BucketReport[], failOn: FailOn): ExitCode {
  const results = buckets.flatMap((bucket) => bucket.results);
  if (results.some((result) => result.status === "fail" && isAtLeast(result.severity, failOn))) return EXIT.findings;

  const failures = buckets.flatMap(({ error }) => (error === undefined ? [] : [exitCodeOfError(error.code)]));
  const failure = failures.find((code) => code !== EXIT.denied);
  if (failure !== undefined) return failure;
  if (failures.length > 0) return EXIT.incomplete;
  return results.some(({ status }) => status === "unknown") ? EXIT.incomplete : EXIT.ok;
}

/** Never true for `none`. */
export function isAtLeast(severity: Severity, threshold: FailOn): boolean {
  return threshold !== "none" && severities.indexOf(severity) <= severities.indexOf(threshold);
}

export function summarise(buckets: readonly BucketReport[]): AuditSummary {
  const results = buckets.flatMap((bucket) => bucket.results);
  const failures = results.filter(({ status }) => status === "fail");
  return {
    buckets: buckets.length,
    rules: new Set(results.map(({ rule }) => rule)).size,
    byStatus: {
      pass: countOf(results, "pass"),
      fail: failures.length,
      unknown: countOf(results, "unknown"),
      "not-applicable": countOf(results, "not-applicable"),
      suppressed: countOf(results, "suppressed"),
    },
    bySeverity: {
      critical: countAt(failures, "critical"),
      high: countAt(failures, "high"),
      medium: countAt(failures, "medium"),
      low: countAt(failures, "low"),
      info: countAt(failures, "info"),
    },
  };
}

function countOf(results: readonly RuleResult[], status: Status): number {
  return results.filter((result) => result.status === status).length;
}

function countAt(results: readonly RuleResult[], severity: Severity): number {
  return results.filter((result) => result.severity === severity).length;
}

function exitCodeOfError(code: string): ExitCode {
  return isErrorCode(code) ? exitCodeOf[code] : EXIT.failed;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(exitCodeOf, code);
}
