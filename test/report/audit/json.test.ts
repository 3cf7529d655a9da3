import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
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

const schema = JSON.parse(
  readFileSync(new URL("../../../docs/schemas/audit-report.schema.json", import.meta.url), "utf8"),
);
const isReport = new Ajv({ strict: true, allowUnionTypes: true }).compile(closed(schema));
const json = (...report: Parameters<typeof aReport>) => auditReportText("json", aReport(...report), textOptions);

const witness = { action: "s3:PutObject", resource: "arn:aws:s3:::drop/x" };
const everything = [
  aBucket({ results: [aResult({ evidence: [{ message: "m", value: { a: 1 }, witness }], witness }), unknownResult] }),
  aBucket({ bucket: "kept", results: [suppressedResult, aResult({ status: "pass" })] }),
  aBucket({ bucket: "gone", results: [], error: { code: "BUCKET_NOT_FOUND", message: "There is no bucket gone." } }),
];

test("is one object on one line, as scripts rely on it", () => {
  expect(json()).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(json())).toEqual({
    v: 1,
    type: "audit",
    buckets: [
      {
        bucket: "drop",
        source: "live",
        results: [
          {
            rule: "tls-only",
            layer: "extra",
            severity: "high",
            status: "fail",
            message: "drop accepts plain HTTP: it has no bucket policy.",
            why: "Whoever sits on the line reads and changes what is sent.",
            fix: {
              cli: "aws s3api put-bucket-policy --bucket drop \\\n  --policy file://tls-only.json",
              terraform: 'resource "aws_s3_bucket_policy" "drop" {\n}',
            },
            evidence: [],
            witness: null,
            fingerprint: "0123456789abcdef",
          },
        ],
        policy: {
          public: false,
          strangers: false,
          masked: false,
          awsSays: false,
          reason: "no statement lets anyone in",
          witnesses: [],
        },
      },
    ],
    summary: {
      buckets: 1,
      rules: 1,
      byStatus: { pass: 0, fail: 1, unknown: 0, "not-applicable": 0, suppressed: 0 },
      bySeverity: { critical: 0, high: 1, medium: 0, low: 0, info: 0 },
      failOn: "high",
    },
    exitCode: 1,
  });
});

describe("the shipped schema", () => {
  test("describes every member of a report with everything in it", () => {
    isReport(JSON.parse(json(everything)));
    expect(isReport.errors).toBeNull();
  });

  test.for([
    ["a status that is none", (text: string) => text.replaceAll('"fail"', '"failed"')],
    ["another version", (text: string) => text.replace('"v":1', '"v":2')],
    ["an answer that is none", (text: string) => text.replace('"masked":false', '"masked":"no"')],
  ] as const)("refuses %s", ([, change]) => {
    expect(isReport(JSON.parse(change(json(everything))))).toBe(false);
  });

  test("holds whatever the texts are", () => {
    fc.assert(
      fc.property(hostileText, (hostile) => {
        const results = [aResult({ message: hostile, why: hostile, evidence: [{ message: hostile, value: hostile }] })];
        const parsed = JSON.parse(json([aBucket({ bucket: hostile, results })]));
        expect(isReport(parsed)).toBe(true);
      }),
    );
  });
});

test("the same report gives the same bytes", () => {
  expect(json(structuredClone(everything))).toBe(json(everything));
});

/** The same schema with every object closed, so that a member that nobody described is found. */
function closed(node: unknown): object {
  return JSON.parse(
    JSON.stringify(node, (_, value) =>
      value?.type === "object" && value.properties ? { ...value, additionalProperties: false } : value,
    ),
  );
}
