import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { createHumanReport } from "../../src/report/human.ts";
import type { ReportEvent } from "../../src/report/reporter.ts";
import {
  allKinds,
  planned,
  progress,
  retrying,
  started,
  storedMovie,
  streamProgress,
} from "../support/upload-events.ts";

/** A terminal that keeps all that was written to it. */
function terminal(columns: number) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  const methods = {
    isTTY: true,
    columns,
    rows: 24,
    cursorTo: () => true,
    moveCursor: () => true,
    clearLine: () => stream.write("<clear>"),
    getColorDepth: () => 8,
    hasColors: () => true,
  };
  return { stream: Object.assign(stream, methods) as unknown as NodeJS.WriteStream, text: () => written.join("") };
}

interface Changes {
  readonly color?: boolean;
  readonly progress?: boolean;
  readonly columns?: number;
}

function tell(
  script: readonly (ReportEvent | number)[],
  { color = false, progress: moves = true, columns = 100 }: Changes = {},
) {
  const { stream, text } = terminal(columns);
  const out: string[] = [];
  let time = 0;
  const stdout = { write: (result: string) => void out.push(result) };
  const report = createHumanReport({ stdout, stderr: stream, now: () => time, color, progress: moves });
  for (const step of script) {
    if (typeof step === "number") time += step;
    else report.emit(step);
  }
  report.close();
  return { out: out.join(""), err: text() };
}

const upload: readonly (ReportEvent | number)[] = [
  planned,
  started,
  progress(0, 0),
  1000,
  progress(10, 0),
  1000,
  progress(20, 1),
];

describe("the bar", () => {
  test("shows share, bytes, rate, time left and parts", () => {
    const { err } = tell(upload);
    expect(err).toMatch(/█+░+ +50% {2}20 MiB\/40 MiB {2}10 MiB\/s {2}ETA 2s {2}parts 1\/3/);
  });

  test("counts retries instead of scrolling away", () => {
    const { err } = tell([...upload, retrying, progress(21, 1)]);
    expect(err).toContain("retries 1");
    expect(err).not.toContain("503 SlowDown");
  });

  test("fits a terminal of 80 columns", () => {
    const { err } = tell([...upload, retrying, progress(21, 1)], { columns: 80 });
    const drawn = err.match(/[█░]+ [ -Z_a-~]*/g) ?? [];
    expect(drawn.length).toBeGreaterThan(0);
    for (const line of drawn) expect(line.trimEnd().length).toBeLessThanOrEqual(80);
  });

  test("is gone before the result is printed", () => {
    const { err, out } = tell([...upload, { type: "completed", object: storedMovie }]);
    expect(err.lastIndexOf("Stored 40 MiB")).toBeGreaterThan(err.lastIndexOf("█"));
    expect(out).toBe("s3://drop/movies/movie.mp4\t41943040\tcrc32:NSRBwg==\n");
  });

  test("is not there with --no-progress, and the sentences still are", () => {
    const { err } = tell([...upload, { type: "completed", object: storedMovie }], { progress: false });
    expect(err).toBe(
      "Uploading movie.mp4 (40 MiB) to s3://drop/movies/movie.mp4 in 3 parts of 16 MiB\n✓ Stored 40 MiB in 2.0s, 20 MiB/s\n",
    );
  });
});

describe("where there is nothing to count", () => {
  test.for<[ReportEvent, string]>([
    [{ type: "preparing", step: "capabilities" }, "Asking what the destination takes"],
    [{ type: "preparing", step: "checksum" }, "Computing the checksum"],
    [{ type: "preparing", step: "create" }, "Beginning the multipart upload"],
    [{ type: "preparing", step: "complete" }, "Putting the parts together"],
    [{ type: "preparing", step: "abort" }, "Removing the unfinished multipart upload"],
    [streamProgress(7, 1), "7 MiB sent"],
  ])("%j is a spinner", ([event, text]) => {
    expect(tell([event]).err).toContain(text);
    expect(tell([event], { progress: false }).err).toBe("");
  });
});

describe("many files", () => {
  const files = { type: "files", doneFiles: 2, failedFiles: 1, foundFiles: 8, share: 4, sentBytes: 1024 ** 2 } as const;

  test("share one bar, whose end is open while more are found", () => {
    expect(tell([{ ...files, foundAll: false }]).err).toMatch(/█+░+ +2 of 8\+ files, 1 failed {2}1 MiB/);
    expect(tell([{ ...files, foundAll: true }]).err).toContain("2 of 8 files, 1 failed");
  });

  test("have one result line each, and no sentence", () => {
    const done = { type: "in-file", path: "a", event: { type: "completed", object: storedMovie } } as const;
    const { out, err } = tell([done, done], { progress: false });
    expect(out.split("\n")).toHaveLength(3);
    expect(err).toBe("");
  });
});

test("an abort that could not be done is said plainly", () => {
  const { err } = tell([{ type: "aborted", uploadId: "u1", clean: false }]);
  expect(err).toContain("The multipart upload u1 may still be there");
});

test("without colour there is none, with it there is", () => {
  const codes = ["\u001b[31m", "\u001b[32m", "\u001b[33m"];
  const plain = tell(allKinds).err;
  expect(codes.filter((code) => plain.includes(code))).toEqual([]);
  const colored = tell(allKinds, { color: true }).err;
  expect(codes.filter((code) => !colored.includes(code))).toEqual([]);
});

test("the cursor is visible again at the end", () => {
  for (const script of [upload, [{ type: "preparing", step: "create" } as const]]) {
    const { err } = tell(script);
    expect(err.lastIndexOf("\u001b[?25h")).toBeGreaterThanOrEqual(err.lastIndexOf("\u001b[?25l"));
  }
});

test("a terminal without a size is taken for one of 80 columns", () => {
  const { err, out } = tell([...allKinds, { type: "preparing", step: "create" }, 100, planned, progress(10, 0)], {
    columns: 0,
  });
  expect(out).toContain("s3://drop/movies/movie.mp4");
  expect(err).toContain("10 MiB/40 MiB");
});
