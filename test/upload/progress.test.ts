import { expect, test } from "vitest";
import type { UploadEvent } from "../../src/upload/events.ts";
import { createProgress } from "../../src/upload/progress.ts";

function watched(total: number | undefined = 100) {
  const told: string[] = [];
  let now = 0;
  const emit = (event: UploadEvent) => {
    if (event.type === "progress") told.push(`${event.sentBytes}/${event.totalBytes} ${event.doneParts}`);
  };
  const progress = createProgress(total, emit, { now: () => now, sleep: async () => {} });
  return { progress, told, pass: (milliseconds: number) => (now += milliseconds) };
}

test("tells of bytes a few times a second at most", () => {
  const { progress, told, pass } = watched();
  progress.sent(1);
  progress.sent(1);
  pass(99);
  progress.sent(1);
  pass(1);
  progress.sent(1);
  expect(told).toEqual(["1/100 0", "4/100 0"]);
});

test("tells of every finished part", () => {
  const { progress, told } = watched();
  progress.sent(50);
  progress.partDone();
  progress.sent(50);
  progress.partDone();
  expect(told).toEqual(["50/100 0", "50/100 1", "100/100 2"]);
});

test("takes the bytes of a failed try back", () => {
  const { progress, told } = watched();
  progress.sent(30);
  progress.takeBack(30);
  progress.takeBack(0);
  expect(told).toEqual(["30/100 0", "0/100 0"]);
});
