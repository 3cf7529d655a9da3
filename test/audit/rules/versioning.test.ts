import { versioning } from "../../../src/audit/rules/versioning.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";

const never = fails("drop keeps nothing of what is overwritten or deleted: versioning was never enabled.");

describeRule(versioning, [
  [
    "passes when it is enabled",
    aBucket({ versioning: { Status: "Enabled" } }),
    passes("drop keeps old versions of objects."),
  ],
  ["fails when it was never enabled", aBucket({ versioning: {} }), never],
  ["fails when nothing is said of it", aBucket(), never],
  [
    "fails when it is suspended",
    aBucket({ versioning: { Status: "Suspended" } }),
    fails("drop keeps nothing of what is overwritten or deleted: versioning is suspended."),
  ],
  [
    "is unknown when it cannot be read",
    aBucket({ versioning: unread() }),
    isUnknown(
      "The versioning state could not be read (AccessDenied); it takes s3:GetBucketVersioning.",
      "s3:GetBucketVersioning",
    ),
  ],
]);
