import { describe, expect, test } from "vitest";
import { type AuditEvent, type Audited, auditMany } from "../../src/audit/many.ts";
import type { BucketRef, SnapshotSource } from "../../src/audit/source.ts";
import { S3upError } from "../../src/errors.ts";
import { aBucket } from "../support/audit-bucket.ts";

type Read = (name: string, signal: AbortSignal) => Promise<void>;

interface Run {
  readonly read?: Read;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

function refs(...names: readonly string[]): readonly BucketRef[] {
  return names.map((name) => ({ name }));
}

/** Audits with a source that does what `read` does and then has a bucket of that name. */
function start(buckets: Iterable<BucketRef> | AsyncIterable<BucketRef>, run: Run = {}) {
  const events: AuditEvent[] = [];
  const source: SnapshotSource = {
    async read({ name }, _needed, signal) {
      await run.read?.(name, signal);
      return aBucket({}, { bucket: name });
    },
  };
  const results = auditMany(buckets, {
    source,
    needed: new Set(["policy"]),
    concurrency: run.concurrency ?? 2,
    signal: run.signal ?? new AbortController().signal,
    emit: (event) => events.push(event),
    judge: ({ arn }) => arn,
  });
  return { events, results };
}

async function all<T>(results: AsyncIterable<Audited<T>>): Promise<readonly Audited<T>[]> {
  const list: Audited<T>[] = [];
  for await (const result of results) list.push(result);
  return list;
}

function notFound(name: string): S3upError {
  return new S3upError("BUCKET_NOT_FOUND", `The bucket ${name} does not exist.`);
}

/** A promise to be kept later. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

describe("every bucket is judged", () => {
  test("and named with its place in the list", async () => {
    const { results } = start(refs("a", "b", "c"));
    expect((await all(results)).toSorted((x, y) => x.index - y.index)).toEqual([
      { index: 0, bucket: "a", state: "judged", value: "arn:aws:s3:::a" },
      { index: 1, bucket: "b", state: "judged", value: "arn:aws:s3:::b" },
      { index: 2, bucket: "c", state: "judged", value: "arn:aws:s3:::c" },
    ]);
  });

  test("none of no buckets", async () => {
    expect(await all(start([]).results)).toEqual([]);
  });

  test("also those that a list gives page by page", async () => {
    async function* pages() {
      yield* refs("a", "b");
      yield* refs("c");
    }
    expect(await all(start(pages()).results)).toHaveLength(3);
  });

  test("and told of when it begins and ends, with the number that is done", async () => {
    const { events, results } = start(refs("a", "b"), { concurrency: 1 });
    await all(results);
    expect(events).toEqual([
      { type: "audit-started", bucket: "a" },
      { type: "audit-finished", bucket: "a", finished: 1, failed: false },
      { type: "audit-started", bucket: "b" },
      { type: "audit-finished", bucket: "b", finished: 2, failed: false },
    ]);
  });
});

describe("one bucket and the others", () => {
  test("no more are read at a time than was said", async () => {
    let now = 0;
    let most = 0;
    const three = gate();
    const read = async () => {
      most = Math.max(most, ++now);
      if (now === 3) three.open();
      await three.opened;
      now--;
    };
    await all(start(refs(..."abcdefghij"), { concurrency: 3, read }).results);
    expect(most).toBe(3);
  });

  test("one that is slow holds up none", async () => {
    const slow = gate();
    const { results } = start(refs("slow", "a", "b", "c", "d"), {
      read: (name) => (name === "slow" ? slow.opened : Promise.resolve()),
    });
    const seen: string[] = [];
    for await (const { bucket } of results) {
      seen.push(bucket);
      if (bucket === "d") slow.open();
    }
    expect(seen).toEqual(["a", "b", "c", "d", "slow"]);
  });

  test.for(["BUCKET_NOT_FOUND", "ACCESS_DENIED", "NETWORK", "THROTTLED", "BUCKET_ELSEWHERE"] as const)(
    "one with %s leaves the others alone",
    async (code) => {
      const error = new S3upError(code, "It did not work.");
      const { events, results } = start(refs("a", "bad", "b"), {
        read: async (name) => {
          if (name === "bad") throw error;
        },
      });
      const outcomes = (await all(results)).map(({ bucket, state }) => `${bucket} ${state}`);
      expect(outcomes.toSorted()).toEqual(["a judged", "b judged", "bad failed"]);
      expect(events).toContainEqual(expect.objectContaining({ type: "audit-finished", bucket: "bad", failed: true }));
    },
  );

  test.for(["CREDENTIALS_MISSING", "CREDENTIALS_EXPIRED", "CREDENTIALS_INVALID", "CLOCK_SKEWED", "USAGE"] as const)(
    "%s would be every bucket's and ends the audit, once all reads have ended",
    async (code) => {
      const ended: string[] = [];
      const { results } = start(refs("a", "bad"), {
        read: (name, signal) => {
          if (name === "bad") return Promise.reject(new S3upError(code, "It cannot work."));
          return new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              ended.push(name);
              reject(signal.reason);
            });
          });
        },
      });
      await expect(all(results)).rejects.toMatchObject({ code });
      expect(ended).toEqual(["a"]);
    },
  );

  test("a mistake in s3up is no bucket's failure", async () => {
    const { results } = start(refs("a"), { read: () => Promise.reject(new TypeError("a bug")) });
    await expect(all(results)).rejects.toThrow("a bug");
  });

  test("a list that breaks off ends the audit", async () => {
    async function* broken() {
      yield* refs("a");
      throw notFound("the list");
    }
    await expect(all(start(broken()).results)).rejects.toThrow("the list");
  });
});

describe("stopping", () => {
  test("Ctrl-C ends it with its own reason", async () => {
    const interrupted = new AbortController();
    const reason = new S3upError("INTERRUPTED", "Interrupted.");
    const { results } = start(refs("a", "b"), {
      signal: interrupted.signal,
      read: (_name, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          interrupted.abort(reason);
        }),
    });
    await expect(all(results)).rejects.toBe(reason);
  });

  test("whoever has seen enough stops the reads that are under way", async () => {
    let aborted = false;
    const { results } = start(refs("a", "b"), {
      read: (name, signal) =>
        name === "a"
          ? Promise.resolve()
          : new Promise((_, reject) => {
              signal.addEventListener("abort", () => {
                aborted = true;
                reject(signal.reason);
              });
            }),
    });
    for await (const { bucket } of results) {
      expect(bucket).toBe("a");
      break;
    }
    expect(aborted).toBe(true);
  });
});
