import { expect, test } from "vitest";
import { timeOrderedId } from "../../src/sandbox/time-ordered-id.ts";

test("is the UUID of version 7 that RFC 9562 shows", () => {
  const chance = Buffer.from("0cc318c4dc0c0c07398f", "hex");
  expect(timeOrderedId(new Date("2022-02-22T19:22:22Z"), chance)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
});

test("sorts by time and differs within it", () => {
  const ids = [0, 1, 2 ** 40].map((milliseconds) => timeOrderedId(new Date(milliseconds)));
  expect(ids.toSorted()).toEqual(ids);
  expect(timeOrderedId(new Date(0))).not.toBe(timeOrderedId(new Date(0)));
});
