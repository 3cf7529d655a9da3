import { describe, expect, test } from "vitest";
import { BLOCK_SIZE, createBlockPool } from "../../src/upload/blocks.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import { type ContentOptions, openContent, refuseChangedFile } from "../../src/upload/content.ts";
import type { RequestBody } from "../../src/upload/transport.ts";
import { memorySource, patternedBytes } from "../support/memory-source.ts";

const size = 2 * BLOCK_SIZE + 100;
const bytes = patternedBytes(size);
const range = { start: 50, end: size - 25 };
const wanted = bytes.subarray(range.start, range.end);
const never = new AbortController().signal;

const options = (changes: Partial<ContentOptions> = {}): ContentOptions => ({
  keep: true,
  algorithm: "CRC32",
  pool: createBlockPool(0),
  signal: never,
  ...changes,
});

async function read(body: RequestBody): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of body) blocks.push(Buffer.from(block));
  return Buffer.concat(blocks);
}

describe.for([
  ["kept in memory", true],
  ["read anew for each try", false],
] as const)("content that is %s", ([, keep]) => {
  test("is the range, as often as asked, with its checksum", async () => {
    const content = await openContent(memorySource(bytes), range, options({ keep }));
    expect(content.size).toBe(wanted.length);
    expect(content.checksum).toEqual(checksumOf("CRC32", wanted));
    expect(Buffer.compare(await read(content.body()), wanted)).toBe(0);
    expect(Buffer.compare(await read(content.body()), wanted)).toBe(0);
  });

  test("has no checksum when none is asked for", async () => {
    const content = await openContent(memorySource(bytes), range, options({ keep, algorithm: undefined }));
    expect(content.checksum).toBeUndefined();
    expect(Buffer.compare(await read(content.body()), wanted)).toBe(0);
  });

  test("of no bytes is empty", async () => {
    const content = await openContent(memorySource(new Uint8Array()), { start: 0, end: 0 }, options({ keep }));
    expect(content.checksum?.value).toBe("AAAAAA==");
    expect(await read(content.body())).toHaveLength(0);
  });

  test("finds out when a file is read differently a second time", async () => {
    const source = memorySource(bytes);
    const content = await openContent(source, range, options({ keep }));
    await expect(content.reread()).resolves.toBeUndefined();
    source.replace(patternedBytes(size, 2));
    await expect(content.reread()).rejects.toMatchObject({
      code: "FILE_CHANGED",
      message: "dir/file.bin changed while it was being sent.",
    });
  });

  test("refuses a file that ends too soon", async () => {
    const source = memorySource(bytes);
    source.replace(bytes.subarray(0, BLOCK_SIZE + 7));
    await expect(openContent(source, range, options({ keep }))).rejects.toMatchObject({
      code: "FILE_CHANGED",
      why: `It had ${size} bytes and now ends at ${BLOCK_SIZE + 7}.`,
    });
  });

  test("gives its memory back", async () => {
    const pool = createBlockPool(0);
    const content = await openContent(memorySource(bytes), range, options({ keep, pool }));
    await read(content.body());
    content.release();
    await expect(pool.take(pool.capacity, never)).resolves.toHaveLength(4);
  });

  test("stops when the signal aborts, and gives its memory back", async () => {
    const pool = createBlockPool(0);
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    await expect(openContent(memorySource(bytes), range, options({ keep, pool, signal: stop.signal }))).rejects.toThrow(
      "stopped",
    );
    await expect(pool.take(pool.capacity, never)).resolves.toHaveLength(4);
  });
});

describe("a body that is in memory", () => {
  const large = patternedBytes(6 * BLOCK_SIZE - 9);
  const opened = async (source = memorySource(large)) => {
    const pool = createBlockPool(6 * BLOCK_SIZE);
    return { pool, content: await openContent(source, { start: 0, end: large.length }, options({ pool })) };
  };
  const isFree = async (pool: ReturnType<typeof createBlockPool>, blocks: number) => {
    const patience = new AbortController();
    setImmediate(() => patience.abort());
    const got = await pool.take(blocks * BLOCK_SIZE, patience.signal).catch(() => undefined);
    if (got !== undefined) pool.give(got);
    return got !== undefined;
  };

  test("gives each block back once it has left, and keeps two", async () => {
    const { pool, content } = await opened();
    const body = content.body() as Iterable<Uint8Array>;
    const seen: boolean[][] = [];
    for (const _ of body) seen.push([await isFree(pool, 1), await isFree(pool, 4)]);
    expect(seen).toEqual([
      [false, false],
      [true, false],
      [true, false],
      [true, false],
      [true, true],
      [true, true],
    ]);
    expect(await isFree(pool, 5)).toBe(false);
    content.release();
    expect(await isFree(pool, 6)).toBe(true);
  });

  test.for([1, 2, 5, 6])(
    "is whole again after a try that ended with block %i, though its memory went to another",
    async (last) => {
      const { pool, content } = await opened();
      let blocks = 0;
      for await (const _ of content.body()) if (++blocks === last) break;
      if (last > 2) for (const block of await pool.take((last - 2) * BLOCK_SIZE, never)) block.fill(7);
      expect(Buffer.compare(await read(content.body()), large)).toBe(0);
    },
  );

  test("is compared with the file when S3 found other bytes after it had left", async () => {
    const source = memorySource(large);
    const { content } = await opened(source);
    await read(content.body());
    await expect(content.reread()).resolves.toBeUndefined();
    source.replace(patternedBytes(large.length, 2));
    await expect(content.reread()).rejects.toMatchObject({ code: "FILE_CHANGED" });
  });

  test("is not sent again to its end when the file has changed meanwhile", async () => {
    const source = memorySource(large);
    const { content } = await opened(source);
    await read(content.body());
    source.replace(large, 2_000);
    await expect(read(content.body())).rejects.toMatchObject({ code: "FILE_CHANGED" });
  });
});

describe("a body that is read while it is sent", () => {
  const streamed = (source = memorySource(bytes), pool = createBlockPool(0)) =>
    openContent(source, range, options({ keep: false, algorithm: undefined, pool }));

  test("holds its last block back when the file has changed meanwhile", async () => {
    const source = memorySource(bytes);
    const body = (await streamed(source)).body();
    let sent = 0;
    const reading = (async () => {
      for await (const block of body) {
        sent += block.byteLength;
        source.replace(bytes, 2_000);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "FILE_CHANGED" });
    expect(sent).toBeLessThan(wanted.length);
  });

  test("gives its memory back when the rest is not wanted", async () => {
    const pool = createBlockPool(0);
    const content = await streamed(memorySource(bytes), pool);
    for await (const _ of content.body()) break;
    content.release();
    await expect(pool.take(pool.capacity, never)).resolves.toHaveLength(4);
  });

  test("reads one block ahead, not more", async () => {
    const source = memorySource(bytes);
    const body = (await streamed(source)).body();
    for await (const _ of body) break;
    expect(source.reads.length).toBeLessThanOrEqual(2);
  });
});

describe("refuseChangedFile", () => {
  test.for<[string, Uint8Array, number, string]>([
    ["another size", bytes.subarray(1), 1_000, `It had ${size} bytes and now has ${size - 1}.`],
    ["another time", bytes, 1_001, "Its modification time is not the same any more."],
  ])("sees %s", async ([, now, mtimeMs, why]) => {
    const source = memorySource(bytes);
    source.replace(now, mtimeMs);
    await expect(refuseChangedFile(source)).rejects.toMatchObject({ code: "FILE_CHANGED", why });
  });

  test("says nothing of a file as it was", async () => {
    await expect(refuseChangedFile(memorySource(bytes))).resolves.toBeUndefined();
  });
});
