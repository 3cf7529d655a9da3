import { describe, expect, test } from "vitest";
import { applyBaseline, baselineText, parseBaseline } from "../../src/audit/baseline.ts";
import { evaluate } from "../../src/audit/evaluate.ts";
import type { CorsRule } from "../../src/audit/facets.ts";
import type { BucketReport } from "../../src/audit/result.ts";
import { rules } from "../../src/audit/rules/index.ts";
import { aBucket, aCorsRule, anIntent } from "../support/audit-bucket.ts";

const reportFor = (cors: readonly CorsRule[], bucket = "drop"): BucketReport => ({
  bucket,
  source: "live",
  results: evaluate(aBucket({ cors }, { bucket }), rules, anIntent()),
  policy: { public: "no", strangers: { answer: "no", can: [], reason: "" }, masked: "no" },
});
const open = [aCorsRule({ AllowedOrigins: ["*"] })];
const known = parseBaseline(baselineText([reportFor(open)]), "baseline.json");
const statusIn = ({ results, bucket }: BucketReport, rule = "cors-wildcard-origin") =>
  applyBaseline(results, bucket, known).find((result) => result.rule === rule);

describe("a baseline", () => {
  test("lets pass what was there, and says so", () => {
    expect(statusIn(reportFor(open))).toMatchObject({ status: "suppressed", suppression: { by: "baseline" } });
    const failures = applyBaseline(reportFor(open).results, "drop", known).filter(({ status }) => status === "fail");
    expect(failures).toEqual([]);
  });

  test("does not let pass a new finding of the same rule", () => {
    expect(statusIn(reportFor([aCorsRule({ AllowedOrigins: ["*", "https://*.com"] })]))?.status).toBe("fail");
  });

  test("lets pass what is left when one of two findings is repaired", () => {
    const two = [aCorsRule({ AllowedOrigins: ["*", "https://*.com"] })];
    const both = parseBaseline(baselineText([reportFor(two)]), "baseline.json");
    const left = applyBaseline(reportFor(open).results, "drop", both);
    expect(left.find(({ rule }) => rule === "cors-wildcard-origin")?.status).toBe("suppressed");
  });

  test("is of one bucket", () => {
    expect(statusIn(reportFor(open, "other"))?.status).toBe("fail");
  });

  test("is the same text whatever the order, and again after it was applied", () => {
    const [a, b] = [reportFor(open), reportFor(open, "other")];
    const reversed = { ...a, results: a.results.toReversed() };
    expect(baselineText([b, reversed])).toBe(baselineText([a, b]));
    const applied = { ...a, results: applyBaseline(a.results, "drop", known) };
    expect(baselineText([applied])).toBe(baselineText([a]));
  });

  test("can be read by people", () => {
    const { findings } = JSON.parse(baselineText([reportFor(open)]));
    expect(findings).toContainEqual({
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      rule: "cors-wildcard-origin",
      bucket: "drop",
      message: "drop admits pages of strangers: the CORS origin * is every website.",
    });
  });

  test.for([
    ["what is no JSON", "{", "It is not JSON."],
    ["another document", '{"v":1,"type":"audit"}', 'It has no "v": 1 and "type": "audit-baseline".'],
    [
      "a later version",
      '{"v":2,"type":"audit-baseline","findings":[]}',
      'It has no "v": 1 and "type": "audit-baseline".',
    ],
    ["no list", '{"v":1,"type":"audit-baseline","findings":{}}', '"findings" is not a list.'],
    ["a finding without a name", '{"v":1,"type":"audit-baseline","findings":[{}]}', "Finding 1 has no fingerprint."],
    ["null", "null", 'It has no "v": 1 and "type": "audit-baseline".'],
  ] as const)("is refused when it is %s", ([, text, why]) => {
    expect(() => parseBaseline(text, "baseline.json")).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: "baseline.json cannot be used as a baseline.", why }),
    );
  });
});
