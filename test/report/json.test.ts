import { expect, test } from "vitest";
import { createJsonReport } from "../../src/report/json.ts";
import type { ReportEvent } from "../../src/report/reporter.ts";
import { allKinds, planned, progress, storedMovie } from "../support/upload-events.ts";

interface Line {
  readonly type: string;
  readonly [member: string]: unknown;
}

function tell(
  script: readonly (ReportEvent | number)[],
  changes: { readonly talks?: boolean; readonly progress?: boolean } = {},
) {
  const lines: Line[] = [];
  let time = 0;
  const report = createJsonReport({
    writeLine: (line) => void lines.push(line),
    now: () => time,
    talks: true,
    progress: true,
    ...changes,
  });
  for (const step of script) {
    if (typeof step === "number") time += step;
    else report.emit(step);
  }
  return lines;
}

test("every kind of event that a program can use is a line with its type", () => {
  expect(tell(allKinds).map(({ type }) => type)).toEqual([
    "start",
    "progress",
    "retry",
    "window",
    "window",
    "progress",
    "result",
    "verified",
    "error",
    "aborted",
    "aborted",
    "warning",
    "life-cut",
    "start",
    "plan",
    "result",
    "retry",
    "plan",
    "progress",
    "plan-total",
    "summary",
  ]);
});

test("what is told of one file among many names it", () => {
  const lines = tell([
    { type: "in-file", path: "a", event: { type: "completed", object: storedMovie } },
    { type: "in-file", path: "b", event: { type: "completed", object: storedMovie } },
  ]);
  expect(lines.map(({ type, path }) => [type, path])).toEqual([
    ["result", "a"],
    ["result", "b"],
  ]);
});

test("a result is the object as S3 confirmed it", () => {
  const path = "movie.mp4";
  const lines = tell([{ type: "file", path }, planned, { type: "completed", object: storedMovie }]);
  expect(lines).toEqual([
    {
      type: "start",
      path,
      destination: "s3://drop/movies/movie.mp4",
      size: 41_943_040,
      kind: "multipart",
      partSize: 16_777_216,
      parts: 3,
    },
    { type: "result", path, ...storedMovie },
  ]);
});

test("the last progress is told before the result, however soon it comes", () => {
  const done = { type: "completed", object: storedMovie } as const;
  const lines = tell([progress(1, 0), progress(2, 0), progress(3, 1), done]);
  expect(lines.map(({ type, sentBytes }) => [type, sentBytes])).toEqual([
    ["progress", 1_048_576],
    ["progress", 3_145_728],
    ["result", undefined],
  ]);
});

test("progress comes four times a second at most", () => {
  const second = Array.from({ length: 100 }, () => [progress(1, 0), 10]).flat();
  expect(tell(second)).toHaveLength(4);
  expect(tell(second, { progress: false })).toHaveLength(0);
});

test("--quiet leaves results, errors and the summary", () => {
  expect(tell(allKinds, { talks: false }).map(({ type }) => type)).toEqual([
    "result",
    "error",
    "plan",
    "result",
    "plan",
    "plan-total",
    "summary",
  ]);
});

test("a failed file has code, texts and the exit code that it would have had alone", () => {
  expect(tell(allKinds).find(({ type }) => type === "error")).toEqual({
    type: "error",
    path: "b.txt",
    code: "FILE_NOT_FOUND",
    message: "There is no file b.txt.",
    why: "Nothing is there.",
    hint: "Check the path.",
    exitCode: 2,
  });
});
