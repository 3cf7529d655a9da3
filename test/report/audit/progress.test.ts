import { expect, test } from "vitest";
import { createAuditProgress, type ProgressSurroundings } from "../../../src/report/audit/progress.ts";

function progressAt(changes: Partial<ProgressSurroundings> = {}) {
  const written: string[] = [];
  const clock = { time: 0 };
  const progress = createAuditProgress({
    stderr: { write: (text) => void written.push(text) },
    startSpinner: undefined,
    now: () => clock.time,
    total: 3,
    shown: true,
    ...changes,
  });
  return { progress, written, clock };
}

test("without a terminal it says little: a line every ten seconds", () => {
  const { progress, written, clock } = progressAt();
  progress.emit({ type: "audit-started", bucket: "one" });
  progress.emit({ type: "audit-finished", bucket: "one", finished: 1, failed: false });
  expect(written).toEqual([]);
  clock.time = 10_000;
  progress.emit({ type: "audit-started", bucket: "two" });
  clock.time = 19_999;
  progress.emit({ type: "audit-finished", bucket: "two", finished: 2, failed: true });
  clock.time = 20_000;
  progress.emit({ type: "audit-started", bucket: "thr\u001b[31mee" });
  expect(written).toEqual([
    "Audited 1 of 3 buckets; reading two\n",
    "Audited 2 of 3 buckets, 1 could not be audited; reading thr\\u001b[31mee\n",
  ]);
});

test("where nobody knows how many there are, it counts", () => {
  const { progress, written, clock } = progressAt({ total: undefined });
  progress.emit({ type: "audit-finished", bucket: "one", finished: 1, failed: false });
  clock.time = 10_000;
  progress.emit({ type: "audit-started", bucket: "two" });
  expect(written).toEqual(["Audited 1 bucket; reading two\n"]);
});

test("says nothing when it is not to be shown", () => {
  const { progress, written, clock } = progressAt({ shown: false });
  clock.time = 60_000;
  progress.emit({ type: "audit-started", bucket: "one" });
  progress.close();
  expect(written).toEqual([]);
});
