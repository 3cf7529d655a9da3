/**
 * Journals in the browser's own storage, so that an upload goes on after the page was closed: the same text as on a disk
 * (`upload/journal-text.ts`), and one lock for all tabs.
 */
import type { JournalStore, ListedJournal, SavedJournal, UploadJournal } from "../upload/journal.ts";
import { completingLine, headerLine, parseJournal, partLine } from "../upload/journal-text.ts";

export interface LocalJournalsOptions {
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;
  readonly locks: TabLocks;
  readonly now: () => Date;
  /** Runs the task a moment later, so that many parts are written together. */
  readonly later: (task: () => void) => void;
}

/** Who holds what, over all tabs of the page. */
export interface TabLocks {
  /** @returns the function that lets go; undefined when another tab holds it */
  tryTake(name: string): Promise<(() => void) | undefined>;
  isHeld(name: string): Promise<boolean>;
}

const prefix = "s3up.journal.";
const dayMs = 24 * 60 * 60 * 1000;
/** A tab has no number that anyone could use. */
const anotherTab = 0;

export function createLocalJournals(options: LocalJournalsOptions): JournalStore {
  const { storage, locks } = options;

  async function listed(): Promise<readonly ListedJournal[]> {
    const found: ListedJournal[] = [];
    for (const id of idsIn(storage)) {
      const journal = readJournal(storage, id);
      if (journal === undefined) continue;
      const heldBy = (await locks.isHeld(prefix + id)) ? anotherTab : undefined;
      found.push({ id, ...journal, heldBy });
    }
    return found.sort((one, other) => one.touchedAt.getTime() - other.touchedAt.getTime());
  }

  return {
    async take(id, onTrouble) {
      try {
        const release = await locks.tryTake(prefix + id);
        if (release === undefined) return { state: "busy", pid: anotherTab };
        return { state: "taken", journal: createJournal(id, release, options, onTrouble) };
      } catch (error) {
        onTrouble(reasonOf(error));
        return { state: "unavailable" };
      }
    },
    list: () => listed().catch(() => []),
    async sweep(days) {
      const oldest = options.now().getTime() - days * dayMs;
      const old = (await listed().catch(() => [])).filter(
        ({ touchedAt, heldBy }) => heldBy === undefined && touchedAt.getTime() <= oldest,
      );
      for (const { id } of old) storage.removeItem(prefix + id);
      return old.map(({ saved }) => saved);
    },
  };
}

function createJournal(
  id: string,
  release: () => void,
  { storage, now, later }: LocalJournalsOptions,
  onTrouble: (reason: string) => void,
): UploadJournal {
  let text = storage.getItem(prefix + id)?.replace(/^[^\n]*\n/, "") ?? "";
  let isWaiting = false;

  function write(): boolean {
    isWaiting = false;
    if (text === "") return false;
    try {
      storage.setItem(prefix + id, `${now().toISOString()}\n${text}`);
      return true;
    } catch (error) {
      onTrouble(reasonOf(error));
      return false;
    }
  }

  function append(line: string): void {
    // Without a header it is no journal.
    if (text === "") return;
    text += line;
    if (isWaiting) return;
    isWaiting = true;
    later(() => {
      if (isWaiting) write();
    });
  }

  return {
    saved: parseJournal(text),
    write: async (header) => {
      text = headerLine(header);
      return write();
    },
    note: (part) => append(partLine(part)),
    completing: async (checksum) => {
      append(completingLine({ checksum }));
      write();
    },
    clear: async () => {
      text = "";
      isWaiting = false;
      storage.removeItem(prefix + id);
    },
    release: async () => {
      if (isWaiting) write();
      release();
    },
  };
}

/** The Web Locks of this browser: a lock ends with its tab, whatever ended that. */
export function webLocks(manager: LockManager): TabLocks {
  return {
    tryTake: (name) =>
      new Promise((resolve, reject) => {
        manager
          .request(name, { ifAvailable: true }, (lock) => {
            if (lock === null) return resolve(undefined);
            return new Promise<void>((release) => resolve(release));
          })
          .catch(reject);
      }),
    isHeld: async (name) => (await manager.query()).held?.some((lock) => lock.name === name) ?? false,
  };
}

function idsIn(storage: LocalJournalsOptions["storage"]): readonly string[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

function readJournal(
  storage: LocalJournalsOptions["storage"],
  id: string,
): { readonly saved: SavedJournal; readonly touchedAt: Date } | undefined {
  const [, touched = "", text = ""] = /^([^\n]*)\n([\s\S]*)$/.exec(storage.getItem(prefix + id) ?? "") ?? [];
  const saved = parseJournal(text);
  const touchedAt = new Date(touched);
  return saved === undefined || Number.isNaN(touchedAt.getTime()) ? undefined : { saved, touchedAt };
}

function reasonOf(error: unknown): string {
  const isFull = error instanceof Error && error.name === "QuotaExceededError";
  return isFull ? "the browser's storage is full" : "this browser keeps nothing for pages";
}
