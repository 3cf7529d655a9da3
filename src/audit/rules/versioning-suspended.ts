import { noPlan } from "../no-plan.ts";
import { defineRule } from "../rule.ts";
import { versioning } from "./versioning.ts";

export const versioningSuspended = defineRule({
  id: "versioning-suspended",
  layer: "extra",
  severity: "medium",
  title: "No plan stops keeping versions",
  why: "From then on an overwritten object is gone for good. Ransom and mistakes count on it.",
  fix: versioning.fix,
  needs: ["change", "versioning"],

  evaluate({ bucket, change, versioning: state }) {
    if (change === undefined) return noPlan(bucket);
    if (change.before.versioning?.Status !== "Enabled" || state?.Status === "Enabled") {
      return { status: "pass", message: `The plan stops no versions of ${bucket}.` };
    }
    const how = change.removed.includes("versioning") ? "deletes the resource that switched them on" : "suspends them";
    const message = `The plan stops keeping versions in ${bucket}: it ${how}.`;
    return { status: "fail", violations: [{ message, evidence: { before: "Enabled", after: state?.Status ?? null } }] };
  },
});
