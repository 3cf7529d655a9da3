/** Where snapshots of buckets come from: AWS as it is now, a file, a Terraform plan. */
import type { Facet } from "./facets.ts";
import type { BucketSnapshot } from "./snapshot.ts";

export interface BucketRef {
  readonly name: string;
  /** Where it is, when a list of buckets said so. */
  readonly region?: string;
}

/**
 * The contract, which `test/contract/snapshot-source.ts` proves for each source:
 * - every facet that was asked for is `present`, `absent` or `unreadable` as the source knows it; what could not be read
 *   never shows as `absent`, and one refused read leaves the others alone;
 * - a facet that was not asked for may be left unread: it is `unreadable` with `NOT_READ` as its reason;
 * - it rejects only when nothing at all can be said: BUCKET_NOT_FOUND, BUCKET_ELSEWHERE, NETWORK, CREDENTIALS_*, or USAGE
 *   for a signer that is not there; and with the reason of `signal` when that aborts.
 */
export interface SnapshotSource {
  read(bucket: BucketRef, needed: ReadonlySet<Facet>, signal: AbortSignal): Promise<BucketSnapshot>;
}

/** The buckets that `--all` means, page by page. */
export interface BucketList {
  list(signal: AbortSignal): AsyncIterable<BucketRef>;
}

/** Why a facet holds nothing that no rule of this run asked for. */
export const NOT_READ = "NotRead";

/** A plan sets something of a bucket that is made elsewhere, and this is not it. */
export const NOT_IN_PLAN = "the bucket is not in this plan";

/** S3 refused all reads that named the caller's account as the bucket's owner, and answered one that named none. */
export const OTHER_ACCOUNT = "BucketOfAnotherAccount";
