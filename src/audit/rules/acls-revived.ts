import { noPlan } from "../no-plan.ts";
import { defineRule } from "../rule.ts";
import { publicAcl } from "./public-acl.ts";

/** Source: S3 User Guide, "Controlling ownership of objects and disabling ACLs": old grants count again. */
export const aclsRevived = defineRule({
  id: "acls-revived",
  layer: 3,
  severity: "high",
  title: "No plan switches ACLs on again",
  why: "While ACLs are off, old grants sleep: on the bucket and on every object. With another ownership all of them count again, those that nobody remembers too.",
  fix: publicAcl.fix,
  needs: ["change", "ownership"],

  evaluate({ bucket, change, ownership }) {
    if (change === undefined) return noPlan(bucket);
    if (change.before.ownership !== "BucketOwnerEnforced" || change.action === "replace") {
      return { status: "pass", message: `The plan switches no ACLs of ${bucket} on that were off.` };
    }
    if (ownership === "BucketOwnerEnforced") {
      return { status: "pass", message: `ACLs of ${bucket} stay switched off.` };
    }
    const how = change.removed.includes("ownership")
      ? "takes its ownership controls away"
      : `changes its ownership to ${ownership ?? "none"}`;
    const message = `The plan switches the ACLs of ${bucket} on again: it ${how}, and old grants of the bucket and of its objects count from then on.`;
    return {
      status: "fail",
      violations: [{ message, evidence: { before: "BucketOwnerEnforced", after: ownership ?? null } }],
    };
  },
});
