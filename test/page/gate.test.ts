import { describe, expect, test } from "vitest";
import { allOf, createLatch } from "../../src/page/gate.ts";

const never = new AbortController().signal;
const soon = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Whether the promise is settled by now. */
async function isThrough(passing: Promise<void>): Promise<boolean> {
  let through = false;
  void passing.then(() => {
    through = true;
  });
  await soon();
  return through;
}

describe("a latch", () => {
  test("lets pass while it is open, and holds back until it opens", async () => {
    const latch = createLatch();
    expect(await isThrough(latch.passed(never))).toBe(true);
    latch.close();
    const passing = latch.passed(never);
    expect(await isThrough(passing)).toBe(false);
    latch.open();
    expect(await isThrough(passing)).toBe(true);
  });

  test("tells those who have passed when it closes, and only them", () => {
    const latch = createLatch();
    const before = latch.closing();
    latch.close();
    expect(before.aborted).toBe(true);
    latch.open();
    expect(latch.closing().aborted).toBe(false);
  });

  test("holds nobody who is stopped", async () => {
    const controller = new AbortController();
    const passing = createLatch(false).passed(controller.signal);
    controller.abort(new Error("stop"));
    await expect(passing).rejects.toThrow("stop");
    await expect(createLatch(false).passed(controller.signal)).rejects.toThrow("stop");
  });
});

test("of several, each holds back", async () => {
  const [network, pause] = [createLatch(false), createLatch(false)];
  const both = allOf(network, pause);
  const passing = both.passed(never);
  network.open();
  expect(await isThrough(passing)).toBe(false);
  pause.open();
  expect(await isThrough(passing)).toBe(true);
  const closing = both.closing();
  network.close();
  expect([both.isOpen, closing.aborted]).toEqual([false, true]);
});
