/** What S3 does with a new object that names no encryption itself. */
import type { EncryptionRule } from "./facets.ts";

/** S3's own keys, where the bucket has no rule: so it has been for all buckets since 5 January 2023. */
export function algorithmOf(rules: readonly EncryptionRule[] = []): string {
  return defaultOf(rules)?.SSEAlgorithm ?? "AES256";
}

/** Undefined for keys of S3 and for the AWS managed KMS key. */
export function keyOf(rules: readonly EncryptionRule[] = []): string | undefined {
  return defaultOf(rules)?.KMSMasterKeyID;
}

function defaultOf(rules: readonly EncryptionRule[]): EncryptionRule["ApplyServerSideEncryptionByDefault"] {
  return rules.find((rule) => rule.ApplyServerSideEncryptionByDefault !== undefined)
    ?.ApplyServerSideEncryptionByDefault;
}
