import { defineRule } from "../rule.ts";

export const objectLock = defineRule({
  id: "object-lock",
  layer: "extra",
  severity: "info",
  title: "Objects are locked against deletion where that is meant",
  why: "Whoever has the right credentials can delete or replace uploads. A locked version stays until its time is over, even for administrators.",
  fix: {
    cli: `# needs versioning; every upload must then carry a checksum
aws s3api put-object-lock-configuration --bucket BUCKET --object-lock-configuration \\
  '{"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Mode":"GOVERNANCE","Days":30}}}'`,
    terraform: `resource "aws_s3_bucket_object_lock_configuration" "uploads" {
  bucket = "BUCKET"
  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = 30
    }
  }
}`,
  },
  needs: ["objectLock"],

  evaluate({ bucket, objectLock: lock }, intent) {
    if (lock?.ObjectLockEnabled === "Enabled") {
      return { status: "pass", message: `Object Lock is enabled for ${bucket}.` };
    }
    if (intent.objectLock !== true) {
      return { status: "not-applicable", message: `Nobody asked for Object Lock, and ${bucket} has none.` };
    }
    const message = `Object Lock is intended and not enabled for ${bucket}: what may be deleted, can be.`;
    return { status: "fail", violations: [{ message, severity: "medium" }] };
  },
});
