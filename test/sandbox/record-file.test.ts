import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesBelow, readRecord, writeRecord } from "../../src/sandbox/record-file.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();

test("a record is read back as it was written, from folders made for it", async () => {
  const path = join(directory(), "a", "b", "record.json");
  await writeRecord(path, { key: "größe" });
  expect(await readRecord(path)).toEqual({ key: "größe" });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("many writers at once leave one whole record and nothing beside it", async () => {
  const path = join(directory(), "record.json");
  await Promise.all(Array.from({ length: 20 }, (_, number) => writeRecord(path, { number, text: "x".repeat(5000) })));
  expect(await readRecord<{ text: string }>(path)).toMatchObject({ text: "x".repeat(5000) });
  expect(await readdir(directory())).toEqual(["record.json"]);
});

test("what is not there is undefined, and no folder has no files", async () => {
  expect(await readRecord(join(directory(), "none.json"))).toBeUndefined();
  expect(await filesBelow(join(directory(), "none"), ".json")).toEqual([]);
});
