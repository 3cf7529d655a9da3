import type {
  JournalHeader,
  JournalStore,
  ListedJournal,
  SavedJournal,
  SavedPart,
  UploadJournal,
} from "../../src/upload/journal.ts";

interface FakeDisk {
  /** By id; a test may put one there, or look at what was saved. */
  readonly saved: Map<string, SavedJournal>;
  readonly touched: Map<string, Date>;
  readonly held: Map<string, number>;
  /** Set: nothing can be saved, for this reason. */
  trouble: string | undefined;
  now: Date;
}

export interface FakeJournals extends JournalStore {
  readonly state: FakeDisk;
  /** As a later run opens them. */
  again(): FakeJournals;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Journals in memory, as the port promises them (`test/contract/journal-store.ts`). */
export function fakeJournals(state: FakeDisk = emptyDisk()): FakeJournals {
  const { saved, touched, held } = state;
  let isSwept = false;

  async function list(): Promise<readonly ListedJournal[]> {
    const all = [...saved].map(([id, journal]): ListedJournal => {
      return { id, saved: journal, touchedAt: touched.get(id) ?? state.now, heldBy: held.get(id) };
    });
    return all.sort((one, other) => one.touchedAt.getTime() - other.touchedAt.getTime());
  }

  function journalOf(id: string): UploadJournal {
    const change = (changes: (journal: SavedJournal) => SavedJournal) => {
      const journal = saved.get(id);
      if (journal === undefined) return;
      saved.set(id, changes(journal));
      touched.set(id, state.now);
    };
    return {
      saved: saved.get(id),
      async write(header: JournalHeader) {
        saved.set(id, { ...header, parts: new Map(), completing: undefined });
        touched.set(id, state.now);
        return true;
      },
      note: (part: SavedPart) =>
        change((journal) => ({ ...journal, parts: new Map(journal.parts).set(part.partNumber, part) })),
      completing: async (checksum) => change((journal) => ({ ...journal, completing: { checksum } })),
      clear: async () => void saved.delete(id),
      release: async () => void held.delete(id),
    };
  }

  return {
    state,
    again: () => fakeJournals(state),
    list,
    async take(id, onTrouble) {
      const holder = held.get(id);
      if (holder !== undefined) return { state: "busy", pid: holder };
      if (state.trouble !== undefined) {
        onTrouble(state.trouble);
        return { state: "unavailable" };
      }
      held.set(id, 1);
      return { state: "taken", journal: journalOf(id) };
    },
    async sweep(days) {
      if (isSwept) return [];
      isSwept = true;
      const isOld = ({ touchedAt, heldBy }: ListedJournal) =>
        heldBy === undefined && state.now.getTime() - touchedAt.getTime() >= days * dayMs;
      const old = (await list()).filter(isOld);
      for (const { id } of old) saved.delete(id);
      return old.map((journal) => journal.saved);
    },
  };
}

function emptyDisk(): FakeDisk {
  const now = new Date("2026-03-04T05:06:07Z");
  return { saved: new Map(), touched: new Map(), held: new Map(), trouble: undefined, now };
}
