import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { BucketStore } from "../../src/sandbox/bucket-store.ts";
import { anObject, aPart } from "../support/stored-objects.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();
let ids = 0;

const open = () => BucketStore.open(directory(), () => `id${ids++}`);
const record = (name: string) => ({ name, createdAt: "2026-01-02T03:04:05.600Z", region: "us-east-1" });

describe("names", () => {
  test.for(["abc", "my.bucket-1", "a".repeat(63), "123"])("takes %s", async (name) => {
    const store = await open();
    await store.create(record(name));
    expect(store.find(name).name).toBe(name);
  });

  test.for([
    "ab",
    "a".repeat(64),
    "Abc",
    "a_b",
    "-abc",
    "abc-",
    "a..b",
    "192.168.1.1",
    "xn--abc",
    "abc-s3alias",
    "../etc",
    "a/b",
    "",
  ])("refuses %s", async (name) => {
    await expect((await open()).create(record(name))).rejects.toMatchObject({ code: "InvalidBucketName" });
    expect(await readdir(directory())).toEqual([]);
  });
});

test("a bucket can be made once, also when two try at the same moment", async () => {
  const store = await open();
  const outcomes = await Promise.allSettled([store.create(record("drop")), store.create(record("drop"))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  await expect(store.create(record("drop"))).rejects.toMatchObject({ code: "BucketAlreadyOwnedByYou" });
});

test("buckets and their objects are there again after a restart", async () => {
  const store = await open();
  await store.create(record("drop"));
  const { objects, files } = store.find("drop");
  const file = await files.write(Readable.from(["hello"]));
  await objects.put(anObject({ parts: [aPart({ file })] }), files, () => undefined);
  const again = (await open()).find("drop");
  expect(await text(again.files.read([{ file, start: 0, end: 5 }]))).toBe("hello");
  expect(again).toMatchObject(record("drop"));
});

test("only an empty bucket can be removed, and then nothing of it stays", async () => {
  const store = await open();
  await store.create(record("drop"));
  const { objects, files } = store.find("drop");
  await objects.put(anObject(), files, () => undefined);
  await expect(store.remove("drop")).rejects.toMatchObject({ code: "BucketNotEmpty" });
  await objects.remove("a", files);
  await store.remove("drop");
  expect(() => store.find("drop")).toThrow(expect.objectContaining({ code: "NoSuchBucket" }));
  expect(await readdir(directory())).toEqual([]);
});

test("what a crash left half made or half removed goes at the next start", async () => {
  await mkdir(join(directory(), "half-made"));
  await mkdir(join(directory(), "drop.id1.unfinished"));
  await writeFile(join(directory(), "drop.id1.unfinished", "bucket.json"), JSON.stringify(record("drop")));
  expect((await open()).all()).toEqual([]);
  expect(await readdir(directory())).toEqual([]);
});
