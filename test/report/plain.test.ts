import { expect, test } from "vitest";
import { createPlainReport } from "../../src/report/plain.ts";
import type { ReportEvent } from "../../src/report/reporter.ts";
import { allKinds, planned, progress, retrying, storedMovie, streamProgress } from "../support/upload-events.ts";

interface Told {
  readonly out: string;
  readonly err: readonly string[];
}

/** Feeds events; a number moves the clock by so many milliseconds. */
function tell(
  script: readonly (ReportEvent | number)[],
  changes: { readonly talks?: boolean; readonly progress?: boolean } = {},
): Told {
  const out: string[] = [];
  const err: string[] = [];
  let time = 0;
  const report = createPlainReport({
    stdout: { write: (text) => void out.push(text) },
    stderr: { write: (text) => void err.push(text) },
    now: () => time,
    talks: true,
    progress: true,
    ...changes,
  });
  for (const step of script) {
    if (typeof step === "number") time += step;
    else report.emit(step);
  }
  report.close();
  return { out: out.join(""), err: err.join("").split("\n").slice(0, -1) };
}

test("an upload is a line at the start, one every ten seconds, one at the end, and the result", () => {
  const minute = Array.from({ length: 25 }, (_, second) => [1000, progress(second, 0)]).flat();
  expect(tell([planned, ...minute, { type: "completed", object: storedMovie }])).toEqual({
    out: "s3://drop/movies/movie.mp4\t41943040\tcrc32:NSRBwg==\n",
    err: [
      "Uploading movie.mp4 (40 MiB) to s3://drop/movies/movie.mp4 in 3 parts of 16 MiB",
      "9 MiB of 40 MiB (22%), 1 MiB/s, 31s left",
      "19 MiB of 40 MiB (47%), 1 MiB/s, 21s left",
      "Stored 40 MiB in 25s, 1.6 MiB/s",
    ],
  });
});

test("a retry is told with part, reason and delay", () => {
  expect(tell([retrying]).err).toEqual(["Part 2 failed (503 SlowDown), try 2 follows in 2s"]);
});

test("a stream has no total", () => {
  expect(tell([streamProgress(0, 0), 10_000, streamProgress(20, 1)]).err).toEqual(["20 MiB, 2 MiB/s"]);
});

test("many files are counted, with an open end while they are still being looked for", () => {
  const files = {
    type: "files",
    doneFiles: 2,
    failedFiles: 0,
    foundFiles: 9,
    share: 2,
    sentBytes: 20 * 1024 ** 2,
  } as const;
  const { err } = tell([
    { ...files, foundAll: false, sentBytes: 0 },
    10_000,
    { ...files, foundAll: false },
    10_000,
    { ...files, foundAll: true },
  ]);
  expect(err).toEqual(["2 of 9+ files, 20 MiB, 2 MiB/s", "2 of 9 files, 20 MiB, 0 B/s"]);
});

test("--no-progress leaves the progress out and the rest in", () => {
  const { err } = tell([planned, 10_000, progress(9, 0), retrying], { progress: false });
  expect(err).toHaveLength(2);
});

test("--quiet leaves results and failures", () => {
  const { out, err } = tell(allKinds, { talks: false });
  expect(err).toEqual(["b.txt: There is no file b.txt.", "  Nothing is there.", "  Check the path."]);
  expect(out).toMatch(/^s3:\/\/drop\/movies\/movie\.mp4\t/);
});

test("every kind of event is told without colour and without moving the cursor", () => {
  const { out, err } = tell(allKinds);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  expect(out + err.join("\n")).not.toMatch(/[\u001b\r]/);
  expect(err).toContain("S3 asks for less: 4 requests at a time from now on");
  expect(err).toContain("Warning: It is good for 4m00s, not 15m00s: the credentials that sign it end then");
  expect(err.join("\n")).toContain("\na.txt: Part ");
  expect(err.slice(-3)).toEqual([
    "1 file stored, 40 MiB; 2 files failed; 3 left out; at least 4 not stored, 1 of them cut off",
    "  b.txt: There is no file b.txt.",
    "  and 1 more",
  ]);
  expect(out).toContain("Would upload a.txt to s3://drop/a.txt (5 B)\n");
  expect(out).toContain("Would upload 2 files, 40 MiB\n  requests  6\n");
  expect(out).toContain("  requests  5\n");
});

test("a key with a line break or a tab cannot forge another result", () => {
  const { out } = tell([{ type: "completed", object: { ...storedMovie, key: "a\nb\tc" } }]);
  expect(out).toBe("s3://drop/a%0Ab%09c\t41943040\tcrc32:NSRBwg==\n");
});

test("a server that returned no checksum leaves a hyphen", () => {
  const { checksum: _, ...object } = storedMovie;
  expect(tell([{ type: "completed", object }]).out).toBe("s3://drop/movies/movie.mp4\t41943040\t-\n");
});
