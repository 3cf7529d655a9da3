import { objectLock } from "../../../src/audit/rules/object-lock.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";

describeRule(objectLock, [
  [
    "passes when it is enabled",
    aBucket({ objectLock: { ObjectLockEnabled: "Enabled" } }),
    passes("Object Lock is enabled for drop."),
  ],
  ["fails without it", aBucket(), fails("Object Lock is not enabled for drop: what may be deleted, can be.")],
  [
    "is unknown when it cannot be read",
    aBucket({ objectLock: unread() }),
    isUnknown(
      "The Object Lock configuration could not be read (AccessDenied); it takes s3:GetBucketObjectLockConfiguration.",
      "s3:GetBucketObjectLockConfiguration",
    ),
  ],
]);
