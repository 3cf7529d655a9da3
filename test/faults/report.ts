/** What a trial leaves for the report of the long set, on its test. */
import type { RunnerTask } from "vitest";

export interface TrialNote {
  readonly chapter: string;
  readonly when: string;
  readonly mode: string;
  readonly exitCode: number | null;
  readonly milliseconds: number;
  readonly broken: readonly string[];
}

declare module "vitest" {
  interface TaskMeta {
    trial?: TrialNote;
  }
}

export function noteTrial(task: Pick<RunnerTask, "meta">, note: TrialNote): void {
  const { chapter, when, mode, exitCode, milliseconds, broken } = note;
  task.meta.trial = { chapter, when, mode, exitCode, milliseconds: Math.round(milliseconds), broken };
}
