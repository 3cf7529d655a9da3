/** What the part of a policy that is for everyone allows, by the kind of access. */
import type { AccessKind } from "../policy/strangers.ts";
import { isBlocked } from "./effective-block.ts";
import { notUnderstood } from "./parsed-policy.ts";
import { type PolicyFacets, policyExposure, strangerWitness } from "./policy-exposure.ts";
import type { RuleOutcome } from "./rule.ts";

export interface AskedAccess {
  readonly kinds: readonly AccessKind[];
  /** Reads after "strangers can": `write to drop`. */
  readonly what: string;
}

export function publicPart(
  { bucket, ...facets }: PolicyFacets & { readonly bucket: string },
  { kinds, what }: AskedAccess,
): RuleOutcome {
  const none: RuleOutcome = { status: "pass", message: `The bucket policy lets no stranger ${what}.` };
  if (isBlocked(facets, "RestrictPublicBuckets")) return none;

  const found = policyExposure(facets);
  if (found.state === "unreadable") return notUnderstood(bucket, found.reason);
  if (found.state === "absent") return none;
  const { public: verdict, strangers } = found.value;
  const witnesses = strangers.witnesses.filter(({ kind }) => kinds.includes(kind));
  const [first] = witnesses;
  if (first !== undefined) {
    const actions = witnesses.map(({ action }) => action);
    const who = first.who === "anonymous" ? "Anyone, without credentials," : "Anyone with an AWS account";
    const rest = actions.length > 1 ? ` (and ${actions.length - 1} more of the kind)` : "";
    const message = `${who} can ${what}: its policy allows ${first.action} on ${first.resource}${rest}.`;
    return {
      status: "fail",
      violations: [{ message, evidence: { actions: actions.slice(0, MOST_ACTIONS) }, witness: strangerWitness(first) }],
    };
  }
  // without examples of what is possible nothing is ruled out
  const isUndecided = strangers.answer === "unknown" && strangers.possible.length === 0;
  if (isUndecided || strangers.possible.some(({ kind }) => kinds.includes(kind))) {
    const why =
      strangers.answer === "unknown" ? strangers.reason : "it depends on conditions that cannot be decided here";
    return { status: "unknown", message: `Whether strangers can ${what} cannot be told: ${why}.` };
  }
  if (verdict.agrees === false && verdict.ours?.isPublic !== true) {
    const message = `AWS calls the policy of ${bucket} public and s3up does not see why, so whether strangers can ${what} cannot be told.`;
    return { status: "unknown", message };
  }
  return none;
}

const MOST_ACTIONS = 10;
