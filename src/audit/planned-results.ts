/** Results of a bucket that comes from Terraform: with the address of what they are about, and without values marked as sensitive. */
import { fingerprintOf } from "./fingerprint.ts";
import type { PolicyAnswers, RuleResult } from "./result.ts";
import type { Rule } from "./rule.ts";
import type { BucketSnapshot, PlannedPart, PlannedPlaces } from "./snapshot.ts";
import { NOT_IN_PLAN } from "./source.ts";

export const SENSITIVE = "(sensitive)";

/** One for each rule, in the same order. */
export function plannedResults(
  results: readonly RuleResult[],
  rules: readonly Rule[],
  snapshot: BucketSnapshot,
): readonly RuleResult[] {
  const { planned } = snapshot;
  if (planned === undefined) return results;
  return results.map((result, index) => {
    const rule = rules[index];
    if (rule === undefined) return result;
    const told = withRemarks(result, rule, planned);
    const shown = rule.needs.some((facet) => planned.sensitive.has(facet)) ? withheld(told, rule, snapshot) : told;
    return { ...elsewhere(shown, rule, snapshot), addresses: addressesFor(rule, planned) };
  });
}

/** The most telling one first; the bucket's own where nothing else sets what the rule looks at. */
function addressesFor({ id, needs }: Rule, { address, addresses }: PlannedPlaces): readonly string[] {
  const parts = needs.flatMap((facet): readonly PlannedPart[] => {
    if (facet !== "signer") return [facet];
    if (id.startsWith("role-")) return ["role"];
    return aboutTheWayIn.has(id) ? ["api", "function"] : ["function", "role"];
  });
  const found = [...new Set(parts.flatMap((part) => addresses.get(part) ?? []))];
  return found.length > 0 ? found : [address];
}

const aboutTheWayIn: ReadonlySet<string> = new Set(["cors-api", "function-public"]);

function withRemarks(result: RuleResult, { needs }: Rule, { remarks }: PlannedPlaces): RuleResult {
  const texts = [...new Set(needs.flatMap((facet) => remarks.get(facet) ?? []))];
  if (texts.length === 0 || result.status === "not-applicable") return result;
  const message = [result.message, ...texts].join(" ");
  if (result.status !== "fail") return { ...result, message };
  return { ...result, message, evidence: [...(result.evidence ?? []), ...texts.map((text) => ({ message: text }))] };
}

/** The verdict stands; whatever could quote a value goes. */
function withheld(result: RuleResult, { title }: Rule, { bucket }: BucketSnapshot): RuleResult {
  const { rule, layer, severity, status, why, fix } = result;
  const verdict = { pass: "holds", fail: "does not hold", unknown: "cannot be told" };
  const said = status === "pass" || status === "fail" || status === "unknown" ? verdict[status] : "does not apply";
  const message = `For ${bucket} "${title}" ${said}; what shows it is marked as sensitive: ${SENSITIVE}.`;
  return {
    rule,
    layer,
    severity,
    status,
    message,
    why,
    fix,
    ...(status === "fail" ? { evidence: [{ message, value: SENSITIVE }] } : {}),
    fingerprint: fingerprintOf(bucket, rule, status === "fail" ? [SENSITIVE] : []),
  };
}

/** Of a bucket that is made elsewhere, what this plan does not set is nobody's open question here. */
function elsewhere(result: RuleResult, { needs }: Rule, { bucket, facets }: BucketSnapshot): RuleResult {
  if (result.status !== "unknown") return result;
  const open = needs.map((facet) => facets[facet]).filter((reading) => reading.state === "unreadable");
  const isOnlyElsewhere =
    open.length > 0 && open.every((reading) => reading.state === "unreadable" && reading.reason === NOT_IN_PLAN);
  if (!isOnlyElsewhere) return result;
  const { evidence: _, ...rest } = result;
  return {
    ...rest,
    status: "not-applicable",
    message: `${bucket} is made elsewhere, and this plan does not set what decides it.`,
  };
}

export function withheldAnswers(answers: PolicyAnswers, { planned }: BucketSnapshot): PolicyAnswers {
  const isSensitive = planned?.sensitive.has("policy") === true || planned?.sensitive.has("acl") === true;
  return isSensitive ? { ...answers, strangers: { ...answers.strangers, can: [], reason: SENSITIVE } } : answers;
}
