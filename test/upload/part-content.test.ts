import { describe, expect, test } from "vitest";
import { hashBeside } from "../../src/upload/checksum.ts";
import { readEarly } from "../../src/upload/part-content.ts";
import { splitIntoParts } from "../../src/upload/plan.ts";
import { memorySource, patternedBytes } from "../support/memory-source.ts";
import { MiB, uploadTools } from "../support/upload-tools.ts";

const partSize = 2 * MiB;
const bytes = patternedBytes(9 * MiB);
const parts = splitIntoParts(bytes.length, partSize);
const nobody = { send: () => Promise.reject(new Error("nothing is sent")), close: () => {} };
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("parts that are read early", () => {
  function begin(source = memorySource(bytes), concurrency = 3, maxMemory = 64 * MiB) {
    const tools = uploadTools(nobody, { settings: { concurrency, maxMemory } });
    const algorithm = hashBeside("CRC32", "crc32");
    return { source, tools, early: readEarly(parts, { source, partSize, algorithm, tools }) };
  }
  /** How many more may be prepared at this moment. */
  function freePlaces({ tools: { resources } }: ReturnType<typeof begin>): number {
    const leaves: (() => void)[] = [];
    for (let leave = resources.window.tryPrepare(); leave !== undefined; leave = resources.window.tryPrepare()) {
      leaves.push(leave);
    }
    for (const leave of leaves) leave();
    return leaves.length;
  }

  test("hold the file's bytes and their checksum, for whoever takes them first", async () => {
    const { early } = begin();
    const [first] = parts;
    const taken = early.take(first as (typeof parts)[0]);
    const content = await taken?.content;
    expect(content?.checksum?.algorithm).toBe("CRC32");
    const sent: Uint8Array[] = [];
    for await (const block of content?.body() ?? []) sent.push(Buffer.from(block));
    expect(Buffer.concat(sent).equals(bytes.subarray(0, partSize))).toBe(true);
    expect(early.take(first as (typeof parts)[0])).toBeUndefined();
    content?.release();
    taken?.leave();
    await early.release();
  });

  test("are as many as there are places, read one after the other", async () => {
    const begun = begin();
    expect(freePlaces(begun)).toBe(0);
    await expect.poll(() => begun.source.reads.length).toBe(8);
    expect(begun.source.reads).toEqual(Array.from({ length: 8 }, (_, index) => index * MiB));
    expect(begun.early.take(parts[4] as (typeof parts)[0])).toBeUndefined();
    await begun.early.release();
  });

  test("give back memory and places when nobody takes them", async () => {
    const begun = begin(undefined, 3, 8 * MiB);
    await expect.poll(() => begun.source.reads.length).toBe(8);
    await begun.early.release();
    expect(freePlaces(begun)).toBe(4);
    const { pool } = begun.tools.resources;
    expect(await pool.take(pool.capacity, new AbortController().signal)).toHaveLength(8);
  });

  test("give them back also while they are being read", async () => {
    const begun = begin();
    await begun.early.release();
    expect(freePlaces(begun)).toBe(4);
    await settle();
    expect(begun.source.reads.length).toBeLessThan(8);
  });

  test("tell an error of the file to whoever takes them, and to nobody else", async () => {
    const source = memorySource(bytes);
    source.replace(bytes.subarray(0, MiB));
    const { early } = begin(source);
    const taken = early.take(parts[0] as (typeof parts)[0]);
    await expect(taken?.content).rejects.toMatchObject({ code: "FILE_CHANGED" });
    taken?.leave();
    await early.release();
  });
});
