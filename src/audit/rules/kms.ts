import { algorithmOf, keyOf } from "../default-encryption.ts";
import { defineRule } from "../rule.ts";

export const kms = defineRule({
  id: "kms",
  layer: "extra",
  severity: "info",
  title: "Objects are encrypted with a KMS key",
  why: "With S3's own keys, whoever may read the object gets it decrypted. A KMS key has a policy and a log of its own, and can be taken away.",
  fix: {
    cli: `aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
  '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"KEY"},"BucketKeyEnabled":true}]}'
# the signer's role then needs kms:GenerateDataKey, and kms:Decrypt for uploads in parts`,
    terraform: `resource "aws_s3_bucket_server_side_encryption_configuration" "uploads" {
  bucket = "BUCKET"
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.uploads.arn
    }
  }
}`,
  },
  needs: ["encryption"],

  evaluate({ bucket, encryption }, intent) {
    const algorithm = algorithmOf(encryption);
    const isAsked = intent.encryption?.startsWith("aws:kms") === true;
    if (intent.encryption !== undefined && !isAsked) {
      return { status: "not-applicable", message: `${intent.encryption} is intended for ${bucket}, not a KMS key.` };
    }
    // two layers of KMS are more than the one that was asked for, one is less than two
    const isEnough =
      algorithm === intent.encryption || (algorithm.startsWith("aws:kms") && intent.encryption !== "aws:kms:dsse");
    const asked = isAsked ? ({ severity: "medium" } as const) : {};
    if (!isEnough) {
      const wish = isAsked ? `${intent.encryption} is intended` : "no KMS key protects them";
      const message = `${bucket} encrypts new objects with ${algorithm}: ${wish}.`;
      return { status: "fail", violations: [{ message, evidence: encryption ?? null, ...asked }] };
    }
    const key = keyOf(encryption);
    if (typeof intent.kmsKeyId === "string" && !isSameKey(key, intent.kmsKeyId)) {
      const message = `${bucket} encrypts new objects with ${key ?? "the AWS managed key"}; ${intent.kmsKeyId} is intended.`;
      return { status: "fail", violations: [{ message, evidence: encryption ?? null, severity: "medium" }] };
    }
    return {
      status: "pass",
      message: `${bucket} encrypts new objects with ${algorithm} and ${key ?? "the AWS managed key"}.`,
    };
  },
});

/** A key is named by its ARN or by the end of it; an alias and a key id cannot be compared and count as different. */
function isSameKey(actual: string | undefined, intended: string): boolean {
  if (actual === undefined) return false;
  return actual === intended || actual.endsWith(`/${intended}`) || intended.endsWith(`/${actual}`);
}
