import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BucketReport } from "../../../src/audit/result.ts";
import { severities } from "../../../src/audit/rule.ts";
import type { AuditTextOptions } from "../../../src/report/audit/format.ts";
import { auditReportText } from "../../support/audit-report-text.ts";
import {
  aBucket,
  aReport,
  aResult,
  aRule,
  suppressedResult,
  textOptions,
  unknownResult,
} from "../../support/audit-reports.ts";
import { hostileText } from "../../support/hostile-text.ts";

function runOf(buckets: readonly BucketReport[] = [aBucket()], changes: Partial<AuditTextOptions> = {}) {
  return JSON.parse(auditReportText("sarif", aReport(buckets), { ...textOptions, ...changes })).runs[0];
}

const resultWith = (changes: Parameters<typeof aResult>[0]) =>
  runOf([aBucket({ results: [aResult(changes)] })]).results[0];

describe("rules", () => {
  test("bring what GitHub shows of them", () => {
    expect(runOf().tool.driver.rules[0]).toMatchObject({
      id: "tls-only",
      shortDescription: { text: "Expected: Plain HTTP is refused" },
      fullDescription: { text: "Whoever sits on the line reads and changes what is sent." },
      defaultConfiguration: { level: "error" },
      help: { text: expect.stringContaining("put-bucket-policy"), markdown: expect.stringContaining("```hcl") },
    });
  });

  test.for([
    ["critical", "error", "9.5"],
    ["high", "error", "8.0"],
    ["medium", "warning", "5.0"],
    ["low", "note", "3.0"],
    ["info", "note", "0.0"],
  ] as const)("severity %s is level %s and score %s", ([severity, level, score]) => {
    const [rule] = runOf([aBucket()], { rules: [aRule({ severity })] }).tool.driver.rules;
    expect(rule.defaultConfiguration.level).toBe(level);
    expect(rule.properties["security-severity"]).toBe(score);
    expect(rule.properties.tags.length).toBeLessThanOrEqual(20);
    expect(resultWith({ severity }).level).toBe(level);
  });
});

describe("results", () => {
  test("a failure points at its rule, the anchor file and the bucket", () => {
    expect(runOf().results).toEqual([
      {
        ruleId: "tls-only",
        ruleIndex: 0,
        kind: "fail",
        level: "error",
        message: { text: "drop accepts plain HTTP: it has no bucket policy." },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "s3up.config.json", uriBaseId: "%SRCROOT%" },
              region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
            },
            logicalLocations: [{ name: "drop", fullyQualifiedName: "arn:aws:s3:::drop", kind: "resource" }],
          },
        ],
        partialFingerprints: { primaryLocationLineHash: "0123456789abcdef:1", "s3up/v1": "0123456789abcdef" },
        properties: { bucket: "drop", source: "live", severity: "high", layer: "extra", status: "fail" },
      },
    ]);
  });

  test("what is unknown is open, without a level, with the missing permission", () => {
    expect(runOf([aBucket({ results: [unknownResult] })]).results[0]).toMatchObject({
      kind: "open",
      level: "none",
      message: {
        text: "In drop:\nThe bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.\nMissing permission: s3:GetBucketPolicy.",
      },
    });
  });

  test("what is suppressed says by whom and until when", () => {
    expect(runOf([aBucket({ results: [suppressedResult] })]).results[0].suppressions).toEqual([
      {
        kind: "external",
        status: "accepted",
        justification: "accepted until 2026-12-31: the landing page is served from it",
        properties: { by: "configuration", expires: "2026-12-31" },
      },
    ]);
  });

  test("what passed or does not apply is left out, because GitHub makes an alert of every result", () => {
    const results = [aResult({ status: "pass" }), aResult({ status: "not-applicable" })];
    expect(runOf([aBucket({ results })]).results).toEqual([]);
  });

  test("the bucket's own partition is kept", () => {
    const [result] = runOf([aBucket({ arn: "arn:aws-cn:s3:::drop" })]).results;
    expect(result.locations[0].logicalLocations[0].fullyQualifiedName).toBe("arn:aws-cn:s3:::drop");
  });

  test.for([
    ["infra/s3 bucket.tf", "infra/s3%20bucket.tf"],
    ["./s3up.config.json", "s3up.config.json"],
    ["infra\\main.tf", "infra/main.tf"],
  ] as const)("the anchor file %s is the reference %s", ([anchorFile, uri]) => {
    const [result] = runOf([aBucket()], { anchorFile }).results;
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe(uri);
  });

  test("a rule that is not described has no index", () => {
    expect(resultWith({ rule: "suppression-expired" })).not.toHaveProperty("ruleIndex");
  });
});

describe("order and fingerprints", () => {
  const results = severities.map((severity) => aResult({ severity, rule: severity, fingerprint: severity }));

  test("the worst comes first", () => {
    const { results: written } = runOf([aBucket({ results: results.toReversed() })]);
    expect(written.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(severities);
  });

  test("fingerprints go with their findings, whatever the order of buckets and rules", () => {
    const buckets = [aBucket({ results }), aBucket({ bucket: "other", results: [unknownResult] })];
    const turned = buckets.toReversed().map((bucket) => ({ ...bucket, results: bucket.results.toReversed() }));
    const marks = (run: ReturnType<typeof runOf>) =>
      run.results.map((result: { ruleId: string; partialFingerprints: object }) => [
        result.ruleId,
        result.partialFingerprints,
      ]);
    expect(marks(runOf(turned)).sort()).toEqual(marks(runOf(buckets)).sort());
  });
});

describe("GitHub's limits", () => {
  const many = (count: number) =>
    aBucket({ results: Array.from({ length: count }, () => aResult({ severity: "low" })) });

  test("of more than 25,000 results the mildest are left out, and it is said", () => {
    const worst = aBucket({ bucket: "worst", results: [aResult({ severity: "critical" })] });
    const { results, invocations } = runOf([many(25_001), worst]);
    expect(results).toHaveLength(25_000);
    expect(results[0].properties.bucket).toBe("worst");
    expect(invocations[0].toolExecutionNotifications.map(textOf)).toEqual([
      "2 results, the mildest, are left out: GitHub refuses a file with more than 25,000.",
      "GitHub shows 5,000 results of a file; the worst come first here.",
    ]);
  });

  test("of more than 5,000 it is said that GitHub does not show all", () => {
    expect(runOf([many(5001)]).invocations[0].toolExecutionNotifications).toHaveLength(1);
    expect(runOf([many(5000)]).invocations[0].toolExecutionNotifications).toHaveLength(0);
  });
});

test("a bucket that could not be audited is told of, and the run was no success", () => {
  const error = { code: "BUCKET_NOT_FOUND", message: "There is no bucket gone.", hint: "Look at its name." };
  const [invocation] = runOf([aBucket({ bucket: "gone", results: [], error })]).invocations;
  expect(invocation.executionSuccessful).toBe(false);
  expect(invocation.toolExecutionNotifications.map(textOf)).toEqual([
    "gone could not be audited: There is no bucket gone. Look at its name.",
  ]);
});

test("a message makes no link and holds nothing invisible", () => {
  fc.assert(
    fc.property(hostileText, (hostile) => {
      const { text } = resultWith({ message: hostile, evidence: [{ message: hostile }] }).message;
      expect(text).not.toContain("](");
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    }),
  );
});

function textOf(notification: { message: { text: string } }): string {
  return notification.message.text;
}
