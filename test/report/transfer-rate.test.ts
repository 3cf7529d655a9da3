import { expect, test } from "vitest";
import { createTransferRate } from "../../src/report/transfer-rate.ts";

test("knows nothing before there is something to go by", () => {
  const rate = createTransferRate();
  expect([rate.bytesPerSecond(), rate.secondsLeft(100)]).toEqual([0, undefined]);
  rate.note(50, 1000);
  expect([rate.bytesPerSecond(), rate.secondsLeft(100)]).toEqual([0, undefined]);
});

test("follows a steady line", () => {
  const rate = createTransferRate();
  for (let second = 0; second <= 20; second += 1) rate.note(second * 1000, second * 1000);
  expect(rate.bytesPerSecond()).toBe(1000);
  expect(rate.secondsLeft(30_000)).toBe(10);
});

test("forgets what was five seconds ago", () => {
  const rate = createTransferRate();
  rate.note(0, 0);
  rate.note(1_000_000, 1000);
  for (let second = 2; second <= 10; second += 1) rate.note(1_000_000 + second, second * 1000);
  expect(rate.bytesPerSecond()).toBe(1);
});

test("is never negative, though a failed try takes bytes back", () => {
  const rate = createTransferRate();
  rate.note(1000, 0);
  rate.note(500, 1000);
  expect(rate.bytesPerSecond()).toBe(0);
});

test("a total that nobody knows has no end", () => {
  const rate = createTransferRate();
  rate.note(0, 0);
  rate.note(1000, 1000);
  expect(rate.secondsLeft(undefined)).toBeUndefined();
});

test("thousands of samples a second change nothing", () => {
  const rate = createTransferRate();
  for (let millisecond = 0; millisecond <= 3000; millisecond += 1) rate.note(millisecond * 10, millisecond);
  expect(rate.bytesPerSecond()).toBeCloseTo(10_000, -2);
});
