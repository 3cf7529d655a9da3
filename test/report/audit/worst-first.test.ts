import { describe, expect, test } from "vitest";
import { byLayer, worstBucketsFirst, worstFirst } from "../../../src/report/audit/worst-first.ts";
import { aBucket, aResult, unknownResult } from "../../support/audit-reports.ts";

test("failures come before open questions, and both before what needs nobody", () => {
  const passed = aResult({ rule: "passed", status: "pass", severity: "critical" });
  const mild = aResult({ rule: "mild", severity: "low" });
  const worst = aResult({ rule: "worst", severity: "critical" });
  const order = worstFirst([passed, unknownResult, mild, worst]).map(({ rule }) => rule);
  expect(order).toEqual(["worst", "mild", "public-policy", "passed"]);
});

test("equals keep their order", () => {
  const results = ["a", "b", "c"].map((rule) => aResult({ rule }));
  expect(worstFirst(results)).toEqual(results);
});

describe("layers", () => {
  test("the one with the worst result leads, then they go by number", () => {
    const results = [
      aResult({ layer: "extra" }),
      aResult({ layer: 5 }),
      aResult({ layer: 1 }),
      aResult({ layer: 4, severity: "critical" }),
    ];
    expect(byLayer(results).map(({ layer }) => layer)).toEqual([4, 1, 5, "extra"]);
  });
});

describe("buckets", () => {
  const withFailures = (bucket: string, ...severities: ("critical" | "high" | "low")[]) =>
    aBucket({ bucket, results: severities.map((severity) => aResult({ severity })) });

  test.for([
    ["one critical failure outweighs many mild ones", ["a", "low", "low", "low"], ["b", "critical"], ["b", "a"]],
    ["more failures of a kind lead", ["a", "high"], ["b", "high", "high"], ["b", "a"]],
    ["equals keep their order", ["b", "high"], ["a", "high"], ["b", "a"]],
  ] as const)("%s", ([, [first, ...some], [second, ...others], order]) => {
    const buckets = [withFailures(first, ...some), withFailures(second, ...others)];
    expect(worstBucketsFirst(buckets).map(({ bucket }) => bucket)).toEqual(order);
  });

  test("one that could not be audited leads", () => {
    const gone = aBucket({ bucket: "gone", results: [], error: { code: "S3_ERROR", message: "S3 failed." } });
    expect(worstBucketsFirst([withFailures("a", "critical"), gone])[0]).toBe(gone);
  });
});
