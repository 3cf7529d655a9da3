/** Appends to a journal without holding anybody up: what comes while a write is under way goes into the next one. */
import { type FileHandle, open, rename } from "node:fs/promises";

export interface JournalWriter {
  append(line: string): void;
  /** All of it is on the disk. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** A line is with the system at once, and on the disk so much later at most: a loss of power may cost a few parts. */
const syncEveryMs = 1_000;

export interface WriterOptions {
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  /** Told once. */
  readonly onTrouble: (error: unknown) => void;
}

/** @throws the system's error */
export async function beginJournal(path: string, header: string, options: WriterOptions): Promise<JournalWriter> {
  const draft = `${path}.new`;
  const handle = await open(draft, "w", 0o600);
  try {
    await handle.writeFile(header);
    await handle.datasync();
    await rename(draft, path);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return createWriter(handle, options);
}

/** Behind what is there. @throws the system's error */
export async function continueJournal(path: string, options: WriterOptions): Promise<JournalWriter> {
  const handle = await open(path, "a", 0o600);
  const writer = createWriter(handle, options);
  // A crash may have torn the last line.
  writer.append("\n");
  return writer;
}

function createWriter(handle: FileHandle, { now, onTrouble }: WriterOptions): JournalWriter {
  let waiting: string[] = [];
  let working: Promise<void> | undefined;
  let syncedAt = now();
  let isBroken = false;

  async function work(): Promise<void> {
    while (waiting.length > 0 && !isBroken) {
      const text = waiting.join("");
      waiting = [];
      await handle.appendFile(text);
      if (now() - syncedAt < syncEveryMs) continue;
      await handle.datasync();
      syncedAt = now();
    }
  }

  function start(): void {
    working ??= work()
      .catch(fail)
      .finally(() => {
        working = undefined;
        if (waiting.length > 0 && !isBroken) start();
      });
  }

  function fail(error: unknown): void {
    if (!isBroken) onTrouble(error);
    isBroken = true;
    waiting = [];
  }

  async function drained(): Promise<void> {
    while (working !== undefined) await working;
  }

  return {
    append(line) {
      if (isBroken) return;
      waiting.push(line);
      start();
    },
    async settle() {
      await drained();
      if (!isBroken) await handle.datasync().catch(fail);
    },
    async close() {
      await drained();
      await handle.close().catch(fail);
    },
  };
}
