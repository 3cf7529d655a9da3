import { facets as everyFacet } from "../../src/audit/facet-access.ts";
import type { BucketFacets, CorsRule, Facet, Grant, PublicAccessBlock } from "../../src/audit/facets.ts";
import type { Intent } from "../../src/audit/intent.ts";
import { type IntentOptions, intentFrom } from "../../src/audit/intent-from.ts";
import type { BucketSnapshot, Reading } from "../../src/audit/snapshot.ts";

/** A value is what was read, `undefined` is "not configured", and `unread(…)` is what could not be read. */
export type FacetChanges = { readonly [F in Facet]?: BucketFacets[F] | undefined | Unread };

export interface Unread {
  readonly state: "unreadable";
  readonly reason: string;
}

export function unread(reason = "AccessDenied"): Unread {
  return { state: "unreadable", reason };
}

/** The bucket `drop` of the account 111122223333, on which nothing is configured but what the test changes. */
export function aBucket(changes: FacetChanges = {}, names: Partial<BucketSnapshot> = {}): BucketSnapshot {
  const bucket = names.bucket ?? "drop";
  const readings = everyFacet.map((facet) => [facet, readingOf(changes[facet])]);
  return {
    bucket,
    arn: `arn:aws:s3:::${bucket}`,
    accountId: "111122223333",
    region: "eu-central-1",
    source: "live",
    // every facet is there: the list of them is the product's own
    facets: Object.fromEntries(readings) as BucketSnapshot["facets"],
    ...names,
  };
}

function readingOf(value: unknown): Reading<unknown> {
  if (value === undefined) return { state: "absent" };
  return isUnread(value) ? value : { state: "present", value };
}

function isUnread(value: unknown): value is Unread {
  return typeof value === "object" && value !== null && "state" in value && value.state === "unreadable";
}

/** What the bucket is for, when nobody said more than the test does. */
export function anIntent(options: IntentOptions = {}, bucket: BucketSnapshot = aBucket()): Intent {
  return intentFrom(options, bucket);
}

/** All four flags as said, but for the changes. */
export function aBlock(on: boolean, changes: Partial<PublicAccessBlock> = {}): PublicAccessBlock {
  return {
    BlockPublicAcls: on,
    IgnorePublicAcls: on,
    BlockPublicPolicy: on,
    RestrictPublicBuckets: on,
    ...changes,
  };
}

/** The rule that a page at https://app.example.com needs for its uploads. */
export function aCorsRule(changes: Partial<CorsRule> = {}): CorsRule {
  return {
    AllowedOrigins: ["https://app.example.com"],
    AllowedMethods: ["PUT"],
    AllowedHeaders: ["content-type", "x-amz-*"],
    ExposeHeaders: ["ETag"],
    ...changes,
  };
}

export function groupGrant(group: "AllUsers" | "AuthenticatedUsers", Permission: string): Grant {
  return { Grantee: { Type: "Group", URI: `http://acs.amazonaws.com/groups/global/${group}` }, Permission };
}
