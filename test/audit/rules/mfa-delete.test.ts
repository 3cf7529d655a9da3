import { mfaDelete } from "../../../src/audit/rules/mfa-delete.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

const on = { Status: "Enabled", MFADelete: "Enabled" } as const;
const off = fails("Versions in drop can be deleted with credentials alone: MFA delete is off.");

describeRule(mfaDelete, [
  ["passes when it is on", aBucket({ versioning: on }), passes("Deleting a version in drop takes a second factor.")],
  ["fails when it is off", aBucket({ versioning: { Status: "Enabled", MFADelete: "Disabled" } }), off],
  ["fails when nothing is said of it", aBucket({ versioning: { Status: "Enabled" } }), off],
  [
    "does not apply beside a lifecycle configuration",
    aBucket({ versioning: { Status: "Enabled" }, lifecycle: [{ Status: "Enabled" }] }),
    notApplicable("drop has a lifecycle configuration, and S3 allows no MFA delete beside one."),
  ],
  [
    "passes when it is on and the lifecycle cannot be read",
    aBucket({ versioning: on, lifecycle: unread() }),
    passes("Deleting a version in drop takes a second factor."),
  ],
  [
    "is unknown when it is off and the lifecycle cannot be read",
    aBucket({ lifecycle: unread() }),
    isUnknown(
      "The lifecycle configuration could not be read (AccessDenied); it takes s3:GetLifecycleConfiguration.",
      "s3:GetLifecycleConfiguration",
    ),
  ],
]);
