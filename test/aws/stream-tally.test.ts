import { describe, expect, test } from "vitest";
import { createTally, readUntil } from "../../src/aws/stream-tally.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import type { UploadEvent } from "../../src/upload/events.ts";

async function* pieces(...sizes: readonly number[]) {
  for (const size of sizes) yield new Uint8Array(size).fill(7);
}
async function drain(bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const piece of bytes) size += piece.byteLength;
  return size;
}

describe("a tally", () => {
  test("counts and hashes what passes", async () => {
    const tally = createTally({ checksumAlgorithm: "CRC32", partSize: 100 }, () => {});
    expect(await drain(tally.count(pieces(3, 4)))).toBe(7);
    expect(tally.size()).toBe(7);
    expect(tally.checksum()).toEqual(checksumOf("CRC32", new Uint8Array(7).fill(7)));
  });

  test("knows the checksum only at the end", async () => {
    const tally = createTally({ checksumAlgorithm: "CRC32", partSize: 100 }, () => {});
    for await (const _ of tally.count(pieces(3, 4))) expect(tally.checksum()).toBeUndefined();
    expect(tally.checksum()).toBeDefined();
  });

  test.for(["SHA256", undefined] as const)("has no checksum of the whole for %s", async (checksumAlgorithm) => {
    const tally = createTally({ checksumAlgorithm, partSize: 100 }, () => {});
    await drain(tally.count(pieces(3)));
    expect(tally.checksum()).toBeUndefined();
  });

  test("refuses a stream as soon as 10,000 parts cannot hold it", async () => {
    const tally = createTally({ checksumAlgorithm: undefined, partSize: 1024 }, () => {});
    expect(await drain(tally.count(pieces(10_000 * 1024)))).toBe(10_000 * 1024);
    await expect(drain(tally.count(pieces(1)))).rejects.toMatchObject({
      code: "TOO_LARGE",
      why: "10000 parts of 1KiB hold 10000KiB, and there is more.",
      hint: "Use a larger --part-size, such as 8KiB.",
    });
  });

  test("tells of each stored part", () => {
    const events: UploadEvent[] = [];
    const tally = createTally({ checksumAlgorithm: undefined, partSize: 5 }, (event) => events.push(event));
    tally.partSent(5);
    tally.partSent(2);
    expect(events.at(-1)).toEqual({ type: "progress", sentBytes: 7, totalBytes: undefined, doneParts: 2 });
  });
});

describe("readUntil", () => {
  test("hands everything on", async () => {
    expect(await drain(readUntil(pieces(1, 2, 3), new AbortController().signal))).toBe(6);
  });

  test("ends with the signal's reason while the stream says nothing", async () => {
    const stop = new AbortController();
    async function* silent() {
      yield new Uint8Array(1);
      await new Promise<void>(() => {});
    }
    const reading = drain(readUntil(silent(), stop.signal));
    stop.abort(new Error("stopped"));
    await expect(reading).rejects.toThrow("stopped");
  });

  test("reads nothing after an abort", async () => {
    await expect(drain(readUntil(pieces(1), AbortSignal.abort(new Error("stopped"))))).rejects.toThrow("stopped");
  });
});
