import { describe, expect, test } from "vitest";
import { adaptiveWidth, fixedWidth, type Width } from "../../src/upload/width.ts";
import { createWindow, type WindowPass } from "../../src/upload/window.ts";

const never = new AbortController().signal;

/** Tasks that end when told to. */
function tasks(max: number, width: Width = fixedWidth(max), load = () => 0) {
  const changes: string[] = [];
  let now = 0;
  const running: { pass: WindowPass; end: () => void }[] = [];
  const window = createWindow({
    width,
    clock: { now: () => now },
    load,
    onChange: (size, reason) => changes.push(`${size} ${reason}`),
  });
  // Each its own, as parts have: Node warns when more than ten wait with one.
  const begin = (signal = new AbortController().signal) =>
    window.run(signal, (pass) => new Promise<void>((end) => void running.push({ pass, end })));
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { window, running, changes, begin, pass };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("a window", () => {
  test("lets as many in as it is wide, the others in turn", async () => {
    const { begin, running } = tasks(2);
    const all = [begin(), begin(), begin()];
    await settle();
    expect(running).toHaveLength(2);
    running[0]?.end();
    await settle();
    expect(running).toHaveLength(3);
    for (const { end } of running) end();
    await Promise.all(all);
  });

  test("halves once when all that is under way is refused", async () => {
    const { window, begin, running, changes } = tasks(8);
    const all = Array.from({ length: 8 }, () => begin());
    await settle();
    for (const { pass } of running) pass.slowDown();
    expect(changes).toEqual(["4 slow-down"]);
    for (const { end } of running) end();
    await Promise.all(all);
    expect(window.size).toBe(4);
  });

  test("never closes", async () => {
    const { window, begin, running, changes } = tasks(1);
    const one = begin();
    await settle();
    running[0]?.pass.slowDown();
    running[0]?.end();
    await one;
    expect([window.size, changes]).toEqual([1, []]);
  });

  test("grows by one after as many successes as it is wide, up to where it began", async () => {
    const { begin, running, changes } = tasks(4);
    const one = begin();
    await settle();
    const pass = running[0]?.pass as WindowPass;
    pass.slowDown();
    for (let success = 0; success < 20; success += 1) pass.succeeded();
    running[0]?.end();
    await one;
    expect(changes).toEqual(["2 slow-down", "3 recovered", "4 recovered"]);
  });

  test("keeps newcomers out while more are inside than it is wide", async () => {
    const { begin, running } = tasks(4);
    const all = [begin(), begin(), begin(), begin(), begin()];
    await settle();
    running[0]?.pass.slowDown();
    running[0]?.end();
    running[1]?.end();
    await settle();
    expect(running).toHaveLength(4);
    running[2]?.end();
    await settle();
    expect(running).toHaveLength(5);
    running[3]?.end();
    running[4]?.end();
    await Promise.all(all);
  });

  test("rejects who still waits when the signal aborts, and nobody else", async () => {
    const { begin, running } = tasks(1);
    const stop = new AbortController();
    const [first, second, third] = [begin(), begin(stop.signal), begin()];
    stop.abort(new Error("stopped"));
    await expect(second).rejects.toThrow("stopped");
    running[0]?.end();
    await first;
    await settle();
    running[1]?.end();
    await third;
  });

  test("makes room also when a task fails", async () => {
    const { window } = tasks(1);
    await expect(window.run(never, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    await expect(window.run(never, async () => "next")).resolves.toBe("next");
  });
});

describe("a window that finds its own width", () => {
  /** Keeps it full while rounds go by, each answer after so many milliseconds. */
  async function rounds(count: number, millisecondsOf: (size: number) => number, load = () => 0) {
    const { window, running, changes, begin, pass } = tasks(0, adaptiveWidth(2, 16), load);
    const all: Promise<void>[] = [];
    const fill = async () => {
      while (running.length < window.size) {
        all.push(begin());
        await settle();
      }
    };
    for (let round = 0; round < count; round += 1) {
      await fill();
      const answered = running.splice(0, window.size);
      pass(millisecondsOf(answered.length));
      for (const { pass: place, end } of answered) {
        place.succeeded(1);
        end();
      }
      await settle();
    }
    for (const { end } of running) end();
    await Promise.all(all);
    return { size: window.size, changes };
  }

  test("doubles while a round takes no longer than before, and says nothing of it", async () => {
    expect(await rounds(5, () => 100)).toEqual({ size: 16, changes: [] });
  });

  test("stays small where a wider round takes so much longer", async () => {
    expect(await rounds(5, (size) => 50 * size)).toEqual({ size: 2, changes: [] });
  });

  test("stays small where this process is busy all the time", async () => {
    expect(
      await rounds(
        5,
        () => 100,
        () => 0.95,
      ),
    ).toMatchObject({ size: 2 });
  });
});

test("the time before the first request is no part of the first round", async () => {
  const { window, running, begin, pass } = tasks(0, adaptiveWidth(2, 16));
  const answerAllAfter = async (milliseconds: number) => {
    const all = Array.from({ length: window.size }, () => begin());
    await settle();
    pass(milliseconds);
    for (const { pass: place, end } of running.splice(0)) {
      place.succeeded(1);
      end();
    }
    await Promise.all(all);
    return window.size;
  };
  pass(60_000);
  expect(await answerAllAfter(100)).toBe(4);
  // Twice as many in twice the time do not pay, however long it took until the first began.
  expect(await answerAllAfter(200)).toBe(2);
});

describe("an answer that is far away", () => {
  /** One request that waited so long for its answer, then as many as there is room for, all of whose bodies have left. */
  async function begunBeside(width: Width, wait: number) {
    const { running, begin, pass, window } = tasks(0, width);
    const first = begin();
    await settle();
    running[0]?.pass.bodySent();
    pass(wait);
    running[0]?.pass.succeeded(1);
    running.shift()?.end();
    await first;

    const all = Array.from({ length: 20 }, () => begin());
    for (let turn = 0; turn < 20; turn += 1) {
      await settle();
      for (const { pass: place } of running) place.bodySent();
    }
    const under = running.length;
    const prepared = window.places;
    while (running.length > 0) {
      running.shift()?.end();
      await settle();
    }
    await Promise.all(all);
    return { under, prepared, after: window.places };
  }

  test.for<[string, Width, number, object]>([
    ["lets as many again begin meanwhile", adaptiveWidth(4, 4), 100, { under: 8, prepared: 9, after: 9 }],
    ["does not, where answers come at once", adaptiveWidth(4, 4), 5, { under: 4, prepared: 5, after: 5 }],
    ["does not, where the user said how many", fixedWidth(4), 100, { under: 4, prepared: 5, after: 5 }],
  ])("%s", async ([, width, wait, expected]) => {
    expect(await begunBeside(width, wait)).toEqual(expected);
  });

  test.for<[string, Width, number | undefined, number]>([
    ["is known from the way there before any has come", adaptiveWidth(4, 4), 100, 8],
    ["is not expected where the way there is short", adaptiveWidth(4, 4), 5, 4],
    ["is not expected where nobody knows the way", adaptiveWidth(4, 4), undefined, 4],
    ["makes no room where the user said how many", fixedWidth(4), 100, 4],
  ])("%s", async ([, width, roundTrip, expected]) => {
    const { running, begin, window } = tasks(0, width);
    const all = Array.from({ length: 20 }, () => begin());
    for (let turn = 0; turn < 20; turn += 1) {
      await settle();
      for (const { pass: place } of running) place.bodySent(() => roundTrip);
    }
    expect(running).toHaveLength(expected);
    expect(window.mostUnderWay(roundTrip)).toBe(expected);
    while (running.length > 0) {
      running.shift()?.end();
      await settle();
    }
    await Promise.all(all);
  });
});

describe("places for what is prepared", () => {
  test("are somewhat more than there are requests at a time", async () => {
    const { window } = tasks(8);
    expect(window.places).toBe(10);
    const leaves = [];
    while (leaves.length < window.places) leaves.push(await window.prepare(never));

    let admitted = false;
    const next = window.prepare(never).then(() => {
      admitted = true;
    });
    await settle();
    expect(admitted).toBe(false);
    leaves[0]?.();
    await next;
  });

  test("are given up when the signal aborts", async () => {
    const { window } = tasks(1);
    const [one] = [await window.prepare(never), await window.prepare(never)];
    const stop = new AbortController();
    const waiting = window.prepare(stop.signal);
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    one?.();
    await expect(window.prepare(never)).resolves.toBeTypeOf("function");
  });
});
