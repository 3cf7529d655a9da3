import { beforeEach, describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import type { UploadItem } from "../../src/page/upload-item.ts";
import { createUploadQueue, type Passage, type UploadQueue } from "../../src/page/upload-queue.ts";

interface Carried {
  readonly name: string;
  readonly passage: Passage;
  finish(): void;
  fail(error: unknown): void;
}

let carried: Carried[];
let forgotten: [string, string | undefined][];
let queue: UploadQueue;
let time: number;

beforeEach(() => {
  carried = [];
  forgotten = [];
  time = 0;
  let ids = 0;
  queue = createUploadQueue({
    atATime: 3,
    newId: () => `id-${++ids}`,
    now: () => time,
    onChange: () => {},
    forget: async (id, of) => {
      forgotten.push([id, of?.name]);
    },
    carry: (file, passage) =>
      new Promise((resolve, reject) => {
        passage.signal.addEventListener("abort", () => reject(passage.signal.reason));
        const stored = { bucket: "drop", key: `in/${file.name}`, size: file.size, etag: '"e"' };
        carried.push({
          name: file.name,
          passage,
          fail: reject,
          finish: () => {
            passage.emit({ type: "completed", object: stored });
            resolve(stored);
          },
        });
      }),
  });
});

const file = (name: string, size = 100) =>
  new File([new Uint8Array(size)], name, { type: "image/png", lastModified: 7 });
const stages = () => queue.items.map(({ stage }) => stage);
const itemAt = (index: number) => queue.items[index] as UploadItem;
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test("three go at a time, the rest in turn", async () => {
  for (const name of ["a", "b", "c", "d", "e"]) queue.add(file(name));
  expect(stages()).toEqual(["preparing", "preparing", "preparing", "waiting", "waiting"]);
  carried[1]?.finish();
  await settle();
  expect(stages()).toEqual(["preparing", "stored", "preparing", "preparing", "waiting"]);
  carried[0]?.fail(new S3upError("NETWORK", "gone"));
  await settle();
  expect(carried.map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e"]);
});

test("bytes, rate and time left follow what is sent", () => {
  queue.add(file("a", 10_000));
  const { emit } = (carried[0] as Carried).passage;
  emit({ type: "started", key: "k", partCount: 1 });
  for (const sentBytes of [0, 1_000, 2_000]) {
    emit({ type: "progress", sentBytes, totalBytes: 10_000, doneParts: 0 });
    time += 1_000;
  }
  expect(itemAt(0)).toMatchObject({ stage: "sending", sentBytes: 2_000, bytesPerSecond: 1_000, secondsLeft: 8 });
});

describe("pause", () => {
  test("closes the gate of one upload and keeps its place", () => {
    const { id } = queue.add(file("a"));
    queue.pause(id);
    expect(carried[0]?.passage.gate.isOpen).toBe(false);
    expect(itemAt(0)).toMatchObject({ stage: "preparing", paused: true, bytesPerSecond: 0 });
    queue.proceed(id);
    expect(carried[0]?.passage.gate.isOpen).toBe(true);
    expect(itemAt(0).paused).toBe(false);
  });

  test("holds back an upload that waits, and lets the next go first", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) queue.add(file(name));
    queue.pause(itemAt(3).id);
    carried[0]?.finish();
    await settle();
    expect(carried.map(({ name }) => name)).toEqual(["a", "b", "c", "e"]);
    queue.proceed(itemAt(3).id);
    carried[1]?.finish();
    await settle();
    expect(carried.at(-1)?.name).toBe("d");
  });
});

describe("cancel", () => {
  test("stops what is under way, as something that nobody wants any more", async () => {
    const { id } = queue.add(file("a"));
    queue.cancel(id);
    expect(itemAt(0).stage).toBe("cancelling");
    expect(carried[0]?.passage.isUnwanted()).toBe(true);
    await settle();
    expect(itemAt(0)).toMatchObject({ stage: "cancelled", error: undefined });
  });

  test("of one that waits never begins it", async () => {
    for (const name of ["a", "b", "c", "d"]) queue.add(file(name));
    queue.cancel(itemAt(3).id);
    expect(itemAt(3).stage).toBe("cancelled");
    carried[0]?.finish();
    await settle();
    expect(carried).toHaveLength(3);
  });

  test("of one that is stored changes nothing", async () => {
    const { id } = queue.add(file("a"));
    carried[0]?.finish();
    await settle();
    queue.cancel(id);
    expect(itemAt(0).stage).toBe("stored");
  });
});

describe("a failure", () => {
  test("is told with what to do, and can be tried again from the start", async () => {
    const { id } = queue.add(file("a"));
    carried[0]?.passage.emit({ type: "progress", sentBytes: 50, totalBytes: 100, doneParts: 0 });
    carried[0]?.fail(new S3upError("NETWORK", "The file could not be sent.", { why: "No connection." }));
    await settle();
    expect(itemAt(0)).toMatchObject({
      stage: "failed",
      error: { what: "The file could not be sent.", why: "No connection.", retryable: true },
    });
    queue.retry(id);
    expect(itemAt(0)).toMatchObject({ stage: "preparing", sentBytes: 0, error: undefined });
    expect(carried).toHaveLength(2);
  });

  test("of a kind that nobody foresaw is told too", async () => {
    queue.add(file("a"));
    carried[0]?.fail(new TypeError("x is not a function"));
    await settle();
    expect(itemAt(0).error).toMatchObject({ what: "Something unexpected happened." });
  });
});

describe("an upload of an earlier visit", () => {
  test("waits for its file, and goes on with it", () => {
    queue.addUnfinished({ id: "old", name: "a", size: 100, type: "", sentBytes: 60 });
    expect(itemAt(0)).toMatchObject({ stage: "unfinished", sentBytes: 60 });
    expect(carried).toEqual([]);
    queue.goOn("old", file("a"));
    expect(itemAt(0)).toMatchObject({ stage: "preparing", type: "image/png" });
    expect(queue.fileOf("old")?.name).toBe("a");
  });
});

describe("what is left at S3", () => {
  test("goes when an upload of an earlier visit is discarded", async () => {
    queue.addUnfinished({ id: "old", name: "a", size: 100, type: "", sentBytes: 60 });
    queue.cancel("old");
    expect(itemAt(0).stage).toBe("cancelling");
    await settle();
    expect(itemAt(0).stage).toBe("cancelled");
    expect(forgotten).toEqual([["old", undefined]]);
  });

  test("goes when one that failed is taken off the list", async () => {
    const { id } = queue.add(file("a"));
    carried[0]?.fail(new S3upError("NETWORK", "gone"));
    await settle();
    queue.remove(id);
    expect(forgotten).toEqual([[id, "a"]]);
  });
});

test("only what is not under way can be taken off the list", async () => {
  const { id } = queue.add(file("a"));
  queue.remove(id);
  expect(queue.items).toHaveLength(1);
  carried[0]?.finish();
  await settle();
  queue.remove(id);
  expect(queue.items).toEqual([]);
});
