import { beforeEach, describe, expect, test } from "vitest";
import type { UploadsOptions } from "../../src/commands/uploads.ts";
import { uploadsCommand } from "../../src/commands/uploads.ts";
import { S3upError } from "../../src/errors.ts";
import { runProgram } from "../../src/program.ts";
import type { S3Access } from "../../src/runtime.ts";
import { optionsOf } from "../support/command-line.ts";
import { type TestRuntime, testRuntime, testTime } from "../support/command-runtime.ts";
import { type FakeJournals, fakeJournals } from "../support/fake-journals.ts";
import { type FakeMultipart, fakeMultipart } from "../support/fake-multipart.ts";
import { savedJournal } from "../support/saved-journal.ts";

const MiB = 1024 ** 2;
const hourMs = 60 * 60 * 1000;

let multipart: FakeMultipart;
let journals: FakeJournals;
let begunAt: Date;
let runtime: TestRuntime;

beforeEach(() => {
  begunAt = new Date(testTime.getTime() - hourMs);
  multipart = fakeMultipart(() => begunAt);
  journals = fakeJournals();
  const s3 = async () => ({ control: multipart }) as unknown as S3Access;
  runtime = testRuntime({ s3, journals: async () => journals });
});

/** @param parts each of 5 MiB */
async function begin(key: string, parts = 0, hoursAgo = 1): Promise<string> {
  begunAt = new Date(testTime.getTime() - hoursAgo * hourMs);
  const uploadId = await multipart.create({ bucket: "drop", key, headers: {}, checksumAlgorithm: "CRC32" });
  for (let partNumber = 1; partNumber <= parts; partNumber += 1) {
    multipart.putPart(uploadId, { partNumber, size: 5 * MiB, etag: `"${partNumber}"` });
  }
  return uploadId;
}

const run = (line: string) => runProgram(["uploads", ...line.split(" ")], runtime);
const left = async () => (await multipart.listUploads("drop", "")).map(({ key }) => key);
const told = (type: string) => runtime.events.filter((event) => event.type === type);

describe("argv -> options", () => {
  test.for<[string, Partial<UploadsOptions>]>([
    ["list s3://drop/a", { action: "list", address: { bucket: "drop", key: "a" }, dryRun: false }],
    ["list", { action: "list", address: undefined }],
    ["abort s3://drop/a --older-than 1d", { action: "abort", olderThanSeconds: 86_400 }],
    ["abort s3://drop/a --upload-id u --dryrun", { uploadId: "u", dryRun: true }],
    ["abort --upload-id u", { address: undefined, uploadId: "u" }],
  ])("%s", async ([line, expected]) => {
    expect(await optionsOf(uploadsCommand, line)).toMatchObject(expected);
  });

  test.for<[string, string]>([
    ["abort", "It is not said which uploads to abort."],
    ["remove s3://drop", 'The argument cannot be "remove".'],
    ["list drop", '"drop" names no bucket.'],
    ["list s3://drop --older-than soon", '--older-than cannot be "soon".'],
  ])("%s is refused", async ([line, message]) => {
    await expect(run(line)).rejects.toMatchObject({ code: "USAGE", message });
  });
});

describe("uploads list", () => {
  test("tells age, parts and bytes of each, and the sum", async () => {
    const uploadId = await begin("a/film", 3, 5);
    await begin("a/song", 1);
    await begin("b/other", 9);
    expect(await run("list s3://drop/a/")).toBe(0);
    expect(told("incomplete")).toMatchObject([
      { upload: { bucket: "drop", key: "a/film", uploadId, parts: 3, bytes: 15 * MiB }, ageSeconds: 5 * 3600 },
      { upload: { key: "a/song", parts: 1, bytes: 5 * MiB }, ageSeconds: 3600 },
    ]);
    expect(told("incomplete-total")).toMatchObject([
      { action: "list", uploads: 2, parts: 4, bytes: 20 * MiB, oldestSeconds: 5 * 3600 },
    ]);
  });

  test("leaves out the young ones", async () => {
    await begin("old", 0, 25);
    await begin("young", 0, 23);
    await run("list s3://drop --older-than 1d");
    expect(told("incomplete")).toMatchObject([{ upload: { key: "old" } }]);
  });

  test("says what it may not know, once, and goes on", async () => {
    await begin("one");
    await begin("two");
    const listParts = async () => {
      throw new S3upError("ACCESS_DENIED", "no", { hint: "Allow s3:ListMultipartUploadParts on s3://drop/one." });
    };
    runtime = testRuntime({ s3: async () => ({ control: { ...multipart, listParts } }) as unknown as S3Access });
    expect(await run("list s3://drop")).toBe(0);
    expect(told("warning")).toMatchObject([{ hint: "Allow s3:ListMultipartUploadParts on s3://drop/one." }]);
    expect(told("incomplete")).toMatchObject([{ upload: { parts: undefined } }, { upload: { parts: undefined } }]);
  });

  test("without an address tells of those that this machine can go on with", async () => {
    journals.state.saved.set("ab", savedJournal());
    expect(await run("list")).toBe(0);
    expect(told("incomplete")).toMatchObject([
      { upload: { bucket: "drop", key: "film.bin", uploadId: "upload-1", parts: 2, file: "/files/film.bin" } },
    ]);
  });
});

describe("uploads abort", () => {
  test("removes every upload whose key begins so, and says what it freed", async () => {
    await begin("a/film", 3);
    await begin("a/song", 1);
    await begin("b/other", 1);
    expect(await run("abort s3://drop/a/")).toBe(0);
    expect(await left()).toEqual(["b/other"]);
    expect(told("upload-aborted")).toHaveLength(2);
    expect(told("incomplete-total")).toMatchObject([{ action: "abort", uploads: 2, parts: 4, bytes: 20 * MiB }]);
  });

  test("asks again until nothing is left", async () => {
    await begin("a/first");
    const { abort } = multipart;
    let late = 1;
    multipart.abort = async (upload) => {
      await abort(upload);
      if (late-- > 0) await begin("a/late");
    };
    await run("abort s3://drop/a/");
    expect(await left()).toEqual([]);
    expect(told("upload-aborted")).toHaveLength(2);
  });

  test("gives up on a prefix that keeps getting uploads", async () => {
    await begin("a/first");
    const { abort } = multipart;
    multipart.abort = async (upload) => {
      await abort(upload);
      await begin("a/next");
    };
    await expect(run("abort s3://drop/a/")).rejects.toMatchObject({ message: "s3://drop/a/ keeps getting uploads." });
  });

  test("removes nothing with --dry-run", async () => {
    await begin("a/film", 3);
    await run("abort s3://drop/a/ --dry-run");
    expect(await left()).toEqual(["a/film"]);
    expect(told("would-abort")).toMatchObject([{ upload: { key: "a/film" } }]);
    expect(told("incomplete-total")).toMatchObject([{ action: "dry-run", uploads: 1, bytes: 15 * MiB }]);
  });

  test("removes the one that is named, and no other of the same key", async () => {
    await begin("film", 1);
    const uploadId = await begin("film", 2);
    const [kept] = await multipart.listUploads("drop", "film");
    await run(`abort s3://drop/film --upload-id ${uploadId}`);
    expect(await multipart.listUploads("drop", "film")).toEqual([kept]);
  });

  test("has nothing to do for one that is gone", async () => {
    expect(await run("abort s3://drop/film --upload-id gone")).toBe(0);
    expect(told("incomplete-total")).toMatchObject([{ uploads: 0 }]);
  });

  test("leaves alone what a process of this machine works on", async () => {
    const uploadId = await begin("a/film", 1);
    await begin("a/song", 1);
    const { upload } = savedJournal();
    journals.state.saved.set("ab", savedJournal({ upload: upload && { ...upload, uploadId } }));
    journals.state.held.set("ab", 4711);
    await run("abort s3://drop/a/");
    expect(await left()).toEqual(["a/film"]);
    expect(told("spared")).toMatchObject([{ key: "a/film", uploadId, heldBy: 4711 }]);
    expect(journals.state.saved.size).toBe(1);
  });

  test("forgets the journal of what it removed", async () => {
    const uploadId = await begin("a/film", 1);
    const { upload } = savedJournal();
    journals.state.saved.set("ab", savedJournal({ upload: upload && { ...upload, uploadId } }));
    await run("abort s3://drop/a/");
    expect(journals.state.saved.size).toBe(0);
  });

  test("names the permission that is missing", async () => {
    multipart.failNext("listUploads", new S3upError("ACCESS_DENIED", "no", { hint: "Allow it." }));
    await expect(run("abort s3://drop/a/")).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });

  test("does not know an upload that no journal names", async () => {
    await expect(run("abort --upload-id else")).rejects.toMatchObject({
      code: "USAGE",
      message: "This machine knows of no upload else.",
    });
  });
});
