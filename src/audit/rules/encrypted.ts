import { algorithmOf } from "../default-encryption.ts";
import { defineRule } from "../rule.ts";

/** Since 5 January 2023 S3 encrypts every new object, whatever the bucket says. What can differ is how. */
export const encrypted = defineRule({
  id: "encrypted",
  layer: "extra",
  severity: "info",
  title: "Objects are encrypted as intended",
  why: "S3 encrypts everything at rest. Another algorithm than the one you promised breaks that promise, and changes who can read with which key.",
  fix: {
    cli: `aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
  '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BlockedEncryptionTypes":{"EncryptionType":["SSE-C"]}}]}'`,
    terraform: `resource "aws_s3_bucket_server_side_encryption_configuration" "uploads" {
  bucket = "BUCKET"
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}`,
  },
  needs: ["encryption"],

  evaluate({ bucket, encryption }, intent) {
    const algorithm = algorithmOf(encryption);
    const isKms = intent.encryption?.startsWith("aws:kms") === true;
    // a KMS key that is asked for is the business of the rule kms, which knows its name as well
    if (intent.encryption === undefined || isKms || intent.encryption === algorithm) {
      return { status: "pass", message: `${bucket} encrypts new objects with ${algorithm}.` };
    }
    const message = `${bucket} encrypts new objects with ${algorithm}; ${intent.encryption} is intended.`;
    return { status: "fail", violations: [{ message, evidence: encryption ?? null, severity: "medium" }] };
  },
});
