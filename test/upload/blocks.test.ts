import { describe, expect, test } from "vitest";
import { BLOCK_SIZE, createBlockPool, wholeBlocks } from "../../src/upload/blocks.ts";

const never = new AbortController().signal;
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("a pool of blocks", () => {
  test("holds what the budget allows, and four blocks at least", () => {
    expect(createBlockPool(0).capacity).toBe(4 * BLOCK_SIZE);
    expect(createBlockPool(10 * BLOCK_SIZE + 5).capacity).toBe(10 * BLOCK_SIZE);
  });

  test("hands out as many blocks as hold the bytes", async () => {
    const pool = createBlockPool(8 * BLOCK_SIZE);
    expect(await pool.take(0, never)).toHaveLength(0);
    expect(await pool.take(1, never)).toHaveLength(1);
    expect(await pool.take(BLOCK_SIZE + 1, never)).toHaveLength(2);
  });

  test("uses the same memory again", async () => {
    const pool = createBlockPool(4 * BLOCK_SIZE);
    const first = await pool.take(4 * BLOCK_SIZE, never);
    pool.give(first);
    const second = await pool.take(4 * BLOCK_SIZE, never);
    expect(new Set(second)).toEqual(new Set(first));
  });

  test("adds no memory beyond what is enough, but always three times what is asked for", async () => {
    const pool = createBlockPool(100 * BLOCK_SIZE, () => 4 * BLOCK_SIZE);
    const held = [await pool.take(2 * BLOCK_SIZE, never), await pool.take(2 * BLOCK_SIZE, never)];
    held.push(await pool.take(2 * BLOCK_SIZE, never));
    let served = false;
    const fourth = pool.take(2 * BLOCK_SIZE, never).then((blocks) => {
      served = true;
      return blocks;
    });
    await settle();
    expect(served).toBe(false);
    pool.give((held[0] ?? []).slice(0, 1));
    await settle();
    expect(served).toBe(false);
    pool.give((held[0] ?? []).slice(1));
    expect(new Set(await fourth)).toEqual(new Set(held[0]));
  });

  test("serves what is more than enough when all has come back", async () => {
    const pool = createBlockPool(100 * BLOCK_SIZE, () => 0);
    pool.give(await pool.take(BLOCK_SIZE, never));
    await expect(pool.take(100 * BLOCK_SIZE, never)).resolves.toHaveLength(100);
  });

  test("serves strictly in turn, so that a large request does not starve", async () => {
    const pool = createBlockPool(4 * BLOCK_SIZE);
    const held = await pool.take(3 * BLOCK_SIZE, never);
    const served: string[] = [];
    const large = pool.take(4 * BLOCK_SIZE, never).then((blocks) => {
      served.push("large");
      pool.give(blocks);
    });
    const small = pool.take(1, never).then(() => served.push("small"));
    await settle();
    expect(served).toEqual([]);
    pool.give(held);
    await Promise.all([large, small]);
    expect(served).toEqual(["large", "small"]);
  });

  test("an abort ends the wait and lets the next one in", async () => {
    const pool = createBlockPool(4 * BLOCK_SIZE);
    await pool.take(3 * BLOCK_SIZE, never);
    const stop = new AbortController();
    const large = pool.take(4 * BLOCK_SIZE, stop.signal);
    const small = pool.take(1, never);
    stop.abort(new Error("stopped"));
    await expect(large).rejects.toThrow("stopped");
    await expect(small).resolves.toHaveLength(1);
  });

  test("refuses what it can never hold", () => {
    expect(() => createBlockPool(0).take(5 * BLOCK_SIZE, never)).toThrow(RangeError);
  });
});

test.for([
  [0, 0],
  [1, BLOCK_SIZE],
  [BLOCK_SIZE, BLOCK_SIZE],
  [BLOCK_SIZE + 1, 2 * BLOCK_SIZE],
] as const)("%i bytes lie in blocks of %i", ([bytes, blocks]) => {
  expect(wholeBlocks(bytes)).toBe(blocks);
});
