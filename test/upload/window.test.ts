import { describe, expect, test } from "vitest";
import { createWindow, type WindowPass } from "../../src/upload/window.ts";

const never = new AbortController().signal;

/** Tasks that end when told to. */
function tasks(max: number) {
  const changes: string[] = [];
  const running: { pass: WindowPass; end: () => void }[] = [];
  const window = createWindow({ max, onChange: (size, reason) => changes.push(`${size} ${reason}`) });
  const begin = (signal = never) =>
    window.run(signal, (pass) => new Promise<void>((end) => void running.push({ pass, end })));
  return { window, running, changes, begin };
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
