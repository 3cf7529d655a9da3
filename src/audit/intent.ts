/**
 * What the bucket is for, said once: the rules of all layers measure against it, so that they cannot disagree.
 * It comes from flags, `s3up.config.json` and, for a signer that says more, from its environment.
 */
export interface Intent {
  /** Keys of uploads begin with it; ends in `/`, or is empty for the whole bucket. */
  readonly prefix: string;
  /** Longest life of a presigned URL in seconds. */
  readonly maxAgeSeconds: number;
  /** Web origins that may upload; empty when none was named. */
  readonly origins: readonly string[];
  /** How browsers upload; undefined when nobody said. */
  readonly mode: "put" | "post" | "multipart" | undefined;
  /** Headers that the signer signs and a browser must be allowed to send, lower case. */
  readonly signedHeaders: readonly string[];
  /** What the signer's role is to be allowed, and no more; ARN patterns. */
  readonly wanted: readonly { readonly action: string; readonly resource: string }[];
  /** Account ids and principal ARNs outside the account that are meant to have access. */
  readonly trustedPrincipals: readonly string[];
  /** `AES256`, `aws:kms` …; undefined when any will do. */
  readonly encryption: string | undefined;
  /** Id or ARN of the KMS key that must be the bucket's; left out when any will do. */
  readonly kmsKeyId?: string | undefined;
  /** Whether uploads must be kept from deletion for a time (Object Lock). */
  readonly objectLock?: boolean;
  /** Why the function URL may be open, when that is meant. */
  readonly publicFunctionReason: string | undefined;
}
