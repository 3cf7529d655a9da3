import { missingFlags } from "../effective-block.ts";
import { closingFix } from "../policy-fix.ts";
import { defineRule } from "../rule.ts";

/** Two flags protect today, the other two refuse tomorrow's mistake: only all four are a closed door. */
export const bpaComplete = defineRule({
  id: "bpa-complete",
  layer: 3,
  severity: "high",
  title: "Block Public Access is fully on",
  why: "One wrong policy or ACL, by hand or by a script, opens the bucket to the world. With all four flags on, S3 refuses it or ignores it.",
  fix: closingFix,
  needs: ["publicAccessBlock", "accountPublicAccessBlock", "organizationPublicAccessBlock"],

  evaluate({ bucket, ...facets }) {
    const missing = missingFlags(facets);
    if (missing.length === 0) return { status: "pass", message: `All four flags are on for ${bucket}.` };
    const flags =
      missing.length === 4 ? "none of the four flags is on" : `${missing.join(", ")} ${isOrAre(missing)} off`;
    const message = `${bucket} is not fully closed to public access: ${flags} at the bucket, the account and the organization.`;
    return { status: "fail", violations: [{ message, evidence: { off: missing } }] };
  },
});

function isOrAre(names: readonly string[]): string {
  return names.length === 1 ? "is" : "are";
}
