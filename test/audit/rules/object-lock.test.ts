import { objectLock } from "../../../src/audit/rules/object-lock.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, failsWith, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

describeRule(objectLock, [
  [
    "passes when it is enabled",
    aBucket({ objectLock: { ObjectLockEnabled: "Enabled" } }),
    passes("Object Lock is enabled for drop."),
  ],
  [
    "does not apply where nobody asked for it",
    aBucket(),
    notApplicable("Nobody asked for Object Lock, and drop has none."),
  ],
  [
    "fails where it is meant and not enabled",
    aBucket(),
    failsWith("medium", "Object Lock is intended and not enabled for drop: what may be deleted, can be."),
    { objectLock: true },
  ],
  [
    "is unknown when it is meant and cannot be read",
    aBucket({ objectLock: unread() }),
    isUnknown(
      "The Object Lock configuration could not be read (AccessDenied); it takes s3:GetBucketObjectLockConfiguration.",
      "s3:GetBucketObjectLockConfiguration",
    ),
    { objectLock: true },
  ],
]);
