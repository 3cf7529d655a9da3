import { describe, expect, test } from "vitest";
import { type Action, actionsFor, afterEvent, newItem, type UploadItem } from "../../src/page/upload-item.ts";
import type { UploadEvent } from "../../src/upload/events.ts";

const item = (changes: Partial<UploadItem> = {}): UploadItem => ({
  ...newItem({ id: "1", name: "a", size: 100, type: "" }),
  stage: "sending",
  ...changes,
});
const object = { bucket: "b", key: "k", size: 100, etag: '"e"' };

test.for<[string, UploadEvent, Partial<UploadItem>, Partial<UploadItem>]>([
  ["a checksum is prepared", { type: "preparing", step: "checksum" }, { stage: "waiting" }, { stage: "preparing" }],
  ["it begins", { type: "started", key: "k", partCount: 2 }, { stage: "preparing" }, { stage: "sending" }],
  ["parts are put together", { type: "preparing", step: "complete" }, {}, { stage: "finishing" }],
  ["it is taken back", { type: "preparing", step: "abort" }, {}, { stage: "cancelling" }],
  [
    "a cancelled one is not shown as going on",
    { type: "preparing", step: "complete" },
    { stage: "cancelling" },
    { stage: "cancelling" },
  ],
  [
    "a request is tried again",
    { type: "retrying", partNumber: 1, attempt: 2, delayMs: 5, reason: "reset" },
    {},
    { trouble: "reset" },
  ],
  [
    "bytes that are taken back leave the trouble",
    { type: "progress", sentBytes: 10, totalBytes: 100, doneParts: 0 },
    { sentBytes: 20, trouble: "reset" },
    { sentBytes: 10, trouble: "reset" },
  ],
  [
    "bytes that move end it",
    { type: "progress", sentBytes: 30, totalBytes: 100, doneParts: 0 },
    { sentBytes: 20, trouble: "reset" },
    { sentBytes: 30, trouble: undefined },
  ],
  ["it is stored", { type: "completed", object }, {}, { stage: "stored", sentBytes: 100, object }],
  [
    "an earlier visit had sent some of it",
    { type: "progress", sentBytes: 60, reusedBytes: 50, totalBytes: 100, doneParts: 1 },
    {},
    { sentBytes: 60, reusedBytes: 50 },
  ],
  [
    "it begins anew",
    { type: "restarting", reason: "file-content", uploadId: "u" },
    {},
    { note: "The file has changed since; it begins anew." },
  ],
  ["a signature is renewed", { type: "resigned", partNumber: 1 }, {}, {}],
])("%s", ([, event, before, expected]) => {
  expect(afterEvent(item(before), event)).toEqual(item({ ...before, ...expected }));
});

describe("what the user can do", () => {
  const final = { what: "", why: "", next: "", retryable: false };
  test.for<[string, Partial<UploadItem>, readonly Action[]]>([
    ["while it moves", {}, ["pause", "cancel"]],
    ["while it is paused", { paused: true }, ["continue", "cancel"]],
    ["while it waits", { stage: "waiting" }, ["pause", "cancel"]],
    ["while S3 finishes, nothing", { stage: "finishing" }, []],
    ["after a failure", { stage: "failed", error: { ...final, retryable: true } }, ["retry", "remove"]],
    ["after a failure for good", { stage: "failed", error: final }, ["remove"]],
    ["when it is stored", { stage: "stored" }, ["remove"]],
    ["with one left from before", { stage: "unfinished" }, ["choose", "discard"]],
  ])("%s", ([, changes, expected]) => {
    expect(actionsFor(item(changes))).toEqual(expected);
  });
});
