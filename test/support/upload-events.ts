/** The events of uploads, as the engine emits them, for the reporters' tests. */
import { S3upError } from "../../src/errors.ts";
import type { ReportEvent } from "../../src/report/reporter.ts";
import type { StoredObject } from "../../src/upload/events.ts";
import { splitIntoParts } from "../../src/upload/plan.ts";

const MiB = 1024 ** 2;

export const storedMovie: StoredObject = {
  bucket: "drop",
  key: "movies/movie.mp4",
  size: 40 * MiB,
  etag: '"abc-3"',
  checksum: { algorithm: "CRC32", value: "NSRBwg==" },
};

export const planned: ReportEvent = {
  type: "planned",
  destination: "s3://drop/movies/movie.mp4",
  plan: {
    kind: "multipart",
    file: { path: "movie.mp4", size: 40 * MiB, mtimeMs: 0 },
    partSize: 16 * MiB,
    parts: splitIntoParts(40 * MiB, 16 * MiB),
  },
};

export const started: ReportEvent = { type: "started", key: "movies/movie.mp4", uploadId: "u", partCount: 3 };

export function progress(mebibytes: number, doneParts: number): ReportEvent {
  return { type: "progress", sentBytes: mebibytes * MiB, totalBytes: 40 * MiB, doneParts };
}

export function streamProgress(mebibytes: number, doneParts: number): ReportEvent {
  return { type: "progress", sentBytes: mebibytes * MiB, totalBytes: undefined, doneParts };
}

export const retrying: ReportEvent = {
  type: "retrying",
  partNumber: 2,
  attempt: 2,
  delayMs: 1500,
  reason: "503 SlowDown",
};

export const failed: ReportEvent = {
  type: "failed",
  path: "b.txt",
  error: new S3upError("FILE_NOT_FOUND", "There is no file b.txt.", {
    why: "Nothing is there.",
    hint: "Check the path.",
  }),
};

const dryRun: ReportEvent = {
  type: "dry-run",
  facts: {
    path: "a.txt",
    destination: "s3://drop/a.txt",
    size: 5,
    kind: "single",
    partSize: 5,
    partCount: 1,
    requests: 1,
    memory: 5,
  },
};

/** What is only told of many files. */
const allOfMany: readonly ReportEvent[] = [
  { type: "in-file", path: "a.txt", event: { type: "completed", object: { ...storedMovie, key: "a.txt", size: 5 } } },
  { type: "in-file", path: "a.txt", event: retrying },
  { type: "in-file", path: "a.txt", event: dryRun },
  { type: "files", doneFiles: 2, failedFiles: 1, foundFiles: 9, foundAll: false, share: 2.5, sentBytes: 5 * MiB },
  { type: "dry-run-total", facts: { files: 2, bytes: 40 * MiB, requests: 6, memory: 20 * MiB } },
  {
    type: "summary",
    stored: 1,
    failed: 2,
    bytes: 40 * MiB,
    many: {
      skipped: 3,
      failures: [{ path: "b.txt", message: "There is no file b.txt." }],
      left: { files: 4, cutOff: 1, atLeast: true },
    },
  },
];

/** One of each kind, in an order that could be. */
export const allKinds: readonly ReportEvent[] = [
  { type: "file", path: "movie.mp4" },
  { type: "preparing", step: "capabilities" },
  planned,
  { type: "preparing", step: "create" },
  started,
  progress(1, 0),
  retrying,
  { type: "window", size: 4, reason: "slow-down" },
  { type: "resigned", partNumber: 2 },
  { type: "window", size: 5, reason: "recovered" },
  progress(40, 3),
  { type: "preparing", step: "complete" },
  { type: "completed", object: storedMovie },
  { type: "verified", object: storedMovie },
  { type: "file", path: "b.txt" },
  failed,
  { type: "aborted", uploadId: "u", clean: true },
  { type: "aborted", uploadId: "u", clean: false },
  { type: "warning", message: "Mind this.", hint: "Do that." },
  { type: "must-send", method: "PUT", headers: { "content-type": "text/plain" } },
  { type: "life-cut", askedSeconds: 900, givenSeconds: 240, by: "credentials" },
  { type: "streaming", destination: "s3://drop/notes.txt", partSize: 16 * MiB },
  {
    type: "dry-run",
    facts: {
      path: "movie.mp4",
      destination: "s3://drop/movie.mp4",
      size: 40 * MiB,
      kind: "multipart",
      partSize: 16 * MiB,
      partCount: 3,
      requests: 5,
      memory: 48 * MiB,
    },
  },
  ...allOfMany,
];
