import { versioningSuspended } from "../../../src/audit/rules/versioning-suspended.ts";
import { aBucket } from "../../support/audit-bucket.ts";
import { describeRule, fails, notApplicable, passes } from "../../support/describe-rule.ts";
import { aChange } from "../../support/planned-change.ts";

const enabled = { versioning: { Status: "Enabled" } } as const;

describeRule(versioningSuspended, [
  ["has nothing to say without a plan", aBucket(), notApplicable("No Terraform plan says what will change of drop.")],
  [
    "passes where versions are kept on",
    aBucket({ change: aChange(enabled), ...enabled }),
    passes("The plan stops no versions of drop."),
  ],
  ["passes where none were kept", aBucket({ change: aChange({}) }), passes("The plan stops no versions of drop.")],
  [
    "fails where they are suspended",
    aBucket({ change: aChange(enabled), versioning: { Status: "Suspended" } }),
    fails("The plan stops keeping versions in drop: it suspends them."),
  ],
  [
    "fails where the resource is deleted",
    aBucket({ change: aChange(enabled, { removed: ["versioning"] }) }),
    fails("The plan stops keeping versions in drop: it deletes the resource that switched them on."),
  ],
]);
