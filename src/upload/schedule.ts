/**
 * Many files at a time, as many as keep the window busy and no more: a file that is open holds a descriptor, and one that
 * has begun is lost when the run is stopped. Files begin in the order in which they are found.
 */
import type { Concurrency } from "./resources.ts";

export interface Job {
  /** The file is open and takes so many requests. */
  planned(requests: number): void;
  /** So many of them are done by now. */
  doneUpTo(requests: number): void;
}

export interface ScheduleOptions<Item> {
  readonly items: AsyncIterable<Item>;
  /** Files at a time; `auto`: as many as the window has places for. */
  readonly jobs: Concurrency;
  readonly window: { readonly places: number };
  /** True when no further file is to begin; those under way are brought to their end. */
  over(): boolean;
  /** Must not reject. */
  work(item: Item, job: Job): Promise<void>;
}

/** Settles when all that has begun has ended. */
export async function schedule<Item>({ items, jobs, window, over, work }: ScheduleOptions<Item>): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let requests = 0;
  let unplanned = 0;
  /** One that takes many requests fills the window alone: until it is known, no other is opened beside it. */
  let lastWasSmall = false;
  let wake: () => void = () => {};

  function hasRoom(): boolean {
    if (jobs !== "auto") return underWay.size < jobs;
    if (unplanned > 0 && !lastWasSmall) return false;
    return requests + unplanned < window.places;
  }

  function changed(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
    });
  }

  function begin(item: Item): void {
    let whole = 0;
    let left: number | undefined;
    unplanned += 1;
    const job: Job = {
      planned(count) {
        if (left !== undefined) return;
        whole = count;
        left = count;
        unplanned -= 1;
        requests += count;
        lastWasSmall = count === 1;
        wake();
      },
      doneUpTo(count) {
        if (left === undefined) return;
        const still = Math.min(left, Math.max(0, whole - count));
        requests -= left - still;
        left = still;
        wake();
      },
    };
    const running = work(item, job).then(() => {
      if (left === undefined) unplanned -= 1;
      else requests -= left;
      underWay.delete(running);
      wake();
    });
    underWay.add(running);
  }

  for await (const item of items) {
    while (!over() && !hasRoom()) await changed();
    if (over()) break;
    begin(item);
  }
  await Promise.all(underWay);
}

/**
 * Goes on looking while what was found waits, so that it becomes known how much there is; `most` items ahead, so that a
 * million fit.
 * @param onFound called for each item as soon as it is there, and once with undefined when there is no more
 */
export async function* lookAhead<Item>(
  items: AsyncIterable<Item>,
  most: number,
  onFound: (item: Item | undefined) => void,
): AsyncGenerator<Item> {
  const ready: Item[] = [];
  let ended = false;
  let stopped = false;
  let failure: { readonly error: unknown } | undefined;
  let wakeReader: () => void = () => {};
  let wakeFinder: () => void = () => {};

  const finding = (async () => {
    try {
      for await (const item of items) {
        if (stopped) return;
        ready.push(item);
        onFound(item);
        wakeReader();
        while (ready.length >= most && !stopped) await new Promise<void>((resolve) => (wakeFinder = resolve));
        if (stopped) return;
      }
      onFound(undefined);
    } catch (error) {
      failure = { error };
    } finally {
      ended = true;
      wakeReader();
    }
  })();

  try {
    for (;;) {
      // In batches, because taking the first out of a long list is slow.
      for (const item of ready.splice(0, 64)) {
        wakeFinder();
        yield item;
      }
      if (ready.length > 0) continue;
      if (failure !== undefined) throw failure.error;
      if (ended) return;
      await new Promise<void>((resolve) => (wakeReader = resolve));
    }
  } finally {
    stopped = true;
    wakeFinder();
    await finding;
  }
}
