import type {
  JournalHeader,
  JournalStore,
  ListedJournal,
  SavedJournal,
  SavedPart,
  UploadJournal,
} from "../../src/upload/journal.ts";

export interface FakeJournals extends JournalStore {
  /** By id; a test may put one there, or look at what was saved. */
  readonly saved: Map<string, SavedJournal>;
  readonly held: Map<string, number>;
  /** Set: nothing can be saved, for this reason. */
  trouble: string | undefined;
  now: Date;
}

/** Journals in memory, as the port promises them (`test/contract/journal-store.ts`). */
export function fakeJournals(pid = 1): FakeJournals {
  const touched = new Map<string, Date>();
  const saved = new Map<string, SavedJournal>();
  const held = new Map<string, number>();

  const fake: FakeJournals = {
    saved,
    held,
    trouble: undefined,
    now: new Date("2026-03-04T05:06:07Z"),

    async take(id, onTrouble) {
      const holder = held.get(id);
      if (holder !== undefined) return { state: "busy", pid: holder };
      if (fake.trouble !== undefined) {
        onTrouble(fake.trouble);
        return { state: "unavailable" };
      }
      held.set(id, pid);
      return { state: "taken", journal: journalOf(id) };
    },
    async list() {
      const all = [...saved].map(([id, journal]): ListedJournal => {
        return { id, saved: journal, touchedAt: touched.get(id) ?? fake.now, heldBy: held.get(id) };
      });
      return all.sort((one, other) => one.touchedAt.getTime() - other.touchedAt.getTime());
    },
    async sweep(days) {
      const old = (await fake.list()).filter(
        ({ touchedAt, heldBy }) =>
          heldBy === undefined && fake.now.getTime() - touchedAt.getTime() >= days * 24 * 60 * 60 * 1000,
      );
      for (const { id } of old) saved.delete(id);
      return old.map((journal) => journal.saved);
    },
  };

  function journalOf(id: string): UploadJournal {
    const change = (changes: (journal: SavedJournal) => SavedJournal) => {
      const journal = saved.get(id);
      if (journal === undefined) return;
      saved.set(id, changes(journal));
      touched.set(id, fake.now);
    };
    return {
      saved: saved.get(id),
      async write(header: JournalHeader) {
        saved.set(id, { ...header, parts: new Map(), completing: undefined });
        touched.set(id, fake.now);
        return true;
      },
      note: (part: SavedPart) =>
        change((journal) => ({ ...journal, parts: new Map(journal.parts).set(part.partNumber, part) })),
      completing: async (checksum) => change((journal) => ({ ...journal, completing: { checksum } })),
      clear: async () => void saved.delete(id),
      release: async () => void held.delete(id),
    };
  }

  return fake;
}
