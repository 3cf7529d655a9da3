import { describe, expect, test } from "vitest";
import { createRateLimit, limitBytes, limitSender } from "../../src/upload/rate-limit.ts";

/** A clock whose sleepers wake in the order of their times, as soon as everybody sleeps. */
function sleepyClock() {
  let time = 0;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => time,
    sleep: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const stop = () => reject(signal.reason);
        signal.addEventListener("abort", stop);
        const wake = () => {
          signal.removeEventListener("abort", stop);
          resolve();
        };
        sleepers.push({ at: time + milliseconds, wake });
        setImmediate(() => {
          sleepers.sort((a, b) => a.at - b.at);
          const next = sleepers.shift();
          if (next === undefined) return;
          time = Math.max(time, next.at);
          next.wake();
        });
      }),
  };
}

const never = new AbortController().signal;
async function drain(bytes: AsyncIterable<Uint8Array>): Promise<number[]> {
  const sizes: number[] = [];
  for await (const piece of bytes) sizes.push(piece.byteLength);
  return sizes;
}
const sum = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0);

describe("a limit of bytes a second", () => {
  test.for([
    [1000, 10_000, 10],
    [1024 ** 2, 3 * 1024 ** 2, 3],
    [5, 100, 20],
  ])("%d a second lets %d bytes leave in %d s", async ([rate = 0, bytes = 0, seconds = 0]) => {
    const clock = sleepyClock();
    const limit = createRateLimit(rate, clock);
    expect(sum(await drain(limitBytes([new Uint8Array(bytes)], limit, never)))).toBe(bytes);
    // The last piece leaves at the beginning of its turn.
    expect(clock.now() / 1000).toBeGreaterThan(seconds * 0.9);
    expect(clock.now() / 1000).toBeLessThanOrEqual(seconds);
  });

  test("is one for all that send at the same time", async () => {
    const clock = sleepyClock();
    const limit = createRateLimit(1000, clock);
    await Promise.all([1, 2, 3, 4].map(() => drain(limitBytes([new Uint8Array(1000)], limit, never))));
    expect(clock.now()).toBeGreaterThan(3800);
    expect(clock.now()).toBeLessThanOrEqual(4000);
  });

  test("does not make up for time in which nothing was sent", async () => {
    let time = 0;
    const waits: number[] = [];
    const limit = createRateLimit(1000, { now: () => time, sleep: async (ms) => void waits.push(ms) });
    await limit.take(100, never);
    time = 60_000;
    await limit.take(100, never);
    await limit.take(100, never);
    expect(waits).toEqual([100]);
  });

  test("hands out pieces small enough that the line is never silent for long", async () => {
    const sizes = await drain(limitBytes([new Uint8Array(1000)], createRateLimit(1600, sleepyClock()), never));
    expect(new Set(sizes)).toEqual(new Set([100]));
  });

  test("ends with the signal's reason", async () => {
    const stop = new AbortController();
    const limit = createRateLimit(1, sleepyClock());
    await limit.take(1, stop.signal);
    stop.abort(new Error("stopped"));
    const aborted = { now: () => 0, sleep: (_: number, signal: AbortSignal) => Promise.reject(signal.reason) };
    const slow = createRateLimit(1, aborted);
    await slow.take(1, stop.signal);
    await expect(slow.take(1, stop.signal)).rejects.toThrow("stopped");
  });
});

test("a sender keeps to it, and a request without a body does not wait", async () => {
  const sent: unknown[] = [];
  const clock = sleepyClock();
  const sender = limitSender(
    {
      async send(_, body) {
        sent.push(body === undefined ? undefined : await drain(body as AsyncIterable<Uint8Array>));
        return { status: 200, headers: {}, body: "" };
      },
      close: () => void sent.push("closed"),
    },
    createRateLimit(160, clock),
  );
  const request = { method: "PUT", url: "http://h/k", headers: {}, expiresIn: 1 } as const;
  await sender.send(request, [new Uint8Array(25)], { signal: never, contentLength: 25 });
  await sender.send(request, undefined, { signal: never, contentLength: 0 });
  sender.close();
  expect(sent).toEqual([[10, 10, 5], undefined, "closed"]);
});
