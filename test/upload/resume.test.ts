import { describe, expect, test } from "vitest";
import type { SavedJournal } from "../../src/upload/journal.ts";
import { splitIntoParts } from "../../src/upload/plan.ts";
import { fittingParts, type Intention, partSizeOf, whyAnew } from "../../src/upload/resume.ts";
import { savedJournal } from "../support/saved-journal.ts";

const MiB = 1024 ** 2;
const saved = savedJournal();
const same: Intention = { file: saved.file, wish: saved.wish, partSize: undefined, restart: false };
const file = (change: Partial<SavedJournal["file"]>): Partial<Intention> => ({ file: { ...saved.file, ...change } });

describe("an earlier upload", () => {
  test.for<[string, Partial<Intention>, string | undefined]>([
    ["goes on when all is as it was", {}, undefined],
    ["goes on when its part size is asked for", { partSize: 5 * MiB }, undefined],
    ["goes on when the disk has another number since", file({ inode: "99:1234" }), undefined],
    ["does not go on with --restart", { restart: true }, "asked"],
    ["does not go on when the file has another size", file({ size: 1 }), "file-size"],
    ["does not go on when the file was written to", file({ mtimeMs: 2 }), "file-time"],
    ["does not go on when another file stands there", file({ inode: "41:1235" }), "file-replaced"],
    ["does not go on when the file has other content", file({ fingerprint: "x" }), "file-content"],
    ["does not go on when another content type is wanted", { wish: "other" }, "wish"],
    ["does not go on when other parts are asked for", { partSize: 8 * MiB }, "part-size"],
  ])("%s", ([, change, reason]) => {
    expect(whyAnew(saved, { ...same, ...change })).toBe(reason);
  });

  test("of which no answer came has the part size that was asked for", () => {
    const begun = { ...saved, upload: undefined };
    expect(whyAnew(begun, { ...same, partSize: 6 * MiB })).toBe("part-size");
    expect(whyAnew(begun, { ...same, partSize: 5 * MiB })).toBeUndefined();
  });
});

describe("of the parts that S3 lists", () => {
  const ranges = splitIntoParts(12 * MiB, 5 * MiB);
  const part = (partNumber: number, size: number) => ({ partNumber, size, etag: '"e"' });

  test("those of the file's own sizes are looked at, and no others", () => {
    const listed = [part(1, 5 * MiB), part(2, 4 * MiB), part(3, 2 * MiB), part(4, 5 * MiB)];
    expect([...fittingParts(listed, ranges).keys()]).toEqual([1, 3]);
  });

  test.for<[string, readonly ReturnType<typeof part>[], number, number | undefined]>([
    ["none tell nothing", [], 12 * MiB, 16 * MiB],
    ["the first tells their size", [part(1, 5 * MiB)], 12 * MiB, 5 * MiB],
    ["one in the middle tells it too", [part(2, 5 * MiB)], 12 * MiB, 5 * MiB],
    ["the last alone tells it by what is left", [part(3, 2 * MiB)], 12 * MiB, 5 * MiB],
    ["the last of equal parts tells it", [part(2, 6 * MiB)], 12 * MiB, 6 * MiB],
    ["one that is the whole file fits", [part(1, 12 * MiB)], 12 * MiB, 12 * MiB],
    ["those of another file do not fit", [part(1, 5 * MiB), part(2, 6 * MiB)], 12 * MiB, undefined],
    ["more than the file has do not fit", [part(1, 5 * MiB), part(4, 5 * MiB)], 12 * MiB, undefined],
    ["one larger than the file does not fit", [part(1, 13 * MiB)], 12 * MiB, undefined],
    ["a last part that leaves no equal parts does not fit", [part(3, 2 * MiB + 1)], 12 * MiB, undefined],
  ])("%s", ([, listed, size, expected]) => {
    expect(partSizeOf(listed, size, 16 * MiB)).toBe(expected);
  });
});
