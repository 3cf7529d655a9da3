import { describe, expect, test } from "vitest";
import { bytesText, countText, durationText, percentText, rateText } from "../../src/report/units.ts";

describe("bytes", () => {
  test.for<[number, string]>([
    [0, "0 B"],
    [999, "999 B"],
    [1024, "1 KiB"],
    [1536, "1.5 KiB"],
    [10_240, "10 KiB"],
    [1024 * 1023, "1 MiB"],
    [200 * 1024 ** 2, "200 MiB"],
    [1024 ** 4 * 5.25, "5.25 TiB"],
    [1024 ** 5 * 3, "3072 TiB"],
  ])("%i is %s", ([bytes, text]) => {
    expect(bytesText(bytes)).toBe(text);
  });

  test("a second", () => expect(rateText(85 * 1024 ** 2)).toBe("85 MiB/s"));
});

describe("seconds", () => {
  test.for<[number, string]>([
    [0, "0s"],
    [-3, "0s"],
    [59.4, "59s"],
    [65, "1m05s"],
    [7380, "2h03m"],
    [273_600, "3d04h"],
  ])("%f are %s", ([seconds, text]) => {
    expect(durationText(seconds)).toBe(text);
  });
});

test("percent are full only at the end", () => {
  expect([percentText(999, 1000), percentText(1000, 1000), percentText(0, 0)]).toEqual(["99%", "100%", "100%"]);
});

test("one part, two parts", () => {
  expect([countText(1, "part"), countText(2, "part")]).toEqual(["1 part", "2 parts"]);
});
