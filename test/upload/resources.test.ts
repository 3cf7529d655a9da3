import { describe, expect, test } from "vitest";
import { BLOCK_SIZE } from "../../src/upload/blocks.ts";
import { executeUpload } from "../../src/upload/execute.ts";
import { planUpload } from "../../src/upload/plan.ts";
import { createResources, mostPrepared, mostRequests } from "../../src/upload/resources.ts";
import type { UploadTools } from "../../src/upload/tools.ts";
import { fakeS3 } from "../support/fake-s3.ts";
import { memorySource, patternedBytes } from "../support/memory-source.ts";
import { MiB, uploadTools } from "../support/upload-tools.ts";

/** The same tools, with a pool that keeps count of the bytes that are out. */
function counting(tools: UploadTools) {
  const { pool } = tools.resources;
  let out = 0;
  const count = { most: 0, left: () => out };
  const counted: UploadTools = {
    ...tools,
    resources: {
      ...tools.resources,
      pool: {
        capacity: pool.capacity,
        take: async (bytes, signal) => {
          const blocks = await pool.take(bytes, signal);
          out += blocks.length * BLOCK_SIZE;
          count.most = Math.max(count.most, out);
          return blocks;
        },
        give: (blocks) => {
          out -= blocks.length * BLOCK_SIZE;
          pool.give(blocks);
        },
      },
    },
  };
  return { count, tools: counted };
}

describe("files that share memory and window", () => {
  test.for<[string, number, number]>([
    ["one request at a time and room for one part", 1, 5 * MiB],
    ["one request at a time and too little for a part: it is read twice", 1, 4 * MiB],
    ["many requests and room for one part", 8, 6 * MiB],
    ["many requests and room for some", 8, 16 * MiB],
  ])("with %s all end, and none holds more than the ceiling", async ([, concurrency, maxMemory]) => {
    // Parts of different sizes, small files and one PUT that does not fit: whoever waits holds nothing the others need.
    const files = [11 * MiB, 9 * MiB, 100, 7 * MiB, 0, 3 * MiB + 1, 12 * MiB].map((size, index) => ({
      bytes: patternedBytes(size, index + 1),
      single: index === 3,
      partSize: (index % 2 === 0 ? 5 : 6) * MiB,
    }));
    const stores = files.map(() => fakeS3());
    const { tools, count } = counting(
      uploadTools(stores[0]?.sender as never, { settings: { concurrency, maxMemory } }),
    );

    await Promise.all(
      files.map(async ({ bytes, single, partSize }, index) => {
        const s3 = stores[index] as (typeof stores)[number];
        const source = memorySource(bytes);
        const limits = await s3.destination.limits(tools.signal);
        const plan = planUpload(source, limits, { partSize, ...(single ? { multipartThreshold: 100 * MiB } : {}) });
        await executeUpload(plan, source, s3.destination, { ...tools, sender: s3.sender });
      }),
    );

    stores.forEach((s3, index) => {
      const [stored] = [...s3.objects.values()];
      expect(Buffer.compare(stored ?? Buffer.of(), files[index]?.bytes ?? Buffer.of())).toBe(0);
    });
    expect(count.most).toBeLessThanOrEqual(maxMemory);
    expect(count.left()).toBe(0);
  });
});

describe("how much is read ahead", () => {
  test("follows the window in use, not the ceiling", async () => {
    const s3 = fakeS3();
    const { tools, count } = counting(
      uploadTools(s3.sender, { settings: { concurrency: "auto", maxMemory: 256 * MiB } }),
    );
    const source = memorySource(patternedBytes(60 * MiB));
    const plan = planUpload(source, await s3.destination.limits(tools.signal), { partSize: 5 * MiB });
    await executeUpload(plan, source, s3.destination, tools);
    // The clock stands still, so nothing is measured: eight requests at a time, and two parts beyond them.
    expect(count.most).toBe(50 * MiB);
  });

  test.for([
    [1, 1, 2],
    [8, 8, 10],
    ["auto", 128, 136],
  ] as const)(
    "with a concurrency of %s is at most %i requests and %i contents",
    ([concurrency, requests, contents]) => {
      expect([mostRequests(concurrency), mostPrepared(concurrency)]).toEqual([requests, contents]);
    },
  );

  test("a number that was chosen is the width from the start", () => {
    const { window } = createResources({ concurrency: 20, maxMemory: 0, clock: { now: () => 0 } });
    expect(window.size).toBe(20);
  });
});
