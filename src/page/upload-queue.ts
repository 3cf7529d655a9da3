/** The uploads of a page: three at a time, the rest in turn, each with its own way to pause, stop and try again. */
import { S3upError } from "../errors.ts";
import { createTransferRate, type TransferRate } from "../report/transfer-rate.ts";
import type { UploadEvent } from "../upload/events.ts";
import { adviceOf } from "./error-advice.ts";
import { createLatch, type Latch } from "./gate.ts";
import { afterEvent, begunAnew, isActive, isEnded, newItem, type UploadItem } from "./upload-item.ts";

/** What carries one upload out. @throws S3upError */
export type Carrier = (file: File, passage: Passage) => Promise<unknown>;

export interface Passage {
  readonly signal: AbortSignal;
  /** Closed while the user pauses it. */
  readonly gate: Latch;
  readonly emit: (event: UploadEvent) => void;
  /** True once the user wants nothing of it any more: what is at S3 is then removed. */
  readonly isUnwanted: () => boolean;
}

export interface QueueOptions {
  readonly atATime: number;
  readonly carry: Carrier;
  readonly newId: () => string;
  /** Milliseconds. */
  readonly now: () => number;
  readonly onChange: (item: UploadItem) => void;
  /** Removes what is left at S3 of an upload that is not under way; `file` is undefined for one of an earlier visit. */
  readonly forget: (id: string, file: File | undefined) => Promise<void>;
}

export interface UploadQueue {
  readonly items: readonly UploadItem[];
  add(file: File): UploadItem;
  /** The file of an upload that an earlier visit had begun. */
  goOn(id: string, file: File): void;
  /** Shows an upload of an earlier visit. */
  addUnfinished(facts: Pick<UploadItem, "id" | "name" | "size" | "type" | "sentBytes">): void;
  pause(id: string): void;
  proceed(id: string): void;
  retry(id: string): void;
  cancel(id: string): void;
  /** For one whose file cannot be used; undefined takes the note away. */
  note(id: string, note: string | undefined): void;
  /** Takes one that has ended, or was never begun here, off the list. */
  remove(id: string): void;
  fileOf(id: string): File | undefined;
}

interface Entry {
  item: UploadItem;
  file: File | undefined;
  readonly gate: Latch;
  controller: AbortController;
  rate: TransferRate;
  unwanted: boolean;
}

export function createUploadQueue({ atATime, carry, newId, now, onChange, forget }: QueueOptions): UploadQueue {
  const entries = new Map<string, Entry>();

  function change(entry: Entry, changes: Partial<UploadItem>): void {
    entry.item = { ...entry.item, ...changes };
    onChange(entry.item);
  }

  function enter(item: UploadItem, file: File | undefined): void {
    entries.set(item.id, {
      item,
      file,
      gate: createLatch(),
      controller: new AbortController(),
      rate: createTransferRate(),
      unwanted: false,
    });
    onChange(item);
  }

  function startNext(): void {
    const all = [...entries.values()];
    let free = atATime - all.filter(({ item }) => isActive(item)).length;
    for (const entry of all) {
      if (free <= 0) return;
      if (entry.item.stage !== "waiting" || entry.item.paused || entry.file === undefined) continue;
      free -= 1;
      void run(entry, entry.file);
    }
  }

  async function run(entry: Entry, file: File): Promise<void> {
    entry.controller = new AbortController();
    entry.rate = createTransferRate();
    change(entry, { stage: "preparing" });
    try {
      await carry(file, {
        signal: entry.controller.signal,
        gate: entry.gate,
        emit: (event) => hear(entry, event),
        isUnwanted: () => entry.unwanted,
      });
    } catch (error) {
      if (entry.unwanted) change(entry, { stage: "cancelled", ...still });
      else change(entry, { stage: "failed", error: adviceOf(error), ...still });
    }
    startNext();
  }

  function hear(entry: Entry, event: UploadEvent): void {
    const heard = afterEvent(entry.item, event);
    if (event.type === "progress") entry.rate.note(heard.sentBytes - heard.reusedBytes, now());
    const moves = heard.stage === "sending" && !heard.paused;
    change(entry, {
      ...heard,
      ...(moves ? speedOf(entry.rate, heard) : still),
    });
  }

  async function takeBack(entry: Entry): Promise<void> {
    change(entry, { stage: "cancelling" });
    await forget(entry.item.id, entry.file);
    change(entry, { stage: "cancelled" });
  }

  function withEntry(act: (entry: Entry) => void): (id: string) => void {
    return (id) => {
      const entry = entries.get(id);
      if (entry !== undefined) act(entry);
    };
  }

  return {
    get items() {
      return [...entries.values()].map(({ item }) => item);
    },
    add(file) {
      const item = newItem({ id: newId(), name: file.name, size: file.size, type: file.type });
      enter(item, file);
      startNext();
      return item;
    },
    addUnfinished({ sentBytes, ...facts }) {
      enter({ ...newItem(facts), stage: "unfinished", sentBytes }, undefined);
    },
    goOn(id, file) {
      const entry = entries.get(id);
      if (entry?.item.stage !== "unfinished") return;
      entry.file = file;
      change(entry, { ...begunAnew(entry.item), type: file.type });
      startNext();
    },
    pause: withEntry((entry) => {
      entry.gate.close();
      change(entry, { paused: true, ...still });
    }),
    proceed: withEntry((entry) => {
      entry.rate = createTransferRate();
      entry.gate.open();
      change(entry, { paused: false });
      startNext();
    }),
    retry: withEntry((entry) => {
      if (entry.item.stage !== "failed") return;
      entry.gate.open();
      change(entry, begunAnew(entry.item));
      startNext();
    }),
    cancel: withEntry((entry) => {
      if (isEnded(entry.item)) return;
      entry.unwanted = true;
      if (entry.item.stage === "unfinished") {
        void takeBack(entry);
        return;
      }
      if (!isActive(entry.item)) {
        change(entry, { stage: "cancelled", paused: false });
        return;
      }
      change(entry, { stage: "cancelling", paused: false, ...still });
      entry.controller.abort(new S3upError("INTERRUPTED", "The upload was cancelled."));
    }),
    note: (id, note) => withEntry((entry) => change(entry, { note }))(id),
    remove: withEntry((entry) => {
      if (isActive(entry.item)) return;
      entries.delete(entry.item.id);
      // A failed one may have been kept for another try.
      if (entry.item.stage === "failed") void forget(entry.item.id, entry.file);
    }),
    fileOf: (id) => entries.get(id)?.file,
  };
}

const still = { bytesPerSecond: 0, secondsLeft: undefined, trouble: undefined } as const;

function speedOf(rate: TransferRate, { size, reusedBytes }: UploadItem) {
  return { bytesPerSecond: rate.bytesPerSecond(), secondsLeft: rate.secondsLeft(size - reusedBytes) };
}
