import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capacityOf, equalStages, growingStages } from "../../src/signing/part-growth.ts";
import { S3_LIMITS } from "../../src/signing/part-layout.ts";

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;
const TiB = 1024 * GiB;

describe("the parts of a stream", () => {
  test("hold 5 TiB in 10,000, never shrink, and keep within S3's limits, whatever the first size", () => {
    fc.assert(
      fc.property(fc.integer({ min: S3_LIMITS.minPartSize, max: S3_LIMITS.maxPartSize }), (first) => {
        const stages = growingStages(first);
        const sizes = stages.map(({ partSize }) => partSize);
        expect(capacityOf(stages)).toBeGreaterThanOrEqual(5 * TiB);
        expect(stages.reduce((sum, { partCount }) => sum + partCount, 0)).toBe(10_000);
        expect(stages.every(({ partCount }) => Number.isInteger(partCount) && partCount > 0)).toBe(true);
        expect(sizes[0]).toBe(first);
        expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
        expect(sizes.at(-1)).toBeLessThanOrEqual(S3_LIMITS.maxPartSize);
      }),
    );
  });

  test("begin with the usual size for 7.8 GiB, pass 48.8 GiB with 64 MiB, and end with 704 MiB", () => {
    const stages = growingStages(16 * MiB);
    expect(stages.map(({ partSize, partCount }) => `${partCount} of ${partSize / MiB}`)).toEqual([
      "500 of 16",
      "500 of 32",
      "500 of 64",
      "500 of 128",
      "500 of 256",
      "500 of 512",
      "7000 of 704",
    ]);
    expect(capacityOf(stages.slice(0, 3))).toBeGreaterThan(48.8 * GiB);
  });

  test("stay as they are where the first size is enough", () => {
    expect(growingStages(GiB)).toEqual([{ partSize: GiB, partCount: 10_000 }]);
  });

  test("are equal for a store that wants them so", () => {
    expect(capacityOf(equalStages(5 * MiB))).toBe(50_000 * MiB);
  });
});
