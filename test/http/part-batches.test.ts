import { describe, expect, test } from "vitest";
import { createPartBatches } from "../../src/http/part-batches.ts";
import type { SignedRequest } from "../../src/protocol/messages.ts";
import type { PartToSign } from "../../src/upload/transport.ts";

const signal = new AbortController().signal;
const part = (partNumber: number): PartToSign => ({ partNumber, contentLength: 1, checksum: undefined });
const signed = (partNumber: number): SignedRequest => ({
  method: "PUT",
  url: `https://s3.test/?partNumber=${partNumber}`,
  headers: {},
  expiresIn: 60,
});
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Calls that are answered by hand. */
function held(maxBatch = 200) {
  const calls: { readonly numbers: readonly number[]; readonly answer: () => void }[] = [];
  const ask = createPartBatches({
    maxBatch,
    sign: (parts) =>
      new Promise((resolve) => {
        const numbers = parts.map(({ partNumber }) => partNumber);
        calls.push({ numbers, answer: () => resolve(new Map(numbers.map((number) => [number, signed(number)]))) });
      }),
  });
  return { calls, ask: (number: number) => ask(part(number), signal) };
}

describe("requests for parts", () => {
  test("at the same time go in one call", async () => {
    const { calls, ask } = held();
    const all = [1, 2, 3].map(ask);
    await settle();
    expect(calls.map(({ numbers }) => numbers)).toEqual([[1, 2, 3]]);
    calls[0]?.answer();
    expect((await Promise.all(all)).map(({ url }) => url)).toEqual([1, 2, 3].map((number) => signed(number).url));
  });

  test("while two calls are under way go in the next", async () => {
    const { calls, ask } = held();
    const all = [];
    for (const number of [1, 2, 3, 4]) {
      all.push(ask(number));
      await settle();
    }
    expect(calls.map(({ numbers }) => numbers)).toEqual([[1], [2]]);
    calls[0]?.answer();
    await settle();
    expect(calls.map(({ numbers }) => numbers)).toEqual([[1], [2], [3, 4]]);
    for (const { answer } of calls) answer();
    await Promise.all(all);
  });

  test("beyond the most of one call go in several", async () => {
    const { calls, ask } = held(2);
    const all = [1, 2, 3, 4, 5].map(ask);
    await settle();
    expect(calls.map(({ numbers }) => numbers)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    for (const { answer } of [...calls]) answer();
    await settle();
    calls[2]?.answer();
    await Promise.all(all);
  });

  test("fail one by one, or all together", async () => {
    const ask = createPartBatches({
      maxBatch: 9,
      sign: async (parts) => {
        if (parts.length === 1) throw new Error("no network");
        return new Map<number, SignedRequest | Error>([
          [1, signed(1)],
          [2, new Error("refused")],
        ]);
      },
    });
    const [one, two, three] = await Promise.allSettled([1, 2, 3].map((number) => ask(part(number), signal)));
    expect([one?.status, two?.status, three?.status]).toEqual(["fulfilled", "rejected", "rejected"]);
    await expect(ask(part(4), signal)).rejects.toThrow("no network");
  });
});
