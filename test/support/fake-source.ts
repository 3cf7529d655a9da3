import type { Facet } from "../../src/audit/facets.ts";
import type { BucketSnapshot } from "../../src/audit/snapshot.ts";
import { type BucketList, NOT_READ, type SnapshotSource } from "../../src/audit/source.ts";
import { S3upError } from "../../src/errors.ts";

/** A source of these buckets. `endpoint` is what nobody but a probe reads. */
export function fakeSource(...buckets: readonly BucketSnapshot[]): SnapshotSource & BucketList {
  return {
    async read({ name }, needed, signal) {
      signal.throwIfAborted();
      const bucket = buckets.find((one) => one.bucket === name);
      if (bucket === undefined) throw new S3upError("BUCKET_NOT_FOUND", `The bucket ${name} does not exist.`);
      return { ...bucket, facets: onlyNeeded(bucket.facets, needed) };
    },
    async *list() {
      for (const { bucket, region } of buckets) yield { name: bucket, ...(region === undefined ? {} : { region }) };
    },
  };
}

function onlyNeeded(facets: BucketSnapshot["facets"], needed: ReadonlySet<Facet>): BucketSnapshot["facets"] {
  const readings = Object.entries(facets).map(([facet, reading]) =>
    needed.has(facet as Facet) || facet === "endpoint"
      ? [facet, reading]
      : [facet, { state: "unreadable", reason: NOT_READ }],
  );
  return Object.fromEntries(readings);
}
