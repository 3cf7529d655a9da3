import type { IncompleteUpload } from "../upload/incomplete.ts";

export interface UploadsSum {
  readonly uploads: number;
  readonly parts: number;
  readonly bytes: number;
  /** Undefined where nobody knows how old they are. */
  readonly oldestSeconds: number | undefined;
}

/** Adds up what uploads hold. */
export function createTotal(now: Date) {
  let sum: UploadsSum = { uploads: 0, parts: 0, bytes: 0, oldestSeconds: undefined };

  const ageOf = ({ initiated }: IncompleteUpload): number | undefined =>
    initiated === undefined ? undefined : Math.max(0, Math.round((now.getTime() - initiated.getTime()) / 1000));

  return {
    ageOf,
    add(upload: IncompleteUpload): void {
      const age = ageOf(upload);
      sum = {
        uploads: sum.uploads + 1,
        parts: sum.parts + (upload.parts ?? 0),
        bytes: sum.bytes + (upload.bytes ?? 0),
        oldestSeconds: age === undefined ? sum.oldestSeconds : Math.max(sum.oldestSeconds ?? 0, age),
      };
    },
    sum: () => sum,
  };
}
