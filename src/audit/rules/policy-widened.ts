import { type Widening, widening } from "../../policy/widening.ts";
import { noPlan } from "../no-plan.ts";
import { notUnderstood, parsedPolicy } from "../parsed-policy.ts";
import { askedBucket } from "../partition.ts";
import { editFix } from "../policy-fix.ts";
import { defineRule, type Violation } from "../rule.ts";

export const policyWidened = defineRule({
  id: "policy-widened",
  layer: 3,
  severity: "high",
  title: "No plan opens the bucket policy further",
  why: "A policy grows by one statement at a time, and each looks small in a review. What it lets in on top of the old one is what matters.",
  fix: editFix("take out of the new policy what the old one did not allow, or accept it here with a reason"),
  needs: ["change", "policy"],

  evaluate({ bucket, arn, accountId, change, policy }) {
    if (change === undefined) return noPlan(bucket);
    if (change.before.policy === undefined || policy === undefined) {
      return { status: "pass", message: `The plan replaces no policy of ${bucket} with another.` };
    }
    const [then, now] = [parsedPolicy(change.before.policy), parsedPolicy(policy)];
    if (now.state === "unreadable") return notUnderstood(bucket, now.reason);
    if (then.state !== "present" || now.state !== "present") {
      return {
        status: "unknown",
        message: `The policy that ${bucket} has now cannot be understood, so nothing can be compared with it.`,
      };
    }
    const verdict = widening(then.value, now.value, askedBucket(arn));
    if (verdict.answer === "unknown") {
      const message = `Whether the new policy of ${bucket} allows more than the old one cannot be told: ${verdict.reason}.`;
      return { status: "unknown", message };
    }
    const [first, ...others] = verdict.wider.map((one) => violationOf(one, bucket, accountId));
    if (first === undefined) {
      return { status: "pass", message: `The new policy of ${bucket} allows nobody more than the old one.` };
    }
    return { status: "fail", violations: [first, ...others] };
  },
});

function violationOf(
  { kind, who, action, resource, reason }: Widening,
  bucket: string,
  account: string | undefined,
): Violation {
  return {
    message: `The new policy of ${bucket} is wider than the old one: it ${reason}.`,
    ...(action === undefined || resource === undefined ? {} : { witness: { action, resource, principal: who } }),
    ...(kind === "named" ? severityFor(who, account) : { severity: "critical" }),
  };
}

/** To give somebody of one's own more is daily work; to give it to another account is not. */
function severityFor(who: string, account: string | undefined): Pick<Violation, "severity"> {
  const isOwn = account !== undefined && (who === account || who.includes(`::${account}:`));
  const isService = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/.test(who);
  return isOwn || isService ? { severity: "low" } : { severity: "high" };
}
