import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openFileSource } from "../../src/files/file-source.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();
const path = () => join(directory(), "note.txt");

async function opened(text: string) {
  await writeFile(path(), text);
  return openFileSource(path());
}

describe("a file source", () => {
  test("tells path, name and size", async () => {
    const source = await opened("hello");
    expect(source).toMatchObject({ path: path(), name: "note.txt", size: 5 });
    await source.close();
  });

  test.for([
    [0, 5, "hello"],
    [1, 3, "ell"],
    [3, 9, "lo"],
    [5, 4, ""],
    [99, 4, ""],
  ] as const)("reads from %i up to %i bytes: %j", async ([position, length, expected]) => {
    const source = await opened("hello");
    const buffer = new Uint8Array(length);
    const read = await source.read(buffer, position);
    expect(Buffer.from(buffer.subarray(0, read)).toString()).toBe(expected);
    await source.close();
  });

  test("sees that the file has changed", async () => {
    const source = await opened("hello");
    await writeFile(path(), "hello world");
    expect((await source.facts()).size).toBe(11);
    expect(source.size).toBe(5);
    await source.close();
  });
});

describe("refuses", () => {
  test.for<[string, () => string, object]>([
    [
      "a file that is not there",
      () => join(directory(), "none"),
      { code: "FILE_NOT_FOUND", message: expect.stringMatching(/^There is no file .*none\.$/) },
    ],
    ["a file below a file", () => join(path(), "x"), { code: "FILE_NOT_FOUND" }],
    [
      "a directory",
      () => join(directory(), "d"),
      { code: "USAGE", message: expect.stringMatching(/d is a directory\.$/) },
    ],
    ["a device", () => "/dev/null", { code: "USAGE", message: "/dev/null is not a regular file." }],
  ])("%s", async ([, where, expected]) => {
    await writeFile(path(), "x");
    await mkdir(join(directory(), "d"));
    await expect(openFileSource(where())).rejects.toMatchObject(expected);
  });
});
