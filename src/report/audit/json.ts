/** The report for programs: one object on one line. docs/schemas/audit-report.schema.json describes it. */
import type { Answer, AuditReport, BucketReport, PolicyAnswers, RuleResult } from "../../audit/result.ts";
import { scrubbed } from "./scrubbed.ts";

/** One bucket at a time: the text of thousands is more than one string can hold. */
export function* jsonPieces(report: AuditReport): Generator<string, void, undefined> {
  const { v, type, summary, exitCode } = jsonReport({ ...report, buckets: [] });
  yield `{"v":${v},"type":"${type}","buckets":[`;
  let separator = "";
  for (const bucket of report.buckets) {
    yield `${separator}${JSON.stringify(jsonBucket(scrubbed(bucket)))}`;
    separator = ",";
  }
  yield `],"summary":${JSON.stringify(summary)},"exitCode":${exitCode}}\n`;
}

/** Every member is named here, in this order, so that the same report is the same bytes. */
export function jsonReport({ buckets, summary, failOn, exitCode }: AuditReport) {
  return {
    v: 1,
    type: "audit",
    buckets: buckets.map(jsonBucket),
    summary: {
      buckets: summary.buckets,
      rules: summary.rules,
      byStatus: {
        pass: summary.byStatus.pass,
        fail: summary.byStatus.fail,
        unknown: summary.byStatus.unknown,
        "not-applicable": summary.byStatus["not-applicable"],
        suppressed: summary.byStatus.suppressed,
      },
      bySeverity: {
        critical: summary.bySeverity.critical,
        high: summary.bySeverity.high,
        medium: summary.bySeverity.medium,
        low: summary.bySeverity.low,
        info: summary.bySeverity.info,
      },
      failOn,
    },
    exitCode,
  } as const;
}

function jsonBucket({ bucket, source, address, results, policy, error }: BucketReport) {
  return {
    bucket,
    source,
    ...(address === undefined ? {} : { address }),
    results: results.map(jsonResult),
    policy: jsonPolicy(policy),
    ...(error === undefined ? {} : { error }),
  };
}

function jsonResult(result: RuleResult) {
  return {
    rule: result.rule,
    layer: result.layer,
    severity: result.severity,
    status: result.status,
    message: result.message,
    why: result.why,
    fix: { cli: result.fix.cli, terraform: result.fix.terraform },
    evidence: result.evidence ?? [],
    witness: result.witness ?? null,
    fingerprint: result.fingerprint,
    ...addressOf(result),
    ...(result.suppression === undefined ? {} : { suppression: result.suppression }),
  };
}

/** Of a plan or a state; the most telling resource by itself, as most readers want one. */
function addressOf({ addresses, place }: RuleResult) {
  const [address] = addresses ?? [];
  if (address === undefined) return {};
  return { address, addresses, ...(place === undefined ? {} : { location: { file: place.path, line: place.line } }) };
}

function jsonPolicy({ public: isPublic, strangers, masked, awsSays }: PolicyAnswers) {
  return {
    public: jsonAnswer(isPublic),
    strangers: jsonAnswer(strangers.answer),
    masked: jsonAnswer(masked),
    awsSays: awsSays ?? null,
    reason: strangers.reason,
    witnesses: strangers.can,
  };
}

/** A reader that only asks whether it is true takes what is unknown for open, not for closed. */
function jsonAnswer(answer: Answer): boolean | "unknown" {
  return answer === "unknown" ? answer : answer === "yes";
}
