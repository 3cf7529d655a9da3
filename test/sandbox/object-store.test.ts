import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DataFiles } from "../../src/sandbox/data-files.ts";
import { ObjectStore, sortByBytes } from "../../src/sandbox/object-store.ts";
import { s3Error } from "../../src/sandbox/s3-error.ts";
import { anObject, aPart } from "../support/stored-objects.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();
let ids = 0;

async function openStore() {
  const store = await ObjectStore.open(join(directory(), "objects"));
  const wanted = new Set([...store.all()].flatMap(({ parts }) => parts.map(({ file }) => file)));
  const files = await DataFiles.open(join(directory(), "data"), () => `file-${ids++}`, wanted);
  return { store, files };
}

const anyState = () => undefined;

test("objects are there again after a restart, under any key", async () => {
  const { store, files } = await openStore();
  const keys = ["a", "../../etc/passwd", "a/../b", "größe/🎉", "\u0001", "x".repeat(1024), "CON", ".json"];
  for (const key of keys) await store.put(anObject({ key }), files, anyState);
  const again = await ObjectStore.open(join(directory(), "objects"));
  expect(again.keys()).toEqual(sortByBytes(keys));
  expect(again.get("../../etc/passwd")).toEqual(anObject({ key: "../../etc/passwd" }));
  expect(await readdir(directory())).toEqual(["data", "objects"]);
});

test("replacing an object removes the bytes of the one before", async () => {
  const { store, files } = await openStore();
  const [before, after] = [await files.write(Readable.from(["a"])), await files.write(Readable.from(["b"]))];
  await store.put(anObject({ parts: [aPart({ file: before })] }), files, anyState);
  await store.put(anObject({ parts: [aPart({ file: after })] }), files, anyState);
  expect(await readdir(join(directory(), "data"))).toEqual([after]);
  await store.remove("a", files);
  expect(await readdir(join(directory(), "data"))).toEqual([]);
  expect(store.keys()).toEqual([]);
});

test("of many writers that want to be the first, one is", async () => {
  const { store, files } = await openStore();
  const mustBeAbsent = (current: unknown) => {
    if (current !== undefined) throw s3Error("PreconditionFailed");
  };
  const writes = Array.from({ length: 10 }, () => store.put(anObject(), files, mustBeAbsent));
  const outcomes = await Promise.allSettled(writes);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("nothing can be put into a bucket that is going away", async () => {
  const { store, files } = await openStore();
  store.close();
  await expect(store.put(anObject(), files, anyState)).rejects.toMatchObject({ code: "NoSuchBucket" });
});

test("keys are in the order of their bytes, not of JavaScript's characters", () => {
  expect(sortByBytes(["\u{1F389}", "\uFF5E", "b", "a"])).toEqual(["a", "b", "\uFF5E", "\u{1F389}"]);
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), (keys) => {
      const sorted = sortByBytes(keys);
      for (const [index, key] of sorted.slice(1).entries()) {
        expect(Buffer.from(sorted[index] ?? "").compare(Buffer.from(key))).toBeLessThanOrEqual(0);
      }
    }),
  );
});
