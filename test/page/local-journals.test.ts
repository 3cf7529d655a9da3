import { beforeEach, describe, expect, test } from "vitest";
import { earlierUploads, forgetUpload, placeOf } from "../../src/page/earlier-uploads.ts";
import { createLocalJournals, type TabLocks } from "../../src/page/local-journals.ts";
import type { JournalHeader, JournalStore, UploadJournal } from "../../src/upload/journal.ts";

const endpoint = "https://api.test/presign";
const picked = { name: "1/2/film.mp4", size: 100, lastModified: 7 };
const header: JournalHeader = {
  target: { via: "endpoint", url: endpoint },
  wish: "w",
  file: { path: placeOf(picked), size: 100, mtimeMs: 7, inode: "", fingerprint: "f" },
  asked: { partSize: 60, clientToken: "0190-0000" },
  upload: {
    bucket: "drop",
    key: "in/film.mp4",
    uploadId: "u",
    partSize: 60,
    checksumAlgorithm: "CRC32",
    uploadToken: "token",
  },
};
const part = { partNumber: 1, size: 60, etag: '"e"', checksum: "AAAAAA==" };

let kept: Map<string, string>;
let isFull: boolean;
let held: Set<string>;
let pending: (() => void)[];
let now: Date;

beforeEach(() => {
  kept = new Map();
  isFull = false;
  held = new Set();
  pending = [];
  now = new Date("2026-03-04T05:06:07Z");
});

/** As a tab has it; all of them share storage and locks. */
function tab(): JournalStore {
  const locks: TabLocks = {
    async tryTake(name) {
      if (held.has(name)) return undefined;
      held.add(name);
      return () => void held.delete(name);
    },
    isHeld: async (name) => held.has(name),
  };
  const storage = {
    get length() {
      return kept.size;
    },
    key: (index: number) => [...kept.keys()][index] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (isFull) throw Object.assign(new Error("full"), { name: "QuotaExceededError" });
      kept.set(key, text);
    },
    removeItem: (key: string) => void kept.delete(key),
  };
  return createLocalJournals({ storage, locks, now: () => now, later: (task) => void pending.push(task) });
}

const troubles: string[] = [];
async function take(journals: JournalStore, id = "abc"): Promise<UploadJournal> {
  const grip = await journals.take(id, (reason) => troubles.push(reason));
  if (grip.state !== "taken") throw new Error(grip.state);
  return grip.journal;
}

describe("a journal", () => {
  test("is what another visit reads: header, parts, and that the completion was sent", async () => {
    const journal = await take(tab());
    expect(journal.saved).toBeUndefined();
    expect(await journal.write(header)).toBe(true);
    journal.note(part);
    await journal.completing({ algorithm: "CRC32", value: "AAAAAA==" });
    await journal.release();
    expect((await take(tab())).saved).toEqual({
      ...header,
      parts: new Map([[1, part]]),
      completing: { checksum: { algorithm: "CRC32", value: "AAAAAA==" } },
    });
  });

  test("writes many parts at once, a moment later, and at the latest when it is let go", async () => {
    const journal = await take(tab());
    await journal.write(header);
    journal.note(part);
    journal.note({ ...part, partNumber: 2 });
    expect(pending).toHaveLength(1);
    const saved = async () => (await tab().list())[0]?.saved.parts.size;
    expect(await saved()).toBe(0);
    pending.shift()?.();
    expect(await saved()).toBe(2);
    journal.note({ ...part, partNumber: 3 });
    await journal.release();
    expect(await saved()).toBe(3);
  });

  test("is gone when it is cleared, also for what was still to be written", async () => {
    const journal = await take(tab());
    await journal.write(header);
    journal.note(part);
    await journal.clear();
    for (const task of pending) task();
    await journal.release();
    expect([...kept]).toEqual([]);
  });

  test("is another tab's while that works on it", async () => {
    const journal = await take(tab());
    expect(await tab().take("abc", () => {})).toEqual({ state: "busy", pid: 0 });
    await journal.release();
    expect(await tab().take("abc", () => {})).toMatchObject({ state: "taken" });
  });

  test("that cannot be kept says so, and stops nothing", async () => {
    isFull = true;
    const journal = await take(tab());
    expect(await journal.write(header)).toBe(false);
    expect(troubles).toEqual(["the browser's storage is full"]);
  });

  test.for<[string, string]>([
    ["no text", ""],
    ["other text", "hello"],
    ["a torn header", "2026-03-04T05:06:07Z\n00000000 {"],
  ])("of %s is none", async ([, text]) => {
    kept.set("s3up.journal.abc", text);
    kept.set("someone.else", text);
    expect(await tab().list()).toEqual([]);
    expect((await take(tab())).saved).toBeUndefined();
  });
});

describe("uploads of earlier visits", () => {
  beforeEach(async () => {
    const journal = await take(tab());
    await journal.write(header);
    journal.note(part);
    await journal.release();
  });

  test("are told by the file's name and how far they came", async () => {
    expect(await earlierUploads(tab(), endpoint)).toEqual([
      {
        id: "abc",
        place: "100/7/1/2/film.mp4",
        facts: { id: "abc", name: "1/2/film.mp4", size: 100, type: "", sentBytes: 60 },
      },
    ]);
  });

  test("of another endpoint, or under way in another tab, are not shown", async () => {
    expect(await earlierUploads(tab(), "https://other.test/presign")).toEqual([]);
    await take(tab());
    expect(await earlierUploads(tab(), endpoint)).toEqual([]);
  });

  test("are forgotten after a week", async () => {
    now = new Date("2026-03-11T05:06:06Z");
    expect(await earlierUploads(tab(), endpoint)).toHaveLength(1);
    now = new Date("2026-03-11T05:06:07Z");
    expect(await earlierUploads(tab(), endpoint)).toEqual([]);
    expect([...kept]).toEqual([]);
  });

  test.for<[string, () => Promise<void>]>([
    ["at S3 and here", async () => {}],
    ["here alone, when the endpoint does not know them any more", () => Promise.reject(new Error("token_expired"))],
  ])("are removed %s", async ([, answer]) => {
    const aborted: string[] = [];
    const abort = (token: string) => {
      aborted.push(token);
      return answer();
    };
    await forgetUpload(placeOf(picked), tab(), { address: endpoint, abort });
    expect(aborted).toEqual(["token"]);
    expect([kept.size, held.size]).toEqual([0, 0]);
  });
});
