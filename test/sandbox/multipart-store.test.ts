import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { DataFiles } from "../../src/sandbox/data-files.ts";
import { MultipartStore, type MultipartUpload } from "../../src/sandbox/multipart-store.ts";
import { anObject, aPart } from "../support/stored-objects.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();
let ids = 0;

const upload: MultipartUpload = {
  uploadId: "u1",
  key: "a",
  initiated: "2026-01-02T03:04:05.600Z",
  description: anObject().description,
  checksum: { algorithm: "CRC32", type: "FULL_OBJECT" },
};

async function openStore(taken: readonly string[] = []) {
  const store = await MultipartStore.open(join(directory(), "uploads"), new Set(taken));
  const wanted = new Set([...taken, ...store.allFiles()]);
  const files = await DataFiles.open(join(directory(), "data"), () => `file-${ids++}`, wanted);
  const keep = async (partNumber: number, text: string) => {
    const part = aPart({ partNumber, file: await files.write(Readable.from([text])) });
    await store.keepPart("u1", "a", part, files);
    return part;
  };
  return { store, files, keep };
}

const dataFiles = () => readdir(join(directory(), "data"));

test("an upload and its parts are there again after a restart", async () => {
  const { store, keep } = await openStore();
  await store.begin(upload);
  const parts = [await keep(10, "ten"), await keep(2, "two")];
  const again = (await openStore()).store;
  expect(again.find("u1", "a")).toEqual(upload);
  expect(again.parts("u1", "a")).toEqual(parts.toReversed());
});

test("a part takes the place of the earlier one of its number", async () => {
  const { store, keep } = await openStore();
  await store.begin(upload);
  await keep(1, "first");
  const second = await keep(1, "second");
  expect(store.parts("u1", "a")).toEqual([second]);
  expect(await dataFiles()).toEqual([second.file]);
});

test("completing keeps the parts that were used and removes the others", async () => {
  const { store, files, keep } = await openStore();
  await store.begin(upload);
  const used = await keep(1, "used");
  await keep(2, "not used");
  const object = await store.complete("u1", "a", files, async (_, parts) => anObject({ parts: parts.slice(0, 1) }));
  expect(object.parts).toEqual([used]);
  expect(await dataFiles()).toEqual([used.file]);
  expect(store.all()).toEqual([]);
  expect(() => store.find("u1", "a")).toThrow(expect.objectContaining({ code: "NoSuchUpload" }));
});

test("completing again gives the same object and does nothing", async () => {
  const { store, files, keep } = await openStore();
  await store.begin(upload);
  await keep(1, "one");
  const first = await store.complete("u1", "a", files, async (_, parts) => anObject({ parts }));
  const never = () => Promise.reject(new Error("stored twice"));
  expect(await store.complete("u1", "a", files, never)).toEqual(first);
  await expect(store.complete("u1", "other", files, never)).rejects.toMatchObject({ code: "NoSuchUpload" });
});

test("an upload whose completion failed goes on", async () => {
  const { store, files, keep } = await openStore();
  await store.begin(upload);
  const part = await keep(1, "one");
  await expect(store.complete("u1", "a", files, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(store.parts("u1", "a")).toEqual([part]);
});

test("aborting removes the parts, and a second time there is nothing to abort", async () => {
  const { store, files, keep } = await openStore();
  await store.begin(upload);
  await keep(1, "one");
  await store.abort("u1", "a", files);
  expect(await dataFiles()).toEqual([]);
  await expect(store.abort("u1", "a", files)).rejects.toMatchObject({ code: "NoSuchUpload" });
});

test("a part that arrives after the abort is refused", async () => {
  const { store, files, keep } = await openStore();
  await store.begin(upload);
  await store.abort("u1", "a", files);
  await expect(keep(1, "late")).rejects.toMatchObject({ code: "NoSuchUpload" });
});

test("a crash between object and clean-up leaves no upload that could take the object's bytes along", async () => {
  const { store, keep } = await openStore();
  await store.begin(upload);
  const part = await keep(1, "one");
  const again = (await openStore([part.file])).store;
  expect(again.all()).toEqual([]);
  expect(await dataFiles()).toEqual([part.file]);
});
