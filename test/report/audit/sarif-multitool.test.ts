/**
 * Two other opinions on our SARIF: Microsoft's validator with GitHub's rules, and the schema that comes with it.
 * S3UP_TEST_SARIF_MULTITOOL is what scripts/sarif-multitool-install.sh prints; CI must have it.
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { ruleDescriptions } from "../../../src/audit/rules/index.ts";
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
import { useTemporaryDirectory } from "../../support/temporary-directory.ts";

const directory = useTemporaryDirectory();
const multitool = process.env.S3UP_TEST_SARIF_MULTITOOL;

test.skipIf(process.env.CI === undefined)("CI asks the validator", () => {
  expect(multitool).toBeDefined();
});

const error = { code: "BUCKET_NOT_FOUND", message: "There is no bucket gone." };
const hostile = "[x](https://evil.example) {0} \u001b[31m <b> \ud800\n\u202e";
const witness = { action: "s3:PutObject", resource: "arn:aws:s3:::drop/x" };

const reports = [
  ["nothing found", []],
  ["every status", [aBucket({ results: [aResult({ witness }), unknownResult, suppressedResult] })]],
  ["a bucket that could not be audited", [aBucket({ bucket: "gone", results: [], error })]],
  ["hostile text", [aBucket({ bucket: hostile, source: hostile, results: [aResult({ message: hostile })] })]],
  ["many results", [aBucket({ results: Array.from({ length: 300 }, (_, n) => aResult({ fingerprint: `${n}` })) })]],
] as const;

const rules = [...ruleDescriptions, aRule(), aRule({ id: "public-policy" }), aRule({ id: "public-website" })].filter(
  ({ id }, index, all) => all.findIndex((rule) => rule.id === id) === index,
);

describe.skipIf(multitool === undefined)("SARIF (only where S3UP_TEST_SARIF_MULTITOOL names the validator)", () => {
  test.for(reports)("of %s is valid", { timeout: 120_000 }, async ([, buckets]) => {
    const text = auditReportText("sarif", aReport(buckets), { ...textOptions, rules });
    expect(schemaErrors(text)).toEqual([]);
    expect(await complaints(text)).toEqual([]);
  });

  test("the validator finds what is wrong", { timeout: 120_000 }, async () => {
    const text = auditReportText("sarif", aReport(), { ...textOptions, rules });
    expect(schemaErrors(text.replace('"kind": "fail"', '"kind": "failed"'))).not.toEqual([]);
    expect(await complaints(text.replace('"startLine": 1', '"startLine": 9'))).not.toEqual([]);
  });
});

/** It leaves out what is larger than its default, and says so nowhere. */
const anySize = ["--max-file-size-in-kb", "1000000"];

/** What the validator calls an error or a warning; notes are matters of taste. */
async function complaints(text: string): Promise<readonly string[]> {
  const folder = directory();
  const [file, output] = [join(folder, "audit.sarif"), join(folder, "verdict.sarif")];
  writeFileSync(file, text);
  const options = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--output", output, ...anySize];
  // Its exit code is 1 for errors, which the output tells better; and it wants no locale data.
  await promisify(execFile)(multitool ?? "", ["validate", file, ...options], {
    env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" },
    maxBuffer: 1 << 26,
  }).catch(() => undefined);
  const { results } = JSON.parse(readFileSync(output, "utf8")).runs[0];
  return (
    results
      // SARIF2005 wants a page about the tool, which has none yet.
      .filter(({ ruleId }: { ruleId: string }) => ruleId !== "SARIF2005")
      .map((result: { ruleId: string; message: { arguments?: string[] } }) =>
        [result.ruleId, ...(result.message.arguments ?? [])].join(" "),
      )
  );
}

function schemaErrors(text: string): readonly string[] {
  const schema = JSON.parse(readFileSync(join(dirname(multitool ?? ""), "sarif-2.1.0.json"), "utf8"));
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  return ajv.validate(schema, JSON.parse(text)) ? [] : [ajv.errorsText()];
}
