/**
 * Which process works on an upload. Each puts a file of its own beside the journal, named after itself, and then looks
 * whether another's is there: of two that come at the same moment both see the other and try again. Nobody ever removes
 * the file of a process that lives, so that a lock cannot be taken over twice; one of a dead process is just removed.
 */
import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** The processes of this machine, as far as a lock needs to know them. */
export interface ProcessTable {
  readonly pid: number;
  /**
   * When a process began, in any form that no later process of the same number repeats; undefined when there is none of
   * this number.
   */
  startOf(pid: number): Promise<string | undefined>;
}

export interface JournalLock {
  release(): Promise<void>;
}

export type LockResult =
  | { readonly state: "held"; readonly lock: JournalLock }
  | { readonly state: "busy"; readonly pid: number };

/** Two that meet draw different pauses sooner or later. */
const tries = 6;
const longestPauseMs = 60;

/**
 * @param random a number in [0, 1)
 * @throws the system's error when no file can be made
 */
export async function takeLock(
  directory: string,
  id: string,
  processes: ProcessTable,
  random: () => number,
): Promise<LockResult> {
  const { pid } = processes;
  const name = lockName(id, pid, (await processes.startOf(pid)) ?? "");
  for (let tried = 1; ; tried += 1) {
    const other = await heldBy(directory, id, processes);
    if (other !== undefined && (other === pid || tried >= tries)) return { state: "busy", pid: other };
    if (other === undefined) {
      const path = join(directory, name);
      await (await open(path, "wx", 0o600)).close();
      const rival = await heldBy(directory, id, processes, name);
      if (rival === undefined) return { state: "held", lock: { release: () => rm(path, { force: true }) } };
      await rm(path, { force: true });
      if (tried >= tries) return { state: "busy", pid: rival };
    }
    await delay(1 + random() * longestPauseMs);
  }
}

/** The living process that holds the lock; what dead ones left is removed. */
export async function heldBy(
  directory: string,
  id: string,
  processes: ProcessTable,
  except?: string,
): Promise<number | undefined> {
  for (const name of await readdir(directory)) {
    const owner = ownerIn(name);
    if (name === except || owner?.id !== id) continue;
    if ((await processes.startOf(owner.pid)) === owner.start) return owner.pid;
    await rm(join(directory, name), { force: true });
  }
  return undefined;
}

export function isLockName(name: string): boolean {
  return ownerIn(name) !== undefined;
}

function lockName(id: string, pid: number, start: string): string {
  return `${id}.${pid}.${Buffer.from(start).toString("hex")}.lock`;
}

function ownerIn(name: string): { readonly id: string; readonly pid: number; readonly start: string } | undefined {
  const [, id = "", pid = "", start = ""] = /^([0-9a-f]+)\.(\d+)\.([0-9a-f]*)\.lock$/.exec(name) ?? [];
  return id === "" ? undefined : { id, pid: Number(pid), start: Buffer.from(start, "hex").toString() };
}
