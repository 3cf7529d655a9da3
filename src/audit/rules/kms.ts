import { algorithmOf, keyOf } from "../default-encryption.ts";
import { defineRule } from "../rule.ts";

export const kms = defineRule({
  id: "kms",
  layer: "extra",
  severity: "info",
  title: "Objects are encrypted with the KMS key that is meant",
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

  evaluate({ bucket, encryption }, { encryption: intended, kmsKeyId }) {
    const algorithm = algorithmOf(encryption);
    const isMeant = intended?.startsWith("aws:kms") === true || typeof kmsKeyId === "string";
    if (!isMeant && !algorithm.startsWith("aws:kms")) {
      const whose = intended === undefined ? "Nobody asked for a KMS key" : `${intended} is intended`;
      return { status: "not-applicable", message: `${whose}: ${bucket} encrypts new objects with ${algorithm}.` };
    }
    // two layers of KMS are more than the one that was asked for, one is less than two
    const isEnough = algorithm === intended || (algorithm.startsWith("aws:kms") && intended !== "aws:kms:dsse");
    if (!isEnough) {
      const message = `${bucket} encrypts new objects with ${algorithm}; ${intended ?? "a KMS key"} is intended.`;
      return { status: "fail", violations: [{ message, evidence: encryption ?? null, severity: "medium" }] };
    }
    const key = keyOf(encryption);
    if (typeof kmsKeyId === "string" && !isSameKey(key, kmsKeyId)) {
      const message = `${bucket} encrypts new objects with ${key ?? "the AWS managed key"}; ${kmsKeyId} is intended.`;
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
