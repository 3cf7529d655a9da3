import { notUnderstood, parsedPolicy } from "../parsed-policy.ts";
import { policyExposure, strangerWitness } from "../policy-exposure.ts";
import { editFix } from "../policy-fix.ts";
import { defineRule } from "../rule.ts";

export const publicPolicyMasked = defineRule({
  id: "public-policy-masked",
  layer: 3,
  severity: "medium",
  title: "Not only Block Public Access keeps the bucket closed",
  why: "The policy allows strangers in, and one switch holds it back. Whoever turns that off, for a test or by mistake, opens the bucket at once.",
  fix: editFix(
    "delete the statement that is public, or name in it who is meant (an account, a role, aws:PrincipalOrgID)",
  ),
  needs: ["policy", "policyStatus", "publicAccessBlock", "accountPublicAccessBlock", "organizationPublicAccessBlock"],

  evaluate({ bucket, ...facets }) {
    const found = policyExposure(facets);
    if (found.state === "unreadable") return notUnderstood(bucket, found.reason);
    if (found.state === "absent" || facets.policy === undefined) {
      return { status: "pass", message: `${bucket} has no bucket policy that would have to be held back.` };
    }
    const { public: verdict, masked } = found.value;
    if (verdict.answer === "no") {
      return { status: "pass", message: `The policy of ${bucket} is not public, with or without the block.` };
    }
    if (masked.policy.answer !== "yes") {
      const message = `The policy of ${bucket} is public and nothing holds it back, which public-policy reports.`;
      return { status: "not-applicable", message };
    }
    const readable = parsedPolicy(facets.policy).state === "present";
    const levels = masked.by.join(" and ");
    const message = `The policy of ${bucket} is public, and only RestrictPublicBuckets (${levels}) holds it back: ${verdict.reason}.`;
    const [witness] = masked.witnesses;
    return {
      status: "fail",
      violations: [
        {
          message,
          evidence: { heldBackBy: masked.by, understood: readable },
          ...(witness === undefined ? {} : { witness: strangerWitness(witness) }),
        },
      ],
    };
  },
});
