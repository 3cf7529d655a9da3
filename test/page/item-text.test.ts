import { describe, expect, test } from "vitest";
import { announcement, statusText, summaryOf, tabTitle } from "../../src/page/item-text.ts";
import { newItem, type UploadItem } from "../../src/page/upload-item.ts";

const MiB = 1024 ** 2;
const item = (changes: Partial<UploadItem> = {}): UploadItem => ({
  ...newItem({ id: "1", name: "movie.mp4", size: 150 * MiB, type: "video/mp4" }),
  stage: "sending",
  sentBytes: 60 * MiB,
  bytesPerSecond: 3 * MiB,
  secondsLeft: 30,
  ...changes,
});
const error = { what: "It is too large.", why: "It has 7 bytes.", next: "Choose a smaller file.", retryable: false };
const online = { online: true };
const object = { bucket: "b", key: "k", size: 150 * MiB, etag: '"e"' };

describe("the status", () => {
  test.for<[string, Partial<UploadItem>, string, boolean?]>([
    ["moving", {}, "60 MiB of 150 MiB · 3 MiB/s · 30s left"],
    ["not moving yet", { bytesPerSecond: 0, secondsLeft: undefined }, "60 MiB of 150 MiB"],
    ["paused", { paused: true }, "Paused at 60 MiB of 150 MiB"],
    ["paused before its turn", { stage: "waiting", paused: true }, "Paused"],
    ["waiting", { stage: "waiting" }, "Waiting for its turn"],
    ["without network", {}, "No network. It goes on by itself when there is one.", false],
    ["trying again", { trouble: "503 SlowDown" }, "60 MiB of 150 MiB · Trying again (503 SlowDown)"],
    ["preparing", { stage: "preparing" }, "Preparing"],
    ["finishing", { stage: "finishing" }, "Finishing: S3 puts the parts together"],
    ["stored", { stage: "stored", object }, "Uploaded · 150 MiB"],
    [
      "stored and verified",
      { stage: "stored", object: { ...object, checksum: { algorithm: "CRC32", value: "AAAAAA==" } } },
      "Uploaded · 150 MiB · CRC32 verified",
    ],
    [
      "stored, partly before",
      { stage: "stored", object, reusedBytes: 32 * MiB },
      "Uploaded · 150 MiB · 32 MiB were there already",
    ],
    ["failed", { stage: "failed", error }, "It is too large."],
    ["cancelled", { stage: "cancelled" }, "Cancelled. Nothing was kept."],
    ["left from before", { stage: "unfinished" }, "Stopped at 60 MiB of 150 MiB. Choose the same file again to go on."],
  ])("of one that is %s", ([, changes, expected, online = true]) => {
    expect(statusText(item(changes), { online })).toBe(expected);
  });
});

describe("a screen reader", () => {
  test.for<[string, Partial<UploadItem> | undefined, Partial<UploadItem>, string | undefined]>([
    ["hears of a new file", undefined, { stage: "waiting" }, "movie.mp4 is added."],
    ["hears nothing of progress", { sentBytes: 1 }, { sentBytes: 2 }, undefined],
    ["hears nothing of a part of the way", { stage: "preparing" }, { stage: "sending" }, undefined],
    ["hears the end", {}, { stage: "stored" }, "movie.mp4 is uploaded."],
    [
      "hears an error and what to do",
      {},
      { stage: "failed", error },
      "movie.mp4 failed. It is too large. Choose a smaller file.",
    ],
    ["hears a pause", {}, { paused: true }, "movie.mp4 is paused."],
    ["hears that it goes on", { paused: true }, { paused: false }, "movie.mp4 goes on."],
    ["hears a cancellation", { stage: "cancelling" }, { stage: "cancelled" }, "movie.mp4 is cancelled."],
  ])("%s", ([, before, now, expected]) => {
    expect(announcement(before === undefined ? undefined : item(before), item(now))).toBe(expected);
  });
});

describe("the sum", () => {
  test("is none without uploads, or with cancelled and unfinished ones alone", () => {
    expect(summaryOf([], online)).toBeUndefined();
    expect(summaryOf([item({ stage: "cancelled" }), item({ stage: "unfinished" })], online)).toBeUndefined();
  });

  test("counts files and bytes, and what is left", () => {
    const sum = summaryOf([item(), item({ stage: "stored", sentBytes: 150 * MiB, bytesPerSecond: 0 })], online);
    expect(sum).toEqual({
      text: "1 of 2 files uploaded · 210 MiB of 300 MiB · 3 MiB/s · 30s left",
      share: 0.7,
      active: true,
    });
    expect(tabTitle(sum, "Upload")).toBe("70% · Upload");
  });

  test("names failures, and is over when all have ended", () => {
    const sum = summaryOf(
      [item({ stage: "failed", bytesPerSecond: 0 }), item({ stage: "stored", bytesPerSecond: 0 })],
      online,
    );
    expect(sum).toMatchObject({ text: "1 of 2 files uploaded · 1 failed", active: false });
    expect(tabTitle(sum, "Upload")).toBe("Upload");
  });

  test("of empty files counts files", () => {
    expect(summaryOf([item({ size: 0, sentBytes: 0, stage: "stored" })], online)?.share).toBe(1);
  });
});
