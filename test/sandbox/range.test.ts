import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCopyRange, parseRange, stretchesOf } from "../../src/sandbox/range.ts";

describe("parseRange of 100 bytes", () => {
  test.for([
    ["bytes=0-0", { start: 0, end: 1 }],
    ["bytes=10-19", { start: 10, end: 20 }],
    ["bytes=90-", { start: 90, end: 100 }],
    ["bytes=90-500", { start: 90, end: 100 }],
    ["bytes=-10", { start: 90, end: 100 }],
    ["bytes=-500", { start: 0, end: 100 }],
    ["bytes=20-10", undefined],
    ["bytes=-", undefined],
    ["items=0-1", undefined],
    ["nonsense", undefined],
  ] as const)("%s", ([header, range]) => {
    expect(parseRange(header, 100)).toEqual(range);
  });

  test.for([
    ["begins behind the end", "bytes=100-", 100],
    ["asks for the last no bytes", "bytes=-0", 100],
    ["asks for bytes of nothing", "bytes=0-", 0],
  ] as const)("a range that %s cannot be satisfied", ([, header, size]) => {
    expect(() => parseRange(header, size)).toThrow(
      expect.objectContaining({
        code: "InvalidRange",
        details: { RangeRequested: header, ActualObjectSize: String(size) },
      }),
    );
  });

  test("several ranges at once are not implemented", () => {
    expect(() => parseRange("bytes=0-1,5-6", 100)).toThrow(expect.objectContaining({ code: "NotImplemented" }));
  });
});

describe("parseCopyRange of 100 bytes", () => {
  test("takes both ends", () => {
    expect(parseCopyRange("bytes=0-99", 100)).toEqual({ start: 0, end: 100 });
  });

  test.for(["bytes=0-100", "bytes=5-", "bytes=-5", "bytes=9-5", "0-5"])("refuses %s", (header) => {
    expect(() => parseCopyRange(header, 100)).toThrow(expect.objectContaining({ code: "InvalidArgument" }));
  });
});

test("stretches of parts are the bytes of the range, whatever the parts", () => {
  const text = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(fc.array(text), fc.nat(200), fc.nat(200), (texts, start, length) => {
      const parts = texts.map((content, index) => ({ file: String(index), size: content.length }));
      const read = stretchesOf(parts, { start, end: start + length })
        .map((stretch) => texts[Number(stretch.file)]?.slice(stretch.start, stretch.end))
        .join("");
      expect(read).toBe(texts.join("").slice(start, start + length));
    }),
  );
});
