/**
 * The bucket as it is beside the bucket as Terraform has it: rule by rule, and setting by setting. What both fail alike is no
 * drift; an audit of either tells it.
 */
import { evaluate } from "./evaluate.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { intentFrom } from "./intent-from.ts";
import type { Criteria } from "./judge.ts";
import { plannedResults, withheldAnswers } from "./planned-results.ts";
import { policyAnswers } from "./policy-answers.ts";
import type { BucketReport, RuleResult, Status } from "./result.ts";
import type { Rule, RuleDescription } from "./rule.ts";
import { differingSettings } from "./setting-difference.ts";
import type { BucketSnapshot } from "./snapshot.ts";
import { suppress } from "./suppress.ts";

/** What is found beside the rules: a setting that differs although no verdict does. */
export const settingsDrift: RuleDescription = {
  id: "settings-drift",
  layer: "extra",
  severity: "low",
  title: "The bucket is set as Terraform has it",
  why: "Somebody changed the bucket by hand, or the plan was never applied. The next apply undoes what was changed, whoever relies on it by then.",
  fix: {
    cli: "# Apply the plan, or write what is meant into the configuration and plan again.",
    terraform:
      "# terraform apply brings the bucket to what is written; terraform plan -refresh-only shows what was changed outside.",
  },
};

export type DriftJudge = (live: BucketSnapshot, planned: BucketSnapshot) => BucketReport;

/** Rules about what a plan changes have no live side, and stay out. */
export function driftWith({ rules, intent, suppressions, today }: Criteria): DriftJudge {
  const compared = rules.filter(({ needs }) => !needs.includes("change"));
  return (live, planned) => {
    const { bucket, arn } = live;
    const told = intentFrom(intent, live.facets.signer.state === "present" ? live : planned);
    const ofLive = evaluate(live, compared, told);
    const ofPlan = plannedResults(evaluate(planned, compared, told), compared, planned);
    const results = compared.flatMap((rule, at) => comparison(rule, ofLive[at], ofPlan[at], live, planned));
    return {
      bucket,
      arn,
      source: `live and ${planned.source}`,
      ...(planned.planned === undefined ? {} : { address: planned.planned.address }),
      results: suppress([...results, settingsResult(live, planned)], { bucket, suppressions, today }),
      policy: withheldAnswers(policyAnswers(live), planned),
    };
  };
}

function comparison(
  rule: Rule,
  live: RuleResult | undefined,
  plan: RuleResult | undefined,
  { bucket }: BucketSnapshot,
  planned: BucketSnapshot,
): readonly RuleResult[] {
  if (live === undefined || plan === undefined) return [];
  const isSecret = rule.needs.some((facet) => planned.planned?.sensitive.has(facet) === true);
  const common = { ...live, addresses: plan.addresses ?? [] };
  const { evidence: _, witness: __, ...bare } = common;
  const outcome = outcomeOf(live.status, plan, planned, rule);
  switch (outcome) {
    case "alike":
      return [{ ...bare, status: "pass", message: alikeText(bucket, live.status) }];
    case "unsaid":
      return [
        { ...bare, status: "not-applicable", message: `The plan does not tell what decides it: ${plan.message}` },
      ];
    case "unknown":
      return [
        {
          ...common,
          ...(live.status === "unknown" ? {} : { evidence: plan.evidence ?? [] }),
          status: "unknown",
          message: live.status === "unknown" ? live.message : plan.message,
        },
      ];
    case "live-fails":
      return [
        drifted(
          isSecret ? secretly(common, plan) : common,
          `${bucket} has drifted: it fails here, and the plan holds.`,
          bucket,
        ),
      ];
    case "plan-fails":
      return [drifted(plan, `${bucket} holds, and the plan would break it.`, bucket)];
  }
}

/** What is sensitive in the plan is so in the bucket. */
function secretly(live: RuleResult, plan: RuleResult): RuleResult {
  const { evidence: _, witness: __, ...rest } = live;
  return { ...rest, message: plan.message };
}

/** @param said what the difference is; stands before what is wrong on the side that fails */
function drifted(result: RuleResult, said: string, bucket: string): RuleResult {
  const [first = { message: result.message }, ...others] = result.evidence ?? [];
  const message = `${said} ${result.message}`;
  const evidence = [{ ...first, message: `${said} ${first.message}` }, ...others];
  const texts = evidence.map((one) => one.message);
  return { ...result, status: "fail", message, evidence, fingerprint: fingerprintOf(bucket, result.rule, texts) };
}

type Outcome = "alike" | "unsaid" | "unknown" | "live-fails" | "plan-fails";

function outcomeOf(live: Status, plan: RuleResult, planned: BucketSnapshot, rule: Rule): Outcome {
  if (plan.status === "unknown") return isUnsaid(planned, rule) ? "unsaid" : "unknown";
  if (live === "unknown") return "unknown";
  const liveFails = live === "fail";
  if (liveFails === (plan.status === "fail")) return "alike";
  return liveFails ? "live-fails" : "plan-fails";
}

/** Nothing in the plan is about it, which is no drift; a value that comes with apply is an open question. */
function isUnsaid({ facets }: BucketSnapshot, { needs }: Rule): boolean {
  const reasons = needs.flatMap((facet) => {
    const reading = facets[facet];
    return reading.state === "unreadable" ? [reading.reason] : [];
  });
  return reasons.length > 0 && reasons.every((reason) => !reason.includes("known after apply"));
}

function alikeText(bucket: string, status: Status): string {
  return status === "fail"
    ? `No drift: ${bucket} fails it live and in the plan alike.`
    : `No drift: ${bucket} is fine live and in the plan alike.`;
}

function settingsResult(live: BucketSnapshot, planned: BucketSnapshot): RuleResult {
  const { bucket } = live;
  const { id, layer, severity, why, fix } = settingsDrift;
  const common = { rule: id, layer, severity, why, fix, addresses: addressesOf([], planned) };
  const found = differingSettings(live, planned);
  const [first] = found;
  if (first === undefined) {
    const message = `${bucket} is set as the plan has it, as far as both are known.`;
    return { ...common, status: "pass", message, fingerprint: fingerprintOf(bucket, id, []) };
  }
  const names = found.map(({ name }) => name).join(", ");
  const message = `${bucket} is set in another way than the plan has it: ${names}.`;
  return {
    ...common,
    addresses: addressesOf(
      found.map(({ facet }) => facet),
      planned,
    ),
    status: "fail",
    message,
    evidence: found.map(({ text, live: now, planned: then }) => ({
      message: text,
      value: { live: now, planned: then },
    })),
    fingerprint: fingerprintOf(
      bucket,
      id,
      found.map(({ facet }) => facet),
    ),
  };
}

function addressesOf(
  facets: readonly (keyof BucketSnapshot["facets"])[],
  { planned }: BucketSnapshot,
): readonly string[] {
  if (planned === undefined) return [];
  const found = facets.flatMap((facet) => planned.addresses.get(facet) ?? []);
  return found.length > 0 ? [...new Set(found)] : [planned.address];
}
