/**
 * JUnit XML, as CI servers show test results: a bucket is a suite and a rule is a test. A rule that could not be decided
 * is an error, not a failure, as a test is that could not run.
 */
import type { AuditReport, BucketReport, RuleResult } from "../../audit/result.ts";
import { addressText, findingLines, missingActions, suppressionText } from "./words.ts";
import { xmlAttribute, xmlText } from "./xml-text.ts";

interface TestCase {
  readonly className: string;
  readonly name: string;
  /** Absent for a test that passed. */
  readonly verdict?: {
    readonly element: "failure" | "error" | "skipped";
    readonly type?: string;
    readonly message: string;
    readonly text?: string;
  };
}

export function junitText({ buckets }: AuditReport): string {
  const suites = buckets.map(suiteOf);
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="s3up audit"${countAttributes(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${xmlAttribute(name)}"${countAttributes(cases)}>`,
      ...cases.map(caseElement),
      "  </testsuite>",
    ]),
    "</testsuites>\n",
  ].join("\n");
}

function suiteOf(bucket: BucketReport): { readonly name: string; readonly cases: readonly TestCase[] } {
  const { error } = bucket;
  const name = bucket.bucket;
  if (error === undefined) return { name, cases: bucket.results.map(caseOf) };
  const text = error.hint === undefined ? {} : { text: error.hint };
  const verdict = { element: "error", type: error.code, message: error.message, ...text } as const;
  return { name, cases: [{ className: "s3up.audit", name: "the bucket can be audited", verdict }] };
}

function caseOf(result: RuleResult): TestCase {
  const verdict = verdictOf(result);
  const layer = result.layer === "extra" ? "extra" : `layer-${result.layer}`;
  const place = { className: `s3up.audit.${layer}`, name: result.rule };
  return verdict === undefined ? place : { ...place, verdict };
}

function verdictOf(result: RuleResult): TestCase["verdict"] {
  const { message, severity, status } = result;
  switch (status) {
    case "pass":
      return undefined;
    case "fail":
      return { element: "failure", type: severity, message, text: failureText(result) };
    case "unknown":
      return { element: "error", type: "unknown", message, text: unknownText(result) };
    case "not-applicable":
      return { element: "skipped", message: `not applicable: ${message}` };
    case "suppressed":
      return { element: "skipped", message: `${suppressionText(result)} (${message})` };
  }
}

function failureText(result: RuleResult): string {
  return [...findingLines(result), ...addressLine(result), `Why: ${result.why}`, "Fix:", result.fix.cli].join("\n");
}

function unknownText(result: RuleResult): string {
  const actions = missingActions([result]);
  const missing = actions.length === 0 ? [] : [`Missing permission: ${actions.join(", ")}`];
  return [...findingLines(result), ...addressLine(result), ...missing].join("\n");
}

function addressLine(result: RuleResult): readonly string[] {
  const address = addressText(result);
  return address === undefined ? [] : [`In ${address}`];
}

function caseElement({ className, name, verdict }: TestCase): string {
  const opening = `    <testcase classname="${xmlAttribute(className)}" name="${xmlAttribute(name)}"`;
  if (verdict === undefined) return `${opening}/>`;
  return `${opening}>\n      ${verdictElement(verdict)}\n    </testcase>`;
}

function verdictElement({ element, type, message, text }: NonNullable<TestCase["verdict"]>): string {
  const kind = type === undefined ? "" : ` type="${xmlAttribute(type)}"`;
  const opening = `<${element} message="${xmlAttribute(message)}"${kind}`;
  return text === undefined ? `${opening}/>` : `${opening}>${xmlText(text)}</${element}>`;
}

function countAttributes(cases: readonly TestCase[]): string {
  const count = (element: string) => cases.filter(({ verdict }) => verdict?.element === element).length;
  return ` tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}
