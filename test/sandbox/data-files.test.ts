import { readdir } from "node:fs/promises";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { DataFiles } from "../../src/sandbox/data-files.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();

let ids = 0;
function newId(): string {
  ids += 1;
  return `file-${ids}`;
}

function open(wanted: readonly string[] = []): Promise<DataFiles> {
  return DataFiles.open(directory(), newId, new Set(wanted));
}

function wholeOf(file: string, size: number) {
  return { file, start: 0, end: size };
}

test("stretches of several files are read one after the other", async () => {
  const files = await open();
  const [one, two] = [await files.write(Readable.from(["hello "])), await files.write(Readable.from(["world"]))];
  const stretches = [
    { file: one, start: 3, end: 6 },
    { file: one, start: 6, end: 6 },
    { file: two, start: 0, end: 4 },
  ];
  expect(await text(files.read(stretches))).toBe("lo worl");
});

test("nothing stays of a stream that fails", async () => {
  const files = await open();
  const failing = Readable.from(
    (async function* () {
      yield "some";
      throw new Error("cut");
    })(),
  );
  await expect(files.write(failing)).rejects.toThrow("cut");
  expect(await readdir(directory())).toEqual([]);
});

test("a file that is being read disappears only afterwards", async () => {
  const files = await open();
  const file = await files.write(Readable.from(["a".repeat(3_000_000)]));
  const reading = files.read([wholeOf(file, 3_000_000)]);
  await files.remove([file]);
  expect(await readdir(directory())).toEqual([file]);
  expect(await buffer(reading)).toHaveLength(3_000_000);
  await expect.poll(() => readdir(directory())).toEqual([]);
});

test("a reader that leaves early frees the file too", async () => {
  const files = await open();
  const file = await files.write(Readable.from(["data"]));
  const reading = files.read([wholeOf(file, 4)]);
  const closed = new Promise((resolve) => reading.once("close", resolve));
  reading.destroy();
  await closed;
  await files.remove([file]);
  expect(await readdir(directory())).toEqual([]);
});

test("what no record speaks of goes when the folder is opened", async () => {
  const files = await open();
  const [kept, lost] = [await files.write(Readable.from(["a"])), await files.write(Readable.from(["b"]))];
  await open([kept]);
  expect(await readdir(directory())).toEqual([kept]);
  expect(lost).not.toBe(kept);
});

test("a slow disk slows the source down instead of filling memory", async () => {
  const files = await open();
  let produced = 0;
  const chunk = Buffer.alloc(64 * 1024);
  const source = new Readable({
    highWaterMark: 1,
    read() {
      produced += 1;
      this.push(produced > 1000 ? null : chunk);
    },
  });
  const writing = files.write(source);
  await new Promise((resolve) => source.once("readable", resolve));
  // within one turn of the event loop no write has come back, so only what fits into the buffers was asked for
  expect(produced).toBeLessThan(20);
  await writing;
  expect(produced).toBe(1001);
});
