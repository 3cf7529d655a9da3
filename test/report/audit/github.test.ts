import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { severities } from "../../../src/audit/rule.ts";
import { auditReportText } from "../../support/audit-report-text.ts";
import {
  aBucket,
  aReport,
  aResult,
  suppressedResult,
  textOptions,
  unknownResult,
} from "../../support/audit-reports.ts";
import { hostileText } from "../../support/hostile-text.ts";

const lines = (...report: Parameters<typeof aReport>) =>
  auditReportText("github", aReport(...report), textOptions)
    .trimEnd()
    .split("\n");

test("a failure is one command with its fix", () => {
  expect(lines()).toEqual([
    "::error title=drop%3A tls-only (high)::drop accepts plain HTTP: it has no bucket policy.%0AFix:%0Aaws s3api put-bucket-policy --bucket drop \\%0A  --policy file://tls-only.json",
    "1 bucket, 1 check: 1 failed (1 high), 0 unknown, 0 passed",
    "Exit code 1: a failure at or above high",
  ]);
});

describe("kinds", () => {
  const kinds = { critical: "error", high: "error", medium: "warning", low: "notice", info: "notice" } as const;
  test.for(severities)("a failure of severity %s", (severity) => {
    expect(lines([aBucket({ results: [aResult({ severity })] })])[0]).toMatch(new RegExp(`^::${kinds[severity]} `));
  });

  test("what is unknown is a warning with the missing permission", () => {
    expect(lines([aBucket({ results: [unknownResult] })])[0]).toBe(
      "::warning title=drop%3A public-policy (unknown)::The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.%0AMissing permission: s3:GetBucketPolicy",
    );
  });

  test("a bucket that could not be audited is an error", () => {
    const error = { code: "BUCKET_NOT_FOUND", message: "There is no bucket gone.", hint: "Look at its name." };
    expect(lines([aBucket({ bucket: "gone", results: [], error })])[0]).toBe(
      "::error title=gone could not be audited::There is no bucket gone.%0ALook at its name.",
    );
  });

  test("what passed or is suppressed makes none", () => {
    const results = [suppressedResult, aResult({ status: "pass" }), aResult({ status: "not-applicable" })];
    expect(lines([aBucket({ results })]).filter((line) => line.startsWith("::"))).toEqual([]);
  });
});

test("shows ten of a kind, the worst, and counts the rest", () => {
  const high = Array.from({ length: 11 }, () => aResult({ severity: "high" }));
  const all = lines([aBucket({ results: [...high, aResult({ severity: "critical", rule: "public-acl" })] })]);
  expect(all.filter((line) => line.startsWith("::error"))).toHaveLength(10);
  expect(all[0]).toContain("public-acl (critical)");
  expect(all[10]).toBe("2 more errors without an annotation: GitHub shows ten.");
});

test("what a bucket holds makes no command of its own", () => {
  fc.assert(
    fc.property(hostileText, (hostile) => {
      const results = [
        aResult({ message: hostile, evidence: [{ message: hostile }], fix: { cli: hostile, terraform: "" } }),
      ];
      const written = lines([
        aBucket({ bucket: hostile, results: [...results, { ...unknownResult, message: hostile }] }),
      ]);
      expect(written).toHaveLength(4);
      const [title, ...rest] = (written[0] ?? "").replace("::error title=", "").split("::");
      expect(title).not.toMatch(/[:,\r\n]/);
      expect(rest.length).toBeGreaterThan(0);
      expect(written.join("")).not.toMatch(/%(?!25|0A|0D|3A|2C)/);
    }),
  );
});
