/** Where the snapshots of this audit come from. */
import { snapshotOfEndpoint } from "../audit/endpoint-snapshot.ts";
import type { BucketSnapshot } from "../audit/snapshot.ts";
import { parseSnapshots } from "../audit/snapshot-file.ts";
import type { BucketRef, SnapshotSource } from "../audit/source.ts";
import { S3upError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { AuditOptions } from "./audit.ts";
import type { EndpointReading } from "./audit-endpoint.ts";

export interface BucketsToAudit extends SnapshotSource {
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
  const { targets, signer } = options;
  switch (targets.kind) {
    case "snapshot":
      return fromFile(parseSnapshots(await runtime.readText(targets.path), targets.path), targets);
    case "endpoint":
      return given(endpoint?.state === "present" ? [snapshotOfEndpoint(endpoint.value)] : []);
    default: {
      const live = await runtime.liveBuckets({ aws: options.aws, signer });
      const names = targets.kind === "all" ? undefined : targets.names;
      return {
        names,
        count: names?.length,
        list: (signal) => (names === undefined ? live.list(signal) : names.map((name) => ({ name }))),
        read: (bucket, needed, signal) => live.read(bucket, needed, signal),
        close: () => live.close(),
      };
    }
  }
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
