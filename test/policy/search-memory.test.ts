import { describe, expect, test } from "vitest";
import { Budget, BudgetSpent } from "../../src/policy/budget.ts";
import { glob } from "../../src/policy/glob.ts";
import type { Region } from "../../src/policy/glob-search.ts";
import { witness } from "../../src/policy/glob-search.ts";
import { remembered } from "../../src/policy/search-memory.ts";

const regionOf = (within: readonly string[], outside: readonly string[]): Region => ({
  within: [within.map((pattern) => glob(pattern))],
  outside: [outside.map((pattern) => glob(pattern))],
});

const languages = (...patterns: readonly string[]): Region["within"] => patterns.map((pattern) => [glob(pattern)]);

/** A search that costs ten steps and tells how often it was made. */
function countedSearch() {
  const counted = { times: 0 };
  const search = (_: Region, budget: Budget): string => {
    budget.spend(10);
    counted.times += 1;
    return `found ${counted.times}`;
  };
  return { counted, search };
}

describe("a search that was made before", () => {
  test("is not made again, and costs its question the same", () => {
    const { counted, search } = countedSearch();
    const spent = [1, 2].map(() => {
      const budget = new Budget(100);
      expect(remembered(regionOf(["once-*"], ["once-a"]), budget, search)).toBe("found 1");
      return 100 - budget.remaining;
    });
    expect(spent).toEqual([10, 10]);
    expect(counted.times).toBe(1);
  });

  test("is refused to a question that could not have afforded it", () => {
    const { search } = countedSearch();
    remembered(regionOf(["dear-*"], []), new Budget(100), search);
    expect(() => remembered(regionOf(["dear-*"], []), new Budget(9), search)).toThrow(BudgetSpent);
  });

  test.each<readonly [sentence: string, one: Region, other: Region]>([
    ["what is inside and what is outside", regionOf(["p-a*"], ["p-b"]), regionOf(["p-b"], ["p-a*"])],
    ["one pattern and two", regionOf(["q-a*"], []), regionOf(["q-a*", "q-b"], [])],
    ["a wildcard and one character", regionOf(["r-*"], []), regionOf(["r-?"], [])],
    ["two languages and one of two patterns", { within: languages("s", "t"), outside: [] }, regionOf(["s", "t"], [])],
    ["the empty text and nothing", regionOf(["u*"], [""]), regionOf(["u*"], [])],
    ["nothing outside and no outside", regionOf(["v*"], []), { within: languages("v*"), outside: [] }],
  ])("%s are told apart", (_, one, other) => {
    const { search } = countedSearch();
    expect(remembered(one, new Budget(), search)).toBe("found 1");
    expect(remembered(other, new Budget(), search)).toBe("found 2");
    expect(remembered(one, new Budget(), search)).toBe("found 1");
  });

  test("many later ones put it out, and then it is made again", () => {
    const { counted, search } = countedSearch();
    for (let at = 0; at < 5000; at++) remembered(regionOf([`out-${at}*`], []), new Budget(), search);
    expect(counted.times).toBe(5000);
    remembered(regionOf(["out-0*"], []), new Budget(), search);
    expect(counted.times).toBe(5001);
    remembered(regionOf(["out-4999*"], []), new Budget(), search);
    expect(counted.times).toBe(5001);
  });
});

test("buckets with like policies get their own witnesses", () => {
  const found = ["first", "second"].map((bucket) => {
    const arn = `arn:aws:s3:::${bucket}`;
    return witness({ within: [[glob(`${arn}/?*`)]], outside: [[glob(`${arn}/x*`)]] }, new Budget());
  });
  expect(found).toEqual(["arn:aws:s3:::first/y", "arn:aws:s3:::second/y"]);
});
