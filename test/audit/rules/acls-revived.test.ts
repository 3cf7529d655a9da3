import { aclsRevived } from "../../../src/audit/rules/acls-revived.ts";
import { aBucket } from "../../support/audit-bucket.ts";
import { describeRule, fails, notApplicable, passes } from "../../support/describe-rule.ts";
import { aChange } from "../../support/planned-change.ts";

const enforced = { ownership: "BucketOwnerEnforced" } as const;
const effect = "and old grants of the bucket and of its objects count from then on.";

describeRule(aclsRevived, [
  ["has nothing to say without a plan", aBucket(), notApplicable("No Terraform plan says what will change of drop.")],
  [
    "passes where ACLs were on before",
    aBucket({ change: aChange({ ownership: "ObjectWriter" }), ownership: "ObjectWriter" }),
    passes("The plan switches no ACLs of drop on that were off."),
  ],
  [
    "passes where they stay off",
    aBucket({ change: aChange(enforced), ownership: "BucketOwnerEnforced" }),
    passes("ACLs of drop stay switched off."),
  ],
  [
    "passes where the bucket is made anew: it has no old grants",
    aBucket({ change: aChange(enforced, { action: "replace" }), ownership: "ObjectWriter" }),
    passes("The plan switches no ACLs of drop on that were off."),
  ],
  [
    "fails where the ownership changes",
    aBucket({ change: aChange(enforced), ownership: "BucketOwnerPreferred" }),
    fails(`The plan switches the ACLs of drop on again: it changes its ownership to BucketOwnerPreferred, ${effect}`),
  ],
  [
    "fails where the controls are taken away",
    aBucket({ change: aChange(enforced, { removed: ["ownership"] }), ownership: "ObjectWriter" }),
    fails(`The plan switches the ACLs of drop on again: it takes its ownership controls away, ${effect}`),
  ],
]);
