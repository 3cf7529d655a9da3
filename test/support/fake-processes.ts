import type { ProcessTable } from "../../src/files/journal-lock.ts";

export interface FakeProcesses {
  /** Number -> when it began; a test may let one end, or another begin under its number. */
  readonly running: Map<number, string>;
  /** The table as the process of this number sees it. */
  as(pid: number): ProcessTable;
}

export function fakeProcesses(running: Readonly<Record<number, string>>): FakeProcesses {
  const table = new Map(Object.entries(running).map(([pid, start]) => [Number(pid), start]));
  return { running: table, as: (pid) => ({ pid, startOf: async (other) => table.get(other) }) };
}
