import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planUpload, sizeText, smallestPartSize, splitIntoParts, type UploadWishes } from "../../src/upload/plan.ts";
import type { DestinationLimits } from "../../src/upload/transport.ts";

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;

const limits: DestinationLimits = {
  maxSize: 10_000 * 5 * GiB,
  multipartThreshold: 16 * MiB,
  partSize: { min: 5 * MiB, default: 16 * MiB, max: 5 * GiB },
  multipart: true,
  putChecksums: ["CRC32"],
};
const file = (size: number) => ({ path: "dir/film.mp4", size, mtimeMs: 0 });
const words = (size: number, wishes: UploadWishes = {}, changes: Partial<DestinationLimits> = {}) => {
  const plan = planUpload(file(size), { ...limits, ...changes }, wishes);
  return plan.kind === "single" ? "single" : `${plan.parts.length} x ${sizeText(plan.partSize)}`;
};

describe("planUpload", () => {
  test.for<[string, string, string]>([
    ["an empty file is one PUT", words(0), "single"],
    ["an empty file is one PUT whatever the threshold", words(0, { multipartThreshold: 0 }), "single"],
    ["a file below the threshold is one PUT", words(16 * MiB - 1), "single"],
    ["a file of the threshold goes in parts", words(16 * MiB), "1 x 16MiB"],
    ["the last part is smaller", words(200 * MiB), "13 x 16MiB"],
    ["a wish for the threshold counts", words(200 * MiB, { multipartThreshold: 1 * GiB }), "single"],
    [
      "more than one PUT takes goes in parts in any case",
      words(6 * GiB, { multipartThreshold: 99 * GiB }),
      "384 x 16MiB",
    ],
    ["a wish for the part size counts", words(200 * MiB, { partSize: 64 * MiB }), "4 x 64MiB"],
    ["10,000 parts of the default size still fit", words(10_000 * 16 * MiB), "10000 x 16MiB"],
    ["one byte more takes the next whole MiB", words(10_000 * 16 * MiB + 1), "9412 x 17MiB"],
    ["the largest object has 10,000 parts of 5 GiB", words(10_000 * 5 * GiB), "10000 x 5GiB"],
    ["a destination without multipart gets one PUT", words(4 * GiB, {}, { multipart: false }), "single"],
    [
      "a destination's own part size is taken",
      words(20 * MiB, {}, { partSize: { min: 8 * MiB, default: 8 * MiB, max: 8 * MiB } }),
      "3 x 8MiB",
    ],
  ])("%s", ([, found, expected]) => {
    expect(found).toBe(expected);
  });

  test.for<[string, () => unknown, { code: string; message: string; hint?: string }]>([
    [
      "a part size below S3's least",
      () => words(GiB, { partSize: 4 * MiB }),
      {
        code: "USAGE",
        message: "A part size of 4MiB is not possible.",
        hint: "Use --part-size 5MiB, or leave it out.",
      },
    ],
    [
      "a part size above S3's most",
      () => words(GiB, { partSize: 6 * GiB }),
      {
        code: "USAGE",
        message: "A part size of 6GiB is not possible.",
        hint: "Use --part-size 5GiB, or leave it out.",
      },
    ],
    [
      "a part size that would need too many parts",
      () => words(100 * GiB, { partSize: 5 * MiB }),
      {
        code: "USAGE",
        message: "dir/film.mp4 would need 20480 parts of 5MiB.",
        hint: "Use --part-size 11MiB or more, or leave it out.",
      },
    ],
    [
      "a file beyond the destination's limit",
      () => words(101, {}, { maxSize: 100 }),
      { code: "TOO_LARGE", message: "dir/film.mp4 is too large for this destination." },
    ],
    [
      "a file beyond one PUT where there is no multipart",
      () => words(5 * GiB + 1, {}, { multipart: false }),
      { code: "TOO_LARGE", message: "dir/film.mp4 is too large for a single PUT." },
    ],
    [
      "a file beyond 10,000 parts of the destination's most",
      () => words(10_000 * 8 * MiB + 1, {}, { partSize: { min: 8 * MiB, default: 8 * MiB, max: 8 * MiB } }),
      { code: "TOO_LARGE", message: "dir/film.mp4 is too large for one object." },
    ],
  ])("refuses %s", ([, plan, expected]) => {
    expect(plan).toThrow(expect.objectContaining(expected));
  });
});

describe("splitIntoParts", () => {
  test("covers every byte once, in order, in equal parts but the last", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 5000 }), (size, partSize) => {
        const parts = splitIntoParts(size, partSize);
        expect(parts[0]?.start).toBe(0);
        expect(parts.at(-1)?.end).toBe(size);
        for (const [index, part] of parts.entries()) {
          expect(part.partNumber).toBe(index + 1);
          expect(part.start).toBe(parts[index - 1]?.end ?? 0);
          expect(part.end - part.start).toBe(index === parts.length - 1 ? size - part.start : partSize);
          expect(part.end).toBeGreaterThan(part.start);
        }
      }),
    );
  });
});

test("smallestPartSize is the least whole MiB with at most 10,000 parts", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 * 5 * GiB }), (size) => {
      const partSize = smallestPartSize(size);
      expect(partSize % MiB).toBe(0);
      expect(Math.ceil(size / partSize)).toBeLessThanOrEqual(10_000);
      if (partSize > MiB) expect(Math.ceil(size / (partSize - MiB))).toBeGreaterThan(10_000);
    }),
  );
});

test.for([
  [16 * MiB, "16MiB"],
  [5 * GiB, "5GiB"],
  [2048, "2KiB"],
  [MiB + 1, "1048577 bytes"],
  [0, "0 bytes"],
] as const)("sizeText writes %i bytes as %s", ([bytes, text]) => {
  expect(sizeText(bytes)).toBe(text);
});
