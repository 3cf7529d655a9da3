import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockDirectory } from "../../src/sandbox/directory-lock.ts";
import { readRecord, writeRecord } from "../../src/sandbox/record-file.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();
const held = () => readRecord<{ port: number; token: string }>(join(directory(), "in-use.json"));

test("a directory has one holder at a time", async () => {
  const release = await lockDirectory(directory(), "first");
  await expect(lockDirectory(directory(), "second")).rejects.toMatchObject({ code: "USAGE" });
  await release();
  expect(await held()).toBeUndefined();
  await (await lockDirectory(directory(), "third"))();
});

test("what a crash left behind holds nothing, also when another program has the port now", async () => {
  const release = await lockDirectory(directory(), "crashed");
  const record = await held();
  await release();
  const other = createServer((socket) => socket.end("something else"));
  await new Promise<void>((resolve) => other.listen(record?.port, "127.0.0.1", resolve));
  await writeRecord(join(directory(), "in-use.json"), record);
  await (await lockDirectory(directory(), "next"))();
  await new Promise((resolve) => other.close(resolve));
  await writeRecord(join(directory(), "in-use.json"), record);
  await (await lockDirectory(directory(), "last"))();
});
