/** What several formats say in the same words. */
import type { AuditReport, BucketReport, PolicyAnswers, RuleResult } from "../../audit/result.ts";
import { type Layer, severities, type Witness } from "../../audit/rule.ts";
import { exitMeaning } from "../../exit-codes.ts";
import { countText } from "../units.ts";

export const layerTitles: Readonly<Record<Layer, string>> = {
  1: "Short-lived URLs",
  2: "Least privilege",
  3: "Private bucket",
  4: "Object names",
  5: "CORS",
  extra: "Beyond the five layers",
};

/** "Layer 3: Private bucket" */
export function layerName(layer: Layer): string {
  return layer === "extra" ? layerTitles.extra : `Layer ${layer}: ${layerTitles[layer]}`;
}

/** The five layers in their order, what an engineer adds last. */
export function layerOrder(layer: Layer): number {
  return layer === "extra" ? 6 : layer;
}

export function witnessText({ action, resource, principal }: Witness): string {
  return `${principal === undefined || principal === "*" ? "anyone" : principal} can call ${action} on ${resource}`;
}

/** What was found, a line for each finding. A message joins the first findings of many; the evidence has them all. */
export function findingLines({ message, evidence = [], witness }: RuleResult): readonly string[] {
  const [first] = evidence;
  const joinsThem = first !== undefined && message.includes(first.message);
  const lines = [
    ...(joinsThem ? [] : [message]),
    ...evidence.map((found) => withExample(found.message, found.witness)),
  ];
  const [only] = lines;
  if (lines.length === 1 && only === message) return [withExample(message, witness)];
  return [...new Set(lines)];
}

function withExample(message: string, witness: Witness | undefined): string {
  return witness === undefined ? message : `${message} For example: ${witnessText(witness)}`;
}

/** "aws_s3_bucket_policy.uploads (main.tf:12)"; undefined for what is no plan and no state. */
export function addressText({ addresses, place }: RuleResult): string | undefined {
  const [address] = addresses ?? [];
  if (address === undefined) return undefined;
  return place === undefined ? address : `${address} (${place.path}:${place.line})`;
}

/** The IAM actions, by their real names, whose lack left the result open. */
export function missingActions(results: readonly RuleResult[]): readonly string[] {
  const open = results.filter(({ status }) => status === "unknown");
  const actions = open.flatMap(({ evidence = [] }) => evidence.flatMap(({ missingAction }) => missingAction ?? []));
  return [...new Set(actions)].sort();
}

export interface PolicyAnswerLine {
  readonly question: string;
  readonly answer: "yes" | "no" | "unknown";
  readonly remark: string;
  /** Requests that show it. */
  readonly examples: readonly string[];
}

/** The three answers about a bucket policy; they are never mixed. */
export function policyAnswerLines(policy: PolicyAnswers): readonly PolicyAnswerLine[] {
  const { public: isPublic, strangers, masked } = policy;
  return [
    { question: "Public by S3's definition", answer: isPublic, remark: awsRemark(policy), examples: [] },
    {
      question: "Open to strangers now",
      answer: strangers.answer,
      remark: strangers.reason,
      examples: strangerExamples(policy),
    },
    { question: "Only the block keeps it closed", answer: masked, remark: maskRemark(policy), examples: [] },
  ];
}

/** A few, without the one that the reason tells already. */
function strangerExamples({ strangers: { can, reason } }: PolicyAnswers): readonly string[] {
  const told = ({ action, resource }: Witness) => reason.includes(action) && reason.includes(resource);
  const texts = [...new Set(can.filter((witness) => !told(witness)).map(witnessText))];
  const left = texts.length - mostExamples;
  return [...texts.slice(0, mostExamples), ...(left > 0 ? [`and ${left} more`] : [])];
}

const mostExamples = 4;

function awsRemark({ public: ours, awsSays }: PolicyAnswers): string {
  if (awsSays === undefined) return "";
  const verdict = awsSays ? "public" : "not public";
  const agrees = ours !== "unknown" && (ours === "yes") === awsSays;
  return agrees ? `AWS agrees: ${verdict}` : `AWS itself says: ${verdict}`;
}

function maskRemark({ masked }: PolicyAnswers): string {
  return masked === "yes" ? "whoever switches Block Public Access off opens the bucket" : "";
}

/** "42 checks: 2 failed (1 critical, 1 low), 1 unknown, 39 passed" */
export function countsSentence({ summary }: AuditReport): string {
  const { byStatus, bySeverity } = summary;
  const checks = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  const failures = severities.filter((severity) => bySeverity[severity] > 0);
  const kinds = failures.map((severity) => `${bySeverity[severity]} ${severity}`).join(", ");
  const parts = [
    `${byStatus.fail} failed${kinds === "" ? "" : ` (${kinds})`}`,
    `${byStatus.unknown} unknown`,
    `${byStatus.pass} passed`,
    ...(byStatus["not-applicable"] > 0 ? [`${byStatus["not-applicable"]} not applicable`] : []),
    ...(byStatus.suppressed > 0 ? [`${byStatus.suppressed} suppressed`] : []),
  ];
  return `${countText(summary.buckets, "bucket")}, ${countText(checks, "check")}: ${parts.join(", ")}`;
}

/** What the exit code says to a person who did not look it up. */
export function exitSentence({ exitCode, failOn }: AuditReport): string {
  if (exitCode === 0) {
    return failOn === "none"
      ? "Exit code 0: no failure counts (--fail-on none)"
      : `Exit code 0: no failure at or above ${failOn}`;
  }
  if (exitCode === 1) return `Exit code 1: a failure at or above ${failOn}`;
  if (exitCode === 5) return "Exit code 5: a question stayed open, and nothing worse was found";
  const meaning = Object.entries(exitMeaning).find(([code]) => code === String(exitCode))?.[1];
  return `Exit code ${exitCode}${meaning === undefined ? "" : `: ${meaning}`}`;
}

export function errorText({ bucket, error }: BucketReport): string {
  if (error === undefined) return "";
  return `${bucket} could not be audited: ${[error.message, error.hint].filter(Boolean).join(" ")}`;
}

/** "accepted until 2026-12-31: the bucket is a website on purpose" */
export function suppressionText({ suppression }: RuleResult): string {
  if (suppression === undefined) return "";
  const { reason, expires, by } = suppression;
  const until = expires === undefined ? "" : ` until ${expires}`;
  return by === "baseline" ? `known from the baseline${until}: ${reason}` : `accepted${until}: ${reason}`;
}
