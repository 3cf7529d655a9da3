/** Findings that a project has decided to live with: each with a reason, and if it likes with a last day. */
import { S3upError } from "../errors.ts";
import { Budget } from "../policy/budget.ts";
import { glob, matches } from "../policy/glob.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { RuleResult } from "./result.ts";
import type { RuleDescription } from "./rule.ts";

/** A member of `suppressions` in `s3up.config.json`. */
export interface Suppression {
  readonly rule: string;
  /** A name in which `*` stands for any characters and `?` for one; left out: every bucket. */
  readonly bucket?: string | undefined;
  readonly reason: string;
  /** The last day on which it counts, `YYYY-MM-DD` (UTC). */
  readonly expires?: string | undefined;
}

/** Where a suppression has expired, this is found beside what it held back. */
export const suppressionExpired: RuleDescription = {
  id: "suppression-expired",
  layer: "extra",
  severity: "medium",
  title: "No suppression is past its last day",
  why: "A finding was accepted until a day that has passed. Nobody has looked at it again since.",
  fix: {
    cli: "# Repair what was suppressed and delete the entry from s3up.config.json, or give it a new reason and a new day.",
    terraform: "# Suppressions stand in s3up.config.json, not in Terraform.",
  },
};

/**
 * @param source the file's path, for the message
 * @throws S3upError CONFIG_INVALID for a reason that says nothing, a day that is none, a rule that is not there
 */
export function checkSuppressions(
  suppressions: readonly Suppression[],
  ruleIds: readonly string[],
  source: string,
): readonly Suppression[] {
  for (const [index, suppression] of suppressions.entries()) {
    const fault = faultOf(suppression, ruleIds);
    if (fault === undefined) continue;
    throw new S3upError("CONFIG_INVALID", `Suppression ${index + 1} in ${source} cannot be used.`, {
      why: fault.why,
      hint: fault.hint,
    });
  }
  return suppressions;
}

function faultOf(
  { rule, reason, expires }: Suppression,
  ruleIds: readonly string[],
): { readonly why: string; readonly hint: string } | undefined {
  if (!ruleIds.includes(rule)) {
    return { why: `There is no rule "${rule}".`, hint: "s3up audit --list-rules shows the rules." };
  }
  if (reason.trim() === "") {
    return { why: `It gives no reason for ${rule}.`, hint: 'Add "reason" with the words that a reviewer should read.' };
  }
  if (expires !== undefined && !isDay(expires)) {
    return { why: `"${expires}" is no day.`, hint: 'Write the last day on which it counts, such as "2027-03-31".' };
  }
  return undefined;
}

export interface SuppressionFacts {
  readonly bucket: string;
  readonly suppressions: readonly Suppression[];
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
}

/** The results with what is suppressed marked as such, and one more for each suppression of this bucket that has expired. */
export function suppress(results: readonly RuleResult[], facts: SuppressionFacts): readonly RuleResult[] {
  const ofBucket = facts.suppressions.filter((suppression) => covers(suppression, facts.bucket));
  const isOver = ({ expires }: Suppression): boolean => expires !== undefined && expires < facts.today;
  const valid = ofBucket.filter((suppression) => !isOver(suppression));
  const expired = ofBucket.filter(isOver).map((suppression) => expiredResult(suppression, facts.bucket));
  return [...results.map((result) => suppressed(result, valid)), ...expired];
}

/** Only a failure can be suppressed: what is unknown stays unknown, whatever the reason. */
function suppressed(result: RuleResult, suppressions: readonly Suppression[]): RuleResult {
  if (result.status !== "fail") return result;
  const found = suppressions.find(({ rule }) => rule === result.rule);
  if (found === undefined) return result;
  const { reason, expires } = found;
  const until = expires === undefined ? {} : { expires };
  return { ...result, status: "suppressed", suppression: { reason, ...until, by: "configuration" } };
}

function covers({ bucket }: Suppression, name: string): boolean {
  return bucket === undefined || matches(glob(bucket), name, new Budget());
}

function expiredResult({ rule, reason, expires }: Suppression, bucket: string): RuleResult {
  const { id, layer, severity, why, fix } = suppressionExpired;
  const message = `The suppression of ${rule} for ${bucket} ended on ${expires}; its reason was: ${reason}`;
  return {
    rule: id,
    layer,
    severity,
    status: "fail",
    message,
    why,
    fix,
    evidence: [{ message, value: { rule, reason, expires } }],
    fingerprint: fingerprintOf(bucket, id, [message]),
  };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
