/** What every `JournalStore` promises: the one of files, and the fake that the engine's tests use. */
import { describe, expect, test } from "vitest";
import type { JournalGrip, JournalStore, UploadJournal } from "../../src/upload/journal.ts";
import { journalHeader, savedJournal, savedPart } from "../support/saved-journal.ts";

export interface StoreUnderTest {
  readonly store: JournalStore;
  /** The same journals, as a later run of the program opens them. */
  again(): JournalStore;
  /** The same, as another process of this machine that runs now does. */
  beside(): JournalStore;
  /** Nothing can be saved from now on. */
  refuseWrites(): Promise<void>;
  /** As if so many days had gone by. */
  pass(days: number): Promise<void>;
}

const id = "0123456789abcdef0123456789abcdef";

export function describeJournalStore(name: string, make: () => Promise<StoreUnderTest>): void {
  const take = async (store: JournalStore, told: string[] = []): Promise<UploadJournal> =>
    taken(await store.take(id, (reason) => void told.push(reason)));

  describe(`${name} as a journal store`, () => {
    test("gives a later run what an earlier one saved", async () => {
      const { store, again } = await make();
      const journal = await take(store);
      expect(journal.saved).toBeUndefined();
      expect(await journal.write(journalHeader())).toBe(true);
      journal.note(savedPart(1));
      journal.note(savedPart(2));
      await journal.completing({ algorithm: "CRC32", value: "AAAAAA==" });
      await journal.release();
      const completing = { checksum: { algorithm: "CRC32", value: "AAAAAA==" } } as const;
      expect((await take(again())).saved).toEqual(savedJournal({ completing }));
    });

    test("goes on behind what is there", async () => {
      const { store, again } = await make();
      const first = await take(store);
      await first.write(journalHeader());
      first.note(savedPart(1));
      await first.release();
      const second = await take(again());
      second.note(savedPart(2));
      await second.release();
      expect((await take(again())).saved).toEqual(savedJournal());
    });

    test("forgets what was saved before when something else is", async () => {
      const { store, again } = await make();
      const journal = await take(store);
      await journal.write(journalHeader());
      journal.note(savedPart(1));
      const other = journalHeader({ wish: "another" });
      await journal.write(other);
      await journal.release();
      expect((await take(again())).saved).toEqual({ ...other, parts: new Map(), completing: undefined });
    });

    test("keeps nothing of an upload that is cleared", async () => {
      const { store, again } = await make();
      const journal = await take(store);
      await journal.write(journalHeader());
      await journal.clear();
      await journal.release();
      expect(await again().list()).toEqual([]);
      expect((await take(again())).saved).toBeUndefined();
    });

    test("lets one at a time have it, and says who", async () => {
      const { store, beside } = await make();
      const journal = await take(store);
      expect(await beside().take(id, () => {})).toEqual({ state: "busy", pid: expect.any(Number) });
      await journal.release();
      expect(await beside().take(id, () => {})).toMatchObject({ state: "taken" });
    });

    test("lists what is saved, and who works on it", async () => {
      const { store, again } = await make();
      const journal = await take(store);
      await journal.write(journalHeader());
      expect(await again().list()).toMatchObject([{ id, saved: journalHeader(), heldBy: expect.any(Number) }]);
      await journal.release();
      expect(await again().list()).toMatchObject([{ id, heldBy: undefined }]);
    });

    test("sweeps out what nobody touched for a month, once a run", async () => {
      const { store, again, pass } = await make();
      const journal = await take(store);
      await journal.write(journalHeader());
      await journal.release();
      await pass(29);
      expect(await again().sweep(30)).toEqual([]);
      await pass(2);
      const later = again();
      expect(await later.sweep(30)).toMatchObject([journalHeader()]);
      expect(await later.sweep(30)).toEqual([]);
      expect(await later.list()).toEqual([]);
    });

    test("sweeps out nothing that is worked on", async () => {
      const { store, again, pass } = await make();
      const journal = await take(store);
      await journal.write(journalHeader());
      await pass(31);
      expect(await again().sweep(30)).toEqual([]);
      await journal.release();
    });

    test("says that nothing can be saved, and does not throw", async () => {
      const { refuseWrites, again } = await make();
      await refuseWrites();
      const told: string[] = [];
      expect(await again().take(id, (reason) => void told.push(reason))).toEqual({ state: "unavailable" });
      expect(told).toHaveLength(1);
    });
  });
}

function taken(grip: JournalGrip): UploadJournal {
  if (grip.state !== "taken") throw new Error(`the journal is ${grip.state}`);
  return grip.journal;
}
