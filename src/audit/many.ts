/** Many buckets, a few at a time. One that is slow, denied or not there holds up and spoils none of the others. */
import { type ErrorCode, S3upError } from "../errors.ts";
import type { Facet } from "./facets.ts";
import type { BucketSnapshot } from "./snapshot.ts";
import type { BucketRef, SnapshotSource } from "./source.ts";

export type AuditEvent =
  | { readonly type: "audit-started"; readonly bucket: string }
  | { readonly type: "audit-finished"; readonly bucket: string; readonly finished: number; readonly failed: boolean };

export interface ManyOptions<T> {
  readonly source: SnapshotSource;
  readonly needed: ReadonlySet<Facet>;
  /** Buckets at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly emit: (event: AuditEvent) => void;
  /** What is kept of a bucket: its snapshot is let go as soon as this has seen it. */
  readonly judge: (snapshot: BucketSnapshot) => T;
}

/** `index` is the place in the list of buckets: results come in the order in which they are ready. */
export type Audited<T> = { readonly index: number; readonly bucket: string } & (
  | { readonly state: "judged"; readonly value: T }
  | { readonly state: "failed"; readonly error: S3upError }
);

/**
 * @throws the error that would be every bucket's: CREDENTIALS_*, CLOCK_SKEWED, a usage error; the reason of `signal`; and
 * whatever the list of buckets throws. All reads have ended by then.
 */
export async function* auditMany<T>(
  buckets: AsyncIterable<BucketRef> | Iterable<BucketRef>,
  options: ManyOptions<T>,
): AsyncGenerator<Audited<T>, void, undefined> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const pool = createPool<Audited<T>>();
  let finished = 0;
  const told = (result: Audited<T>): Audited<T> => {
    finished++;
    const { bucket, state } = result;
    options.emit({ type: "audit-finished", bucket, finished, failed: state === "failed" });
    return result;
  };
  try {
    let index = 0;
    for await (const ref of buckets) {
      if (pool.size() >= options.concurrency) yield told(await pool.next());
      options.signal.throwIfAborted();
      options.emit({ type: "audit-started", bucket: ref.name });
      pool.add(audit(ref, index++, { ...options, signal }));
    }
    while (pool.size() > 0) yield told(await pool.next());
  } finally {
    stop.abort();
    await pool.allEnded();
  }
}

async function audit<T>(
  ref: BucketRef,
  index: number,
  { source, needed, signal, judge }: ManyOptions<T>,
): Promise<Audited<T>> {
  const place = { index, bucket: ref.name };
  try {
    return { ...place, state: "judged", value: judge(await source.read(ref, needed, signal)) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof S3upError) || ofAllBuckets.has(error.code)) throw error;
    return { ...place, state: "failed", error };
  }
}

const ofAllBuckets: ReadonlySet<ErrorCode> = new Set([
  "USAGE",
  "CONFIG_INVALID",
  "REGION_UNKNOWN",
  "CREDENTIALS_MISSING",
  "CREDENTIALS_EXPIRED",
  "CREDENTIALS_INVALID",
  "CLOCK_SKEWED",
]);

/** Promises under way, of which the first that ends comes first. */
interface Pool<T> {
  add(work: Promise<T>): void;
  /** Those that were added and not taken yet. */
  size(): number;
  next(): Promise<T>;
  allEnded(): Promise<unknown>;
}

function createPool<T>(): Pool<T> {
  const running = new Set<Promise<void>>();
  const ended: (() => T)[] = [];
  let size = 0;
  let wake = () => {};
  const end = (outcome: () => T) => {
    ended.push(outcome);
    wake();
  };
  const failing = (error: unknown) => () => {
    throw error;
  };
  return {
    add(work) {
      size++;
      const run: Promise<void> = work
        .then(
          (value) => end(() => value),
          (error: unknown) => end(failing(error)),
        )
        .finally(() => running.delete(run));
      running.add(run);
    },
    size: () => size,
    async next() {
      for (;;) {
        const first = ended.shift();
        if (first !== undefined) {
          size--;
          return first();
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    allEnded: () => Promise.all(running),
  };
}
