import { defineRule } from "../rule.ts";

export const aclsDisabled = defineRule({
  id: "acls-disabled",
  layer: 3,
  severity: "medium",
  title: "ACLs are switched off",
  why: "While ACLs count, whoever uploads can own the object and decide who reads it. One rule set, the bucket policy, is easier to keep right than one for each object.",
  fix: {
    cli: `aws s3api put-bucket-ownership-controls --bucket BUCKET \\
  --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'`,
    terraform: `resource "aws_s3_bucket_ownership_controls" "uploads" {
  bucket = "BUCKET"
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}`,
  },
  needs: ["ownership"],

  evaluate({ bucket, ownership }) {
    if (ownership === "BucketOwnerEnforced") {
      return {
        status: "pass",
        message: `ACLs are switched off in ${bucket}: every object belongs to the bucket's owner.`,
      };
    }
    // buckets made before April 2023 have no ownership controls, and behave like ObjectWriter
    const state = ownership === undefined ? "it has no ownership controls" : `its object ownership is ${ownership}`;
    const message = `ACLs count in ${bucket}: ${state}, and only BucketOwnerEnforced switches them off.`;
    return { status: "fail", violations: [{ message, evidence: { ObjectOwnership: ownership ?? null } }] };
  },
});
