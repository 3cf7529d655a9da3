import { defineRule } from "../rule.ts";

export const versioning = defineRule({
  id: "versioning",
  layer: "extra",
  severity: "low",
  title: "Overwritten and deleted objects can be had back",
  why: "Without versions, an upload to an existing key destroys what was there. A presigned URL that is used twice is enough.",
  fix: {
    cli: "aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled",
    terraform: `resource "aws_s3_bucket_versioning" "uploads" {
  bucket = "BUCKET"
  versioning_configuration {
    status = "Enabled"
  }
}`,
  },
  needs: ["versioning"],

  evaluate({ bucket, versioning: state }) {
    if (state?.Status === "Enabled") return { status: "pass", message: `${bucket} keeps old versions of objects.` };
    const since = state?.Status === "Suspended" ? "versioning is suspended" : "versioning was never enabled";
    const message = `${bucket} keeps nothing of what is overwritten or deleted: ${since}.`;
    return { status: "fail", violations: [{ message, evidence: state ?? null }] };
  },
});
