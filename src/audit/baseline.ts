/**
 * A baseline: the findings that were there when a project began to audit. They stay visible and no longer fail; a new one does,
 * also a new one of a rule that has failed before.
 */
import { S3upError } from "../errors.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { BucketReport, RuleResult } from "./result.ts";

export interface BaselineFinding {
  readonly fingerprint: string;
  /** For people who read the file; only the fingerprint counts. */
  readonly rule: string;
  readonly bucket: string;
  readonly message: string;
}

/** The text of a baseline with everything that fails now; the same for the same findings, whatever their order. */
export function baselineText(buckets: readonly BucketReport[]): string {
  const failures = buckets.flatMap(({ bucket, results }) =>
    results.filter(isFinding).flatMap((result) => findingsOf(bucket, result)),
  );
  const findings = [...new Map(failures.map((finding) => [finding.fingerprint, finding])).values()].sort(
    (a, b) => compare(a.bucket, b.bucket) || compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint),
  );
  return `${JSON.stringify({ v: 1, type: "audit-baseline", findings }, undefined, 2)}\n`;
}

/**
 * The fingerprints of the findings in a baseline.
 *
 * @param source the file's path, for the message
 * @throws S3upError CONFIG_INVALID
 */
export function parseBaseline(text: string, source: string): ReadonlySet<string> {
  const document = parseJson(text, source);
  if (!isRecord(document) || document.type !== "audit-baseline" || document.v !== 1) {
    throw invalid(source, 'It has no "v": 1 and "type": "audit-baseline"');
  }
  if (!Array.isArray(document.findings)) throw invalid(source, '"findings" is not a list');
  return new Set(
    document.findings.map((finding: unknown, index) => {
      if (isRecord(finding) && typeof finding.fingerprint === "string") return finding.fingerprint;
      throw invalid(source, `Finding ${index + 1} has no fingerprint`);
    }),
  );
}

/** Failures of which every single finding is in the baseline become `suppressed`. */
export function applyBaseline(
  results: readonly RuleResult[],
  bucket: string,
  known: ReadonlySet<string>,
): readonly RuleResult[] {
  return results.map((result): RuleResult => {
    if (result.status !== "fail") return result;
    if (!findingsOf(bucket, result).every(({ fingerprint }) => known.has(fingerprint))) return result;
    const suppression = {
      reason: "It is in the baseline: it was there when that was written.",
      by: "baseline",
    } as const;
    return { ...result, status: "suppressed", suppression };
  });
}

/** What a baseline has let pass stays in it when it is written again. */
function isFinding({ status, suppression }: RuleResult): boolean {
  return status === "fail" || (status === "suppressed" && suppression?.by === "baseline");
}

function findingsOf(bucket: string, { rule, message, evidence }: RuleResult): readonly BaselineFinding[] {
  const messages = evidence === undefined || evidence.length === 0 ? [message] : evidence.map((one) => one.message);
  return messages.map((text) => ({ fingerprint: fingerprintOf(bucket, rule, [text]), rule, bucket, message: text }));
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(source, "It is not JSON", cause);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function invalid(source: string, what: string, cause?: unknown): S3upError {
  return new S3upError("CONFIG_INVALID", `${source} cannot be used as a baseline.`, {
    why: `${what}.`,
    hint: "Write it anew with --write-baseline.",
    cause,
  });
}
