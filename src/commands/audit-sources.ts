/** Where the snapshots of this audit come from. */
import { snapshotOfEndpoint } from "../audit/endpoint-snapshot.ts";
import type { BucketSnapshot } from "../audit/snapshot.ts";
import { parseSnapshots } from "../audit/snapshot-file.ts";
import type { BucketRef, SnapshotSource } from "../audit/source.ts";
import { S3upError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { AuditOptions } from "./audit.ts";
import type { EndpointReading } from "./audit-endpoint.ts";
import { plannedBucket, plannedBuckets } from "./audit-plan.ts";

export interface BucketsToAudit extends SnapshotSource {
  /** What Terraform has of a live bucket; undefined where nothing is compared. */
  readonly plannedOf?: (bucket: BucketSnapshot) => BucketSnapshot;
  /** Undefined where only the listing tells. */
  readonly names: readonly string[] | undefined;
  readonly count: number | undefined;
  list(signal: AbortSignal): AsyncIterable<BucketRef> | Iterable<BucketRef>;
  close(): void;
}

/** @throws S3upError */
export async function bucketsToAudit(
  options: AuditOptions,
  endpoint: EndpointReading | undefined,
  runtime: Runtime,
): Promise<BucketsToAudit> {
  const { targets } = options;
  switch (targets.kind) {
    case "snapshot":
      return fromFile(parseSnapshots(await runtime.readText(targets.path), targets.path), targets);
    case "plan":
      return given(await plannedBuckets(targets.paths, options, runtime));
    case "drift": {
      const planned = await plannedBuckets(targets.paths, options, runtime);
      const byName = new Map(targets.names.map((name) => [name, plannedBucket(name, planned, targets.paths)]));
      return {
        ...(await live(options, targets.names, runtime)),
        plannedOf: ({ bucket }) => byName.get(bucket) ?? never(bucket),
      };
    }
    case "endpoint":
      return given(endpoint?.state === "present" ? [snapshotOfEndpoint(endpoint.value)] : []);
    default:
      return live(options, targets.kind === "all" ? undefined : targets.names, runtime);
  }
}

/** @param names undefined for all */
async function live(
  { aws, signer }: AuditOptions,
  names: readonly string[] | undefined,
  runtime: Runtime,
): Promise<BucketsToAudit> {
  const buckets = await runtime.liveBuckets({ aws, signer });
  return {
    names,
    count: names?.length,
    list: (signal) => (names === undefined ? buckets.list(signal) : names.map((name) => ({ name }))),
    read: (bucket, needed, signal) => buckets.read(bucket, needed, signal),
    close: () => buckets.close(),
  };
}

function never(bucket: string): never {
  throw new Error(`nobody named ${bucket}`);
}

/** @throws S3upError BUCKET_NOT_FOUND */
function fromFile(
  snapshots: readonly BucketSnapshot[],
  { path, names }: { readonly path: string; readonly names: readonly string[] },
): BucketsToAudit {
  const missing = names.find((name) => !snapshots.some(({ bucket }) => bucket === name));
  if (missing !== undefined) {
    throw new S3upError("BUCKET_NOT_FOUND", `There is no bucket ${missing} in ${path}.`, {
      why: `It has ${snapshots.map(({ bucket }) => bucket).join(", ")}.`,
      hint: "Name one of them, or none to audit all.",
    });
  }
  return given(names.length === 0 ? snapshots : snapshots.filter(({ bucket }) => names.includes(bucket)));
}

/** One name may stand for several snapshots: they are told apart by their place. */
function given(snapshots: readonly BucketSnapshot[]): BucketsToAudit {
  const places = new Map<BucketRef, BucketSnapshot>(snapshots.map((one) => [{ name: one.bucket }, one]));
  return {
    names: snapshots.map(({ bucket }) => bucket),
    count: snapshots.length,
    list: () => places.keys(),
    async read(bucket) {
      const snapshot = places.get(bucket);
      if (snapshot === undefined) throw new Error(`nobody listed ${bucket.name}`);
      return snapshot;
    },
    close: () => {},
  };
}
