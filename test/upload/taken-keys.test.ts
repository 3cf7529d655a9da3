import { expect, test } from "vitest";
import { createTakenKeys } from "../../src/upload/taken-keys.ts";

const composed = "caf\u00e9.txt";
const decomposed = "cafe\u0301.txt";

test.for<[string, readonly string[], readonly string[]]>([
  ["a key once", ["a", "b"], ["free", "free"]],
  ["a key twice", ["a", "b", "a"], ["free", "free", "taken"]],
  ["keys of other case", ["a", "A"], ["free", "free"]],
  ["keys that look the same", [composed, decomposed], ["free", "twin"]],
  ["such a key twice", [composed, decomposed, decomposed], ["free", "twin", "taken"]],
  ["the empty key", ["", ""], ["free", "taken"]],
])("%s", ([, keys, claims]) => {
  const taken = createTakenKeys();
  expect(keys.map((key) => taken.claim(key))).toEqual(claims);
});

test("a hundred thousand keys that differ in little are all told apart", () => {
  const taken = createTakenKeys();
  const keys = Array.from(
    { length: 100_000 },
    (_, index) => `photos/2026/img_${index.toString().padStart(6, "0")}.jpg`,
  );
  expect(keys.filter((key) => taken.claim(key) !== "free")).toEqual([]);
  expect(keys.filter((key) => taken.claim(key) !== "taken")).toEqual([]);
});
