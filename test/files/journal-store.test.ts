import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createJournalStore } from "../../src/files/journal-store.ts";
import type { UploadJournal } from "../../src/upload/journal.ts";
import { describeJournalStore } from "../contract/journal-store.ts";
import { fakeJournals } from "../support/fake-journals.ts";
import { fakeProcesses } from "../support/fake-processes.ts";
import { journalHeader, savedPart } from "../support/saved-journal.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const base = useTemporaryDirectory();
const directory = () => join(base(), "state", "s3up");
const processes = fakeProcesses({ 10: "ten", 11: "eleven" });
const dayMs = 24 * 60 * 60 * 1000;

function storeOf(pid = 10) {
  return createJournalStore({
    directory: directory(),
    processes: processes.as(pid),
    now: () => new Date(),
    random: () => 0.5,
  });
}

describeJournalStore("a directory", async () => ({
  store: storeOf(),
  again: () => storeOf(),
  beside: () => storeOf(11),
  async refuseWrites() {
    await mkdir(join(base(), "state"));
    await writeFile(directory(), "in the way");
  },
  async pass(days) {
    for (const name of await readdir(directory())) {
      const path = join(directory(), name);
      const then = new Date((await stat(path)).mtimeMs - days * dayMs);
      await utimes(path, then, then);
    }
  },
}));

describeJournalStore("the fake", async () => {
  const store = fakeJournals();
  return {
    store,
    again: () => store.again(),
    beside: () => store.again(),
    async refuseWrites() {
      store.state.trouble = "the disk is full";
    },
    async pass(days) {
      store.state.now = new Date(store.state.now.getTime() + days * dayMs);
    },
  };
});

async function take(id = "ab", told: string[] = []): Promise<UploadJournal> {
  const grip = await storeOf().take(id, (reason) => void told.push(reason));
  if (grip.state !== "taken") throw new Error(grip.state);
  return grip.journal;
}

describe("on the disk", () => {
  test("nobody but its owner may read a journal, or look into the directory", async () => {
    const journal = await take();
    await journal.write(journalHeader());
    journal.note(savedPart(1));
    await journal.release();
    expect((await stat(directory())).mode & 0o777).toBe(0o700);
    expect(await readdir(directory())).toEqual(["ab.journal"]);
    expect((await stat(join(directory(), "ab.journal"))).mode & 0o777).toBe(0o600);
  });

  test("a part is there without anybody asking for it", async () => {
    const journal = await take();
    await journal.write(journalHeader());
    journal.note(savedPart(7));
    await expect.poll(() => readFile(join(directory(), "ab.journal"), "utf8")).toContain('"part":7');
    await journal.release();
  });

  test("what a crash left half written is swept out after an hour", async () => {
    await mkdir(directory(), { recursive: true });
    const draft = join(directory(), "ab.journal.new");
    await writeFile(draft, "half");
    await storeOf().sweep(30);
    expect(await readdir(directory())).toEqual(["ab.journal.new"]);
    const then = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(draft, then, then);
    await storeOf().sweep(30);
    expect(await readdir(directory())).toEqual([]);
  });

  test("no journal is no trouble for those who only look", async () => {
    expect(await storeOf().list()).toEqual([]);
    expect(await storeOf().sweep(30)).toEqual([]);
  });

  test("a directory that nobody knows is told, once for all files", async () => {
    const told: string[] = [];
    const nowhere = createJournalStore({
      directory: undefined,
      processes: processes.as(10),
      now: () => new Date(),
      random: () => 0.5,
    });
    for (const id of ["ab", "cd"]) await nowhere.take(id, (reason) => void told.push(reason));
    expect(told).toEqual(["neither XDG_STATE_HOME nor HOME says where"]);
  });

  test("a journal whose directory is taken away goes on without it", async () => {
    const told: string[] = [];
    const journal = await take("ab", told);
    await rm(directory(), { recursive: true });
    expect(await journal.write(journalHeader())).toBe(false);
    journal.note(savedPart(1));
    await journal.completing(undefined);
    await journal.release();
    expect(told).toHaveLength(1);
  });
});
