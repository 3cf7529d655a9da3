/** Uploads that are stopped and run again, over S3 and journals in memory. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import type { SavedJournal, SavedPart } from "../../src/upload/journal.ts";
import type { ResumeTools } from "../../src/upload/resume-tools.ts";
import { type FakeJournals, fakeJournals } from "../support/fake-journals.ts";
import { type FakeS3, fakeS3, isComplete, isPart, s3Error } from "../support/fake-s3.ts";
import { memorySource, patternedBytes } from "../support/memory-source.ts";
import { resumeTools } from "../support/resume-tools.ts";
import { isStored, large, upload } from "../support/run-upload.ts";
import type { ToolChanges } from "../support/upload-tools.ts";

const location = { path: "/dir/file.bin", inode: "1:2" };

interface Stage {
  readonly s3: FakeS3;
  readonly journals: FakeJournals;
}

function run({ s3, journals }: Stage, changes: Partial<ResumeTools> = {}, tools: ToolChanges = {}, bytes = large) {
  const source = Object.assign(memorySource(bytes), { location });
  return upload(bytes, s3, { ...tools, resume: resumeTools(journals.again(), changes) }, source);
}

/** Three of four parts are there; the last is refused for good. */
async function stopped(s3 = fakeS3()): Promise<Stage> {
  const stage = { s3, journals: fakeJournals() };
  s3.intercept = (request) => (isPart(4)(request) ? s3Error(500, "InternalError") : undefined);
  const { object } = await run(stage, {}, { settings: { concurrency: 1 } });
  expect(object).toMatchObject({ code: "UPLOAD_INCOMPLETE" });
  s3.intercept = () => undefined;
  return stage;
}

const partsSent = (s3: FakeS3, since: number) => s3.requests.slice(since).flatMap(({ partNumber }) => partNumber ?? []);

function changeJournal({ journals }: Stage, change: (saved: SavedJournal) => SavedJournal): void {
  for (const [id, saved] of journals.state.saved) journals.state.saved.set(id, change(saved));
}

describe("an upload that is run again", () => {
  test("sends what is missing and nothing else", async () => {
    const stage = await stopped();
    const before = stage.s3.requests.length;
    const { object, types } = await run(stage);
    expect(object).toMatchObject({ size: large.length });
    expect(partsSent(stage.s3, before)).toEqual([4]);
    expect(types).toEqual(["started", "resuming", "complete", "completed"]);
    expect(isStored(stage.s3, large)).toBe(true);
    expect([stage.journals.state.saved.size, stage.journals.state.held.size]).toEqual([0, 0]);
  });

  test("counts what is there as done, and apart from what is sent", async () => {
    const { tools } = await run(await stopped());
    const progress = tools.events.filter((event) => event.type === "progress").at(-1);
    expect(progress).toMatchObject({ sentBytes: large.length, reusedBytes: 15 * 1024 ** 2, doneParts: 4 });
  });

  test("says what is kept, and both commands", async () => {
    const stage = { s3: fakeS3(), journals: fakeJournals() };
    stage.s3.intercept = (request) => (isPart(4)(request) ? s3Error(500, "InternalError") : undefined);
    const { object, types } = await run(stage, {}, { settings: { concurrency: 1 } });
    expect(types.at(-1)).toBe("kept");
    expect(object).toMatchObject({
      message: "Part 4 could not be sent in 4 tries.",
      why: expect.stringMatching(/InternalError.* 3 of 4 parts are at S3 and kept there\.$/),
      hint: "Go on with `s3up put again`; remove what is there with `s3up uploads abort upload-1`.",
      cause: expect.objectContaining({ code: "S3_ERROR" }),
    });
  });
});

describe("a server that lists no checksums", () => {
  const silent = () => stopped(fakeS3({ listsChecksums: false }));

  test("is believed by ETag and journal", async () => {
    const stage = await silent();
    changeEtags(stage);
    const before = stage.s3.requests.length;
    await run(stage);
    expect(partsSent(stage.s3, before)).toEqual([4]);
    expect(isStored(stage.s3, large)).toBe(true);
  });

  test("is believed by an ETag that is an MD5", async () => {
    const stage = await silent();
    changeJournal(stage, (saved) => ({ ...saved, parts: new Map() }));
    const before = stage.s3.requests.length;
    await run(stage);
    expect(partsSent(stage.s3, before)).toEqual([4]);
  });

  test("is sent everything again where neither tells", async () => {
    const stage = await silent();
    changeEtags(stage);
    changeJournal(stage, (saved) => ({ ...saved, parts: new Map() }));
    const before = stage.s3.requests.length;
    const { types } = await run(stage);
    expect(partsSent(stage.s3, before).sort()).toEqual([1, 2, 3, 4]);
    expect(types.filter((type) => type === "part-differs")).toHaveLength(3);
    expect(isStored(stage.s3, large)).toBe(true);
  });

  /** As of parts that are encrypted with a key of KMS. */
  function changeEtags(stage: Stage): void {
    const rename = (etag: string) => etag.replace(/^"../, '"zz');
    stage.s3.renameEtags(rename);
    changeJournal(stage, (saved) => ({
      ...saved,
      parts: new Map([...saved.parts].map(([number, part]) => [number, { ...part, etag: rename(part.etag) }])),
    }));
  }
});

describe("what is at S3 is not used", () => {
  test("where it is not what the file holds", async () => {
    const stage = await stopped();
    const before = stage.s3.requests.length;
    const other = Uint8Array.from(large);
    // In no sample of the fingerprint.
    other[6 * 1024 ** 2] = (other[6 * 1024 ** 2] ?? 0) ^ 1;
    const { tools } = await run(stage, {}, {}, other);
    expect(tools.events).toContainEqual({ type: "part-differs", partNumber: 2 });
    expect(partsSent(stage.s3, before).sort()).toEqual([2, 4]);
    expect(isStored(stage.s3, other)).toBe(true);
  });

  test("where it was aborted by somebody", async () => {
    const stage = await stopped();
    stage.s3.drop("upload-1");
    const { tools } = await run(stage);
    expect(tools.events).toContainEqual({ type: "restarting", reason: "gone", uploadId: "upload-1" });
    expect(isStored(stage.s3, large)).toBe(true);
  });

  test("where nobody may list it: that upload is aborted", async () => {
    const stage = await stopped();
    stage.s3.statusError = new S3upError("ACCESS_DENIED", "no");
    const { tools } = await run(stage);
    expect(tools.events).toContainEqual({ type: "restarting", reason: "unlisted", uploadId: "upload-1" });
    expect([isStored(stage.s3, large), stage.s3.open()]).toEqual([true, []]);
  });

  test("while S3 cannot be asked: it stays for the next run", async () => {
    const stage = await stopped();
    stage.s3.statusError = new S3upError("NETWORK", "S3 could not be reached.", { why: "No route." });
    const { object } = await run(stage);
    expect(object).toMatchObject({
      code: "UPLOAD_INCOMPLETE",
      why: "No route. 3 of 4 parts are at S3 and kept there.",
    });
    stage.s3.statusError = undefined;
    await run(stage);
    expect(isStored(stage.s3, large)).toBe(true);
  });
});

describe("a run that was killed before it heard of its upload", () => {
  test("goes on with the same client token, and names what may be left", async () => {
    const stage = await stopped();
    changeJournal(stage, (saved) => ({ ...saved, upload: undefined, parts: new Map() }));
    const { tools } = await run(stage);
    expect(tools.events).toContainEqual({
      type: "unclaimed",
      bucket: "drop",
      key: "k/file.bin",
      uploadId: "upload-1",
    });
    expect(isStored(stage.s3, large)).toBe(true);
    expect(stage.s3.open()).toEqual(["upload-1"]);
  });
});

describe("a completion whose answer nobody heard", () => {
  async function completedAndKilled(): Promise<Stage> {
    const stage = { s3: fakeS3(), journals: fakeJournals() };
    let saved: ReadonlyMap<string, SavedJournal> = new Map();
    stage.s3.intercept = (request) => {
      if (isComplete(request)) saved = new Map(stage.journals.state.saved);
      return undefined;
    };
    await run(stage);
    for (const [id, journal] of saved) stage.journals.state.saved.set(id, journal);
    return stage;
  }

  test("is found by the next run, which sends nothing", async () => {
    const stage = await completedAndKilled();
    const before = stage.s3.requests.length;
    const { object, types } = await run(stage);
    expect(object).toMatchObject({ key: "k/file.bin", size: large.length });
    expect(types).toContain("found-stored");
    expect(stage.s3.requests.length).toBe(before);
    expect(stage.journals.state.saved.size).toBe(0);
  });

  test("is not taken for done when other bytes stand there now", async () => {
    const stage = await completedAndKilled();
    const other = { s3: stage.s3, journals: fakeJournals() };
    await run(other, {}, {}, patternedBytes(large.length, 7));
    await run(stage);
    expect(isStored(stage.s3, large)).toBe(true);
  });

  test("is not taken for done when it was never sent", async () => {
    const stage = await completedAndKilled();
    changeJournal(stage, (saved) => ({ ...saved, completing: undefined }));
    const { tools } = await run(stage);
    expect(tools.events).toContainEqual({ type: "restarting", reason: "gone", uploadId: "upload-1" });
  });
});

describe("what becomes of an upload that fails", () => {
  test.for<[string, string, string, string]>([
    ["a network that fails", "NETWORK", "UPLOAD_INCOMPLETE", "kept"],
    ["a file that cannot be read", "FILE_UNREADABLE", "UPLOAD_INCOMPLETE", "kept"],
    ["expired credentials", "CREDENTIALS_EXPIRED", "CREDENTIALS_EXPIRED", "kept"],
    ["a permission that is taken away", "ACCESS_DENIED", "ACCESS_DENIED", "kept"],
    ["an object that exists", "OBJECT_EXISTS", "OBJECT_EXISTS", "aborted"],
    ["a file that changed", "FILE_CHANGED", "FILE_CHANGED", "aborted"],
    ["damaged bytes", "CHECKSUM_MISMATCH", "CHECKSUM_MISMATCH", "aborted"],
  ])("after %s", async ([, thrown, code, end]) => {
    const stage = { s3: fakeS3(), journals: fakeJournals() };
    stage.s3.intercept = (request) => {
      if (isPart(4)(request)) throw new S3upError(thrown as "NETWORK", "It went wrong.");
      return undefined;
    };
    const { object, types } = await run(stage, {}, { settings: { concurrency: 1 } });
    expect(object).toMatchObject({ code, message: "It went wrong." });
    expect(types.at(-1)).toBe(end);
    expect(stage.s3.open()).toHaveLength(end === "kept" ? 1 : 0);
    expect(stage.journals.state.saved.size).toBe(end === "kept" ? 1 : 0);
  });

  test("before a part is there, a denial leaves nothing", async () => {
    const stage = { s3: fakeS3(), journals: fakeJournals() };
    stage.s3.intercept = () => s3Error(403, "AccessDenied");
    const { types } = await run(stage);
    expect([types.at(-1), stage.s3.open()]).toEqual(["aborted", []]);
  });

  test.for<[string, Partial<ResumeTools>, string | undefined]>([
    ["where that is wished", { onFailure: "abort" }, undefined],
    ["where nothing could be saved", {}, "the disk is full"],
  ])("nothing is kept %s", async ([, changes, trouble]) => {
    const stage = { s3: fakeS3(), journals: fakeJournals() };
    stage.journals.state.trouble = trouble;
    stage.s3.intercept = (request) => (isPart(4)(request) ? s3Error(500, "InternalError") : undefined);
    const { object, types } = await run(stage, changes);
    expect(object).toMatchObject({ code: "S3_ERROR" });
    expect([types.at(-1), stage.s3.open()]).toEqual(["aborted", []]);
  });
});

test("whatever a journal says, the object is the file", async () => {
  const stage = await stopped();
  const parts = new Map(stage.s3.partsOf("upload-1"));
  const saved = [...stage.journals.state.saved];
  const etags = [...parts.values()].map(({ etag }) => etag);
  const lie = fc.record({
    partNumber: fc.integer({ min: 1, max: 5 }),
    size: fc.constantFrom(5 * 1024 ** 2, 1024 ** 2 + 77, 1),
    etag: fc.constantFrom(...etags, '"other"'),
    checksum: fc.constantFrom(undefined, "AAAAAA==", ...[...parts.values()].map(({ checksum }) => checksum)),
  });
  const lies = fc.record({
    parts: fc.array(lie, { maxLength: 6 }),
    uploadId: fc.constantFrom("upload-1", "another"),
    partSize: fc.constantFrom(5 * 1024 ** 2, 6 * 1024 ** 2, 17 * 1024 ** 2),
    completing: fc.boolean(),
    begun: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(lies, async (told) => {
      stage.s3.restore("upload-1", parts);
      for (const [id, journal] of saved) {
        const { upload: before } = journal;
        stage.journals.state.saved.set(id, {
          ...journal,
          upload: told.begun && before ? { ...before, uploadId: told.uploadId, partSize: told.partSize } : undefined,
          parts: new Map(told.parts.map((part: SavedPart) => [part.partNumber, part])),
          completing: told.completing ? { checksum: undefined } : undefined,
        });
      }
      const { object } = await run(stage);
      expect(object).toMatchObject({ size: large.length });
      expect(isStored(stage.s3, large)).toBe(true);
    }),
    { numRuns: 25 },
  );
});
