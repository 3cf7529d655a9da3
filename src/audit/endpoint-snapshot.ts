/** Puts what was seen of an endpoint into the snapshot of the bucket that it signs for. */
import type { EndpointFacts } from "./endpoint-facts.ts";
import { facets } from "./facet-access.ts";
import { bucketArn } from "./partition.ts";
import type { BucketSnapshot, Reading } from "./snapshot.ts";
import { NOT_READ } from "./source.ts";

/**
 * @param names all buckets of the audit; undefined where they are not known beforehand
 * @returns the snapshot with the reading, if it is this bucket's; one that signs for none of the named buckets goes to the
 * first of them, so that somebody hears of it
 */
export function withEndpoint(
  snapshot: BucketSnapshot,
  reading: Reading<EndpointFacts> | undefined,
  names: readonly string[] | undefined,
): BucketSnapshot {
  if (reading === undefined) return snapshot;
  const signedFor = reading.state === "present" ? bucketOf(reading.value) : undefined;
  const isNamed = signedFor !== undefined && (names === undefined || names.includes(signedFor));
  const isIts = isNamed ? signedFor === snapshot.bucket : names?.[0] === snapshot.bucket;
  return isIts ? { ...snapshot, facets: { ...snapshot.facets, endpoint: reading } } : snapshot;
}

/** Undefined where it signed nothing, or the address does not say. */
export function bucketOf({ uploads }: EndpointFacts): string | undefined {
  return uploads.find(({ bucket }) => bucket !== undefined)?.bucket;
}

/** Of the bucket behind it nothing is known but what the endpoint shows. */
export function snapshotOfEndpoint(facts: EndpointFacts): BucketSnapshot {
  const bucket = bucketOf(facts) ?? "bucket-behind-the-endpoint";
  const readings = facets.map((facet) => [facet, { state: "unreadable", reason: NOT_READ }] as const);
  return {
    bucket,
    arn: bucketArn(bucket, undefined),
    accountId: undefined,
    region: undefined,
    source: facts.url,
    facets: {
      ...(Object.fromEntries(readings) as unknown as BucketSnapshot["facets"]),
      signer: { state: "absent" },
      endpoint: { state: "present", value: facts },
    },
  };
}
