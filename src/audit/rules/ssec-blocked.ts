import type { EncryptionRule } from "../facets.ts";
import { notUnderstood, parsedPolicy } from "../parsed-policy.ts";
import { guardOf } from "../policy-guard.ts";
import { defineRule } from "../rule.ts";

/** Source: S3 User Guide, "Blocking or unblocking SSE-C for a general purpose bucket". */
export const ssecBlocked = defineRule({
  id: "ssec-blocked",
  layer: "extra",
  severity: "low",
  title: "Nobody can encrypt with a key of their own",
  why: "Who writes with a key that only they have (SSE-C) can lock you out of your own objects. Ransom has been taken in this way.",
  fix: {
    cli: `# this replaces the rule: with a KMS key, keep its SSEAlgorithm and KMSMasterKeyID
aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
  '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BlockedEncryptionTypes":{"EncryptionType":["SSE-C"]}}]}'`,
    terraform: `resource "aws_s3_bucket_server_side_encryption_configuration" "uploads" {
  bucket = "BUCKET"
  rule {
    # AWS provider 6.40 and later; before that, deny the header in the bucket policy
    blocked_encryption_types = ["SSE-C"]
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}`,
  },
  needs: ["encryption", "policy"],

  evaluate({ bucket, arn, encryption = [], policy }, { prefix }) {
    if (encryption.some(blocksCustomerKeys)) return { status: "pass", message: `${bucket} blocks SSE-C.` };
    const open = `${bucket} takes objects that are encrypted with a key of the sender's (SSE-C)`;
    const document = parsedPolicy(policy);
    if (document.state === "unreadable") return notUnderstood(bucket, document.reason);
    if (document.state === "absent")
      return { status: "fail", violations: [{ message: `${open}: nothing blocks it.` }] };
    const refusal = guardOf(document.value, arn, { kind: "customerKey" }, { prefix });
    if (refusal.answer === "unknown") return { status: "unknown", message: `${bucket}: ${refusal.reason}.` };
    if (refusal.present)
      return { status: "pass", message: `The policy of ${bucket} refuses SSE-C: ${refusal.reason}.` };
    return { status: "fail", violations: [{ message: `${open}: ${refusal.reason}.` }] };
  },
});

function blocksCustomerKeys({ BlockedEncryptionTypes }: EncryptionRule): boolean {
  return BlockedEncryptionTypes?.EncryptionType?.includes("SSE-C") === true;
}
