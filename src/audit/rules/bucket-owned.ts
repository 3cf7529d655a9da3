import { defineRule } from "../rule.ts";

/** Each read names the account that should own the bucket, so an answer is proof and a refusal of all of them a hint. */
export const bucketOwned = defineRule({
  id: "bucket-owned",
  layer: "extra",
  severity: "medium",
  title: "The bucket belongs to the account",
  why: "Bucket names are the world's: a name that was given up can be taken by a stranger. Uploads then go into the stranger's bucket.",
  fix: {
    cli: `# send the account along, and S3 refuses when the bucket is someone else's
aws s3api head-bucket --bucket BUCKET --expected-bucket-owner ACCOUNT`,
    terraform: `# a name that only this account can have:
resource "aws_s3_bucket" "uploads" {
  bucket = "uploads-\${data.aws_caller_identity.current.account_id}-\${data.aws_region.current.region}-an"
}`,
  },
  needs: ["versioning"],

  evaluate({ bucket, accountId, owner }) {
    if (owner === "another-account") {
      const message = `${bucket} belongs to another account${accountId === undefined ? "" : ` than ${accountId}`}.`;
      return { status: "fail", violations: [{ message, evidence: { expectedOwner: accountId ?? null } }] };
    }
    const named = accountInName(bucket);
    if (named !== undefined && accountId !== undefined && named !== accountId) {
      const message = `${bucket} is a name of the account ${named}; the account of this audit is ${accountId}.`;
      return { status: "fail", violations: [{ message, evidence: { expectedOwner: accountId } }] };
    }
    if (owner === "nothing-read") return { status: "unknown", message: `S3 answered nothing about ${bucket}.` };
    if (accountId === undefined) {
      return { status: "not-applicable", message: `Nobody said which account ${bucket} should belong to.` };
    }
    const global = named === undefined ? " Its name is free for others once it is deleted." : "";
    return { status: "pass", message: `${bucket} belongs to the account ${accountId}.${global}` };
  },
});

/** `…-<account>-<region>-an`: a name in the account's own namespace (since March 2026). */
function accountInName(bucket: string): string | undefined {
  return /-(\d{12})-[a-z]{2}(?:-[a-z]+)+-\d-an$/.exec(bucket)?.[1];
}
