import fc from "fast-check";
import { expect, test } from "vitest";
import { layoutParts, partLength, S3_LIMITS } from "../../src/signing/part-layout.ts";

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;

test.for<readonly [string, size: number, wish: number, partSize: number, partCount: number, last: number]>([
  ["one byte is one part", 1, 16 * MiB, 16 * MiB, 1, 1],
  ["exactly one part", 16 * MiB, 16 * MiB, 16 * MiB, 1, 16 * MiB],
  ["one byte more", 16 * MiB + 1, 16 * MiB, 16 * MiB, 2, 1],
  ["a wish below S3's least is raised", 11 * MiB, 1, 5 * MiB, 3, MiB],
  ["a wish above S3's most is cut", 6 * GiB, 7 * GiB, 5 * GiB, 2, GiB],
  ["as many parts as S3 takes", 10_000 * 16 * MiB, 16 * MiB, 16 * MiB, 10_000, 16 * MiB],
  ["one more byte needs larger parts, of whole MiB", 10_000 * 16 * MiB + 1, 16 * MiB, 17 * MiB, 9412, 13 * MiB + 1],
  ["the largest object", S3_LIMITS.maxObjectSize, 16 * MiB, 5 * GiB, 10_000, 5 * GiB],
])("%s", ([, size, wish, partSize, partCount, lastPartSize]) => {
  expect(layoutParts(size, wish)).toEqual({ partSize, partCount, lastPartSize });
});

test("the parts are within S3's limits and together they are the file", () => {
  const sizes = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: S3_LIMITS.maxObjectSize }));
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 6 * GiB }), (size, wish) => {
      const layout = layoutParts(size, wish);
      expect(layout.partSize).toBeGreaterThanOrEqual(S3_LIMITS.minPartSize);
      expect(layout.partSize).toBeLessThanOrEqual(S3_LIMITS.maxPartSize);
      expect(layout.partCount).toBeLessThanOrEqual(S3_LIMITS.maxParts);
      expect(layout.partSize * (layout.partCount - 1) + layout.lastPartSize).toBe(size);
      expect(partLength(layout, layout.partCount)).toBeGreaterThan(0);
      expect(partLength(layout, layout.partCount)).toBeLessThanOrEqual(layout.partSize);
    }),
  );
});
