import { defineRule } from "../rule.ts";

export const mfaDelete = defineRule({
  id: "mfa-delete",
  layer: "extra",
  severity: "info",
  title: "Versions are deleted only with a second factor",
  why: "Stolen credentials can delete every version of every object. With MFA delete that takes the code of a device as well.",
  fix: {
    cli: `# only the root user can, and S3 then takes no lifecycle configuration for the bucket
aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled,MFADelete=Enabled \\
  --mfa "arn:PARTITION:iam::ACCOUNT:mfa/root-account-mfa-device 123456"`,
    terraform: "# Terraform cannot enter a code: use the command line, as the root user.",
  },
  needs: ["versioning", "lifecycle"],

  evaluate({ bucket, versioning, lifecycle = [] }) {
    if (versioning?.MFADelete === "Enabled") {
      return { status: "pass", message: `Deleting a version in ${bucket} takes a second factor.` };
    }
    // S3 User Guide, "Configuring MFA delete": the two exclude each other
    if (lifecycle.length > 0) {
      const message = `${bucket} has a lifecycle configuration, and S3 allows no MFA delete beside one.`;
      return { status: "not-applicable", message };
    }
    const message = `Versions in ${bucket} can be deleted with credentials alone: MFA delete is off.`;
    return { status: "fail", violations: [{ message, evidence: versioning ?? null }] };
  },
});
