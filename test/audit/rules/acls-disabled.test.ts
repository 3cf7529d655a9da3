import { aclsDisabled } from "../../../src/audit/rules/acls-disabled.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";

const rest = "and only BucketOwnerEnforced switches them off.";

describeRule(aclsDisabled, [
  [
    "passes with BucketOwnerEnforced",
    aBucket({ ownership: "BucketOwnerEnforced" }),
    passes("ACLs are switched off in drop: every object belongs to the bucket's owner."),
  ],
  [
    "fails with BucketOwnerPreferred",
    aBucket({ ownership: "BucketOwnerPreferred" }),
    fails(`ACLs count in drop: its object ownership is BucketOwnerPreferred, ${rest}`),
  ],
  [
    "fails with ObjectWriter",
    aBucket({ ownership: "ObjectWriter" }),
    fails(`ACLs count in drop: its object ownership is ObjectWriter, ${rest}`),
  ],
  [
    "fails without ownership controls, as buckets from before 2023",
    aBucket(),
    fails(`ACLs count in drop: it has no ownership controls, ${rest}`),
  ],
  [
    "is unknown when it cannot be read",
    aBucket({ ownership: unread() }),
    isUnknown(
      "The bucket's object ownership could not be read (AccessDenied); it takes s3:GetBucketOwnershipControls.",
      "s3:GetBucketOwnershipControls",
    ),
  ],
]);
