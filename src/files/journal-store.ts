/** Journals as files of one directory, `<id>.journal`, for their owner's eyes only. */
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type {
  JournalGrip,
  JournalHeader,
  JournalStore,
  ListedJournal,
  SavedJournal,
  UploadJournal,
} from "../upload/journal.ts";
import { completingLine, headerLine, parseJournal, partLine } from "../upload/journal-text.ts";
import { heldBy, isLockName, type JournalLock, type ProcessTable, takeLock } from "./journal-lock.ts";
import { beginJournal, continueJournal, type JournalWriter, type WriterOptions } from "./journal-writer.ts";

export interface JournalStoreOptions {
  /** Absolute; made when it is first needed. Undefined: nobody knows where. */
  readonly directory: string | undefined;
  readonly processes: ProcessTable;
  readonly now: () => Date;
  /** A number in [0, 1). */
  readonly random: () => number;
}

const dayMs = 24 * 60 * 60 * 1000;
/** What a crash left half written is nobody's after this. */
const draftLifeMs = 60 * 60 * 1000;

export function createJournalStore(options: JournalStoreOptions): JournalStore {
  const { directory, processes, now, random } = options;
  let isTold = false;
  let isSwept = false;

  /** Once for all files of a run: the same directory fails them all. */
  function tellOnce(onTrouble: (reason: string) => void, error: unknown): void {
    if (isTold) return;
    isTold = true;
    onTrouble(reasonOf(error));
  }

  async function take(id: string, onTrouble: (reason: string) => void): Promise<JournalGrip> {
    try {
      if (directory === undefined) throw new Error("neither XDG_STATE_HOME nor HOME says where");
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const taken = await takeLock(directory, id, processes, random);
      if (taken.state === "busy") return taken;
      const trouble = (error: unknown) => tellOnce(onTrouble, error);
      const path = join(directory, `${id}.journal`);
      const saved = await read(path);
      const writing = { now: () => now().getTime(), onTrouble: trouble };
      return { state: "taken", journal: createJournal(path, saved, taken.lock, writing) };
    } catch (error) {
      tellOnce(onTrouble, error);
      return { state: "unavailable" };
    }
  }

  async function list(): Promise<readonly ListedJournal[]> {
    const found: ListedJournal[] = [];
    for (const name of await namesIn(directory)) {
      const [, id] = /^([0-9a-f]+)\.journal$/.exec(name) ?? [];
      if (id === undefined || directory === undefined) continue;
      const path = join(directory, name);
      const [saved, touchedAt] = [await read(path), await touched(path)];
      if (saved === undefined || touchedAt === undefined) continue;
      found.push({ id, saved, touchedAt, heldBy: await heldBy(directory, id, processes) });
    }
    return found.sort((one, other) => one.touchedAt.getTime() - other.touchedAt.getTime());
  }

  async function sweep(days: number): Promise<readonly SavedJournal[]> {
    if (isSwept) return [];
    isSwept = true;
    const forgotten: SavedJournal[] = [];
    for (const name of await namesIn(directory)) {
      const path = join(directory ?? "", name);
      const age = now().getTime() - ((await touched(path))?.getTime() ?? Number.POSITIVE_INFINITY);
      const [, id, kind] = /^([0-9a-f]+)\.journal(\.new)?$/.exec(name) ?? [];
      if (id === undefined || age < (kind === undefined ? days * dayMs : draftLifeMs)) continue;
      if ((await heldBy(directory ?? "", id, processes)) !== undefined) continue;
      const saved = kind === undefined ? await read(path) : undefined;
      await rm(path, { force: true });
      if (saved !== undefined) forgotten.push(saved);
    }
    return forgotten;
  }

  return {
    take,
    list: () => list().catch(() => []),
    // What cannot be tidied now is tidied another time.
    sweep: (days) => sweep(days).catch(() => []),
  };
}

function createJournal(
  path: string,
  saved: SavedJournal | undefined,
  lock: JournalLock,
  options: WriterOptions,
): UploadJournal {
  let writer: Promise<JournalWriter | undefined> | undefined;

  /** Where nothing was written anew, what is saved is continued. */
  function opened(): Promise<JournalWriter | undefined> {
    writer ??= continueJournal(path, options).catch(troubled);
    return writer;
  }

  function troubled(error: unknown): undefined {
    options.onTrouble(error);
    return undefined;
  }

  async function close(): Promise<void> {
    await (await writer)?.close();
    writer = undefined;
  }

  return {
    saved,
    async write(header: JournalHeader) {
      await close();
      writer = beginJournal(path, headerLine(header), options).catch(troubled);
      return (await writer) !== undefined;
    },
    note(part) {
      void opened().then((file) => file?.append(partLine(part)));
    },
    async completing(checksum) {
      const file = await opened();
      file?.append(completingLine({ checksum }));
      await file?.settle();
    },
    async clear() {
      await close();
      await rm(path, { force: true }).catch(troubled);
    },
    async release() {
      await close();
      await lock.release().catch(troubled);
    },
  };
}

async function read(path: string): Promise<SavedJournal | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseJournal(text);
}

async function touched(path: string): Promise<Date | undefined> {
  return stat(path).then(
    ({ mtime }) => mtime,
    () => undefined,
  );
}

async function namesIn(directory: string | undefined): Promise<readonly string[]> {
  if (directory === undefined) return [];
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => !isLockName(name)).sort();
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "it may not be written to",
  EPERM: "it may not be written to",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "something on its path is no directory",
  EEXIST: "something on its path is no directory",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
