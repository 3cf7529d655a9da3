import { describe, expect, test } from "vitest";
import { seededChance } from "../../src/sandbox/seeded-random.ts";
import {
  adaptiveWidth,
  afterRound,
  afterSlowDown,
  afterSuccess,
  fixedWidth,
  type Round,
  type Width,
} from "../../src/upload/width.ts";

const round = (rate: number, changes: Partial<Round> = {}): Round => ({ rate, full: true, busy: 0.3, ...changes });
const sizes = (start: Width, rounds: readonly Round[]) => {
  let width = start;
  return rounds.map((next) => {
    width = afterRound(width, next);
    return width.size;
  });
};

describe("a width that finds its own way", () => {
  test.for<[string, readonly Round[], readonly number[]]>([
    ["doubles while that pays, up to the most", [100, 200, 400, 800].map((rate) => round(rate)), [8, 16, 32, 32]],
    ["goes back to the smaller one when the wider is no faster", [round(100), round(105)], [8, 4]],
    ["goes back when the wider one is slower", [round(100), round(200), round(90)], [8, 16, 8]],
    ["stays where this process is the limit", [round(100, { busy: 0.9 }), round(500)], [4, 4]],
    ["stays while it is not full", [round(100, { full: false }), round(50, { full: false })], [4, 4]],
    ["tries a little more after eight rounds", [round(100), ...Array(9).fill(round(100))], [8, ...Array(8).fill(4), 5]],
  ])("%s", ([, rounds, expected]) => {
    expect(sizes(adaptiveWidth(4, 32), rounds)).toEqual(expected);
  });

  test("waits twice as long each time that trying did not pay, and not for ever", () => {
    const seen = sizes(adaptiveWidth(4, 32), Array(400).fill(round(100)));
    const tries = seen.flatMap((size, at) => (size > 4 ? [at] : []));
    expect(tries.slice(0, 6)).toEqual([0, 9, 26, 59, 124, 189]);
  });
});

describe("when the server asks for less", () => {
  test("the width halves, then grows by one after as many successes as it is wide, to where it was", () => {
    let width = afterSlowDown(fixedWidth(4));
    const seen = [width.size];
    for (let success = 0; success < 6; success += 1) {
      width = afterSuccess(width);
      seen.push(width.size);
    }
    expect(seen).toEqual([2, 2, 3, 3, 3, 4, 4]);
  });

  test("again while it recovers, it halves again and remembers where it was", () => {
    let width = afterSlowDown(afterSlowDown(fixedWidth(8)));
    expect(width.size).toBe(2);
    for (let success = 0; success < 100; success += 1) width = afterSuccess(width);
    expect(width.size).toBe(8);
  });

  test("it never closes", () => {
    expect(afterSlowDown(afterSlowDown(afterSlowDown(fixedWidth(3)))).size).toBe(1);
    expect(afterSlowDown(fixedWidth(1))).toEqual(fixedWidth(1));
  });

  test("no round makes it wider before it has recovered", () => {
    const width = afterSlowDown(adaptiveWidth(16, 64));
    expect(sizes(width, [round(100), round(1000), round(10_000)])).toEqual([8, 8, 8]);
  });
});

test("a chosen width tries nothing of its own", () => {
  expect(sizes(fixedWidth(5), [round(1), round(100), round(10_000)])).toEqual([5, 5, 5]);
});

/** A link: what so many requests at a time come to, and how busy they keep the process. */
interface Link {
  readonly rate: (size: number) => number;
  readonly busy: (size: number) => number;
}

/** Loopback: four requests keep one core busy. */
const fast: Link = { rate: (size) => Math.min(size, 4) * 200, busy: (size) => Math.min(1, size / 4) };
/** The same with another process in the way: it does not look busy, and is no faster for that. */
const shared: Link = { rate: (size) => Math.min(size, 4) * 100, busy: () => 0.5 };
/** 100 ms there and back: each request adds the same, until the line is full at fifty. */
const longFat: Link = { rate: (size) => Math.min(size, 50) * 10, busy: () => 0.1 };
const slowLine: Link = { rate: () => 1, busy: () => 0.01 };

describe.for<[string, Link, number, number]>([
  ["a fast link", fast, 4, 8],
  ["a fast link that is shared", shared, 4, 8],
  ["a long fat link", longFat, 32, 64],
  ["a slow line", slowLine, 4, 8],
])("on %s", ([, link, least, most]) => {
  test.for([1, 2, 3, 4, 5])("with noise of seed %i it comes to as many requests as pay", (seed) => {
    const random = seededChance(seed);
    let width = adaptiveWidth(4, 128);
    const seen: number[] = [];
    for (let at = 0; at < 200; at += 1) {
      const noise = 0.95 + random() * 0.1;
      width = afterRound(width, { rate: link.rate(width.size) * noise, full: true, busy: link.busy(width.size) });
      seen.push(width.size);
    }
    const settled = seen.slice(8).toSorted((a, b) => a - b);
    const median = settled[Math.floor(settled.length / 2)] ?? 0;
    expect(median).toBeGreaterThanOrEqual(least);
    expect(median).toBeLessThanOrEqual(most);
    // Trying wider costs memory: it is rare.
    expect(settled.filter((size) => size > 2 * median).length).toBeLessThan(settled.length / 10);
  });
});
