import { describe, expect, test } from "vitest";
import { type Job, lookAhead, schedule } from "../../src/upload/schedule.ts";

const settle = () => new Promise((resolve) => setImmediate(resolve));
async function* numbers(count: number): AsyncGenerator<number> {
  for (let at = 0; at < count; at += 1) yield at;
}

/** Work that goes on when told to. */
function start(count: number, options: { jobs?: number | "auto"; places?: number; over?: () => boolean } = {}) {
  const running: { item: number; job: Job; end: () => void }[] = [];
  const { jobs = "auto", places = 5, over = () => false } = options;
  const window = { places };
  const ended = schedule({
    items: numbers(count),
    jobs,
    window,
    over,
    work: (item, job) => new Promise((end) => void running.push({ item, job, end })),
  });
  return { running, window, ended };
}

async function endAll(running: { end: () => void }[], ended: Promise<void>): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    for (const { end } of running.splice(0)) end();
    await settle();
  }
}

describe("files at a time", () => {
  test("are one until it is known how many requests it takes, then as many small ones as there are places", async () => {
    const { running, ended } = start(20);
    await settle();
    expect(running).toHaveLength(1);
    running[0]?.job.planned(1);
    await settle();
    expect(running).toHaveLength(5);
    await endAll(running, ended);
  });

  test("are one where that fills the window, and the next begins with its last requests", async () => {
    const { running, ended } = start(3);
    await settle();
    running[0]?.job.planned(100);
    running[0]?.job.doneUpTo(95);
    await settle();
    expect(running).toHaveLength(1);
    running[0]?.job.doneUpTo(96);
    await settle();
    expect(running).toHaveLength(2);
    await endAll(running, ended);
  });

  test("are as many as were asked for", async () => {
    const { running, ended } = start(20, { jobs: 7 });
    await settle();
    expect(running).toHaveLength(7);
    running[0]?.end();
    await settle();
    expect(running).toHaveLength(8);
    await endAll(running, ended);
  });

  test("become more when the window grows", async () => {
    const { running, window, ended } = start(20);
    await settle();
    running[0]?.job.planned(1);
    await settle();
    window.places = 8;
    running[1]?.job.planned(1);
    await settle();
    expect(running).toHaveLength(8);
    await endAll(running, ended);
  });

  test("begin no more once it is over, and those under way are waited for", async () => {
    let over = false;
    const { running, ended } = start(20, { jobs: 2, over: () => over });
    await settle();
    over = true;
    running[0]?.end();
    await settle();
    expect(running).toHaveLength(2);
    running[1]?.end();
    await ended;
  });
});

describe("looking ahead", () => {
  test("gives everything in order, and says when there is no more", async () => {
    const found: (number | undefined)[] = [];
    const given: number[] = [];
    for await (const item of lookAhead(numbers(200), 10, (entry) => found.push(entry))) given.push(item);
    expect(given).toEqual(Array.from({ length: 200 }, (_, at) => at));
    expect(found).toEqual([...given, undefined]);
  });

  test("stops when so many wait", async () => {
    let found = 0;
    const items = lookAhead(numbers(1000), 10, () => (found += 1));
    await items.next();
    for (let turn = 0; turn < 50; turn += 1) await settle();
    expect(found).toBeLessThanOrEqual(12);
    await items.return(undefined);
  });

  test("ends what it looks through when the rest is not wanted", async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<number> {
      try {
        for (let at = 0; ; at += 1) yield at;
      } finally {
        closed = true;
      }
    }
    for await (const item of lookAhead(endless(), 10, () => {})) if (item === 3) break;
    expect(closed).toBe(true);
  });

  test("passes on what went wrong, after what was found before", async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new Error("no more");
    }
    const given: number[] = [];
    await expect(
      (async () => {
        for await (const item of lookAhead(broken(), 10, () => {})) given.push(item);
      })(),
    ).rejects.toThrow("no more");
    expect(given).toEqual([1]);
  });
});
