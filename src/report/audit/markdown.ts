/** The summary of a job (GITHUB_STEP_SUMMARY), which also reads well in a comment or a wiki: GitHub's Markdown. */
import type { AuditReport, BucketReport, RuleResult } from "../../audit/result.ts";
import { severities } from "../../audit/rule.ts";
import { countText } from "../units.ts";
import { fenced, htmlLine, markdownCode, markdownLine } from "./markdown-text.ts";
import {
  addressText,
  countsSentence,
  errorText,
  exitSentence,
  findingLines,
  layerName,
  missingActions,
  policyAnswerLines,
  suppressionText,
} from "./words.ts";
import { countOf, worstBucketsFirst, worstFirst } from "./worst-first.ts";

/** GitHub takes 1 MiB for a step and shows nothing of a longer one; the rest is for the notice at the end. */
const mostBytes = 1024 * 1024 - 4096;
const mostRows = 1000;

export function markdownText(report: AuditReport): string {
  const buckets = worstBucketsFirst(report.buckets);
  const blocks = [
    `## s3up audit\n\n${countsSentence(report)}. ${exitSentence(report)}.`,
    ...(buckets.length > 1 ? [bucketTable(buckets)] : []),
    ...buckets.flatMap((bucket) => (buckets.length > 1 && isClean(bucket) ? [] : bucketBlocks(bucket))),
  ];
  return `${withinLimit(blocks).join("\n\n")}\n`;
}

function isClean(bucket: BucketReport): boolean {
  return bucket.error === undefined && countOf(bucket, "fail") + countOf(bucket, "unknown") === 0;
}

function bucketTable(buckets: readonly BucketReport[]): string {
  const rows = buckets.slice(0, mostRows).map((bucket) => {
    const name = markdownCode(bucket.bucket);
    if (bucket.error !== undefined) return row([name, "could not be audited", "", "", "", "", "", ""]);
    const failures = severities.map((severity) => String(countOf(bucket, "fail", severity)));
    return row([name, ...failures, String(countOf(bucket, "unknown")), String(countOf(bucket, "pass"))]);
  });
  const left = buckets.length - mostRows;
  const notice = left > 0 ? [`\n${countText(left, "more bucket")} without a row.`] : [];
  return [...header(["Bucket", ...severities, "unknown", "passed"]), ...rows, ...notice].join("\n");
}

function bucketBlocks(bucket: BucketReport): readonly string[] {
  const title = `### ${markdownCode(bucket.bucket)}`;
  if (bucket.error !== undefined) return [title, markdownLine(errorText(bucket))];
  const results = worstFirst(bucket.results);
  const shown = results.filter(({ status }) => status === "fail" || status === "unknown");
  return [
    title,
    answersTable(bucket),
    ...(shown.length === 0 ? [] : [resultTable(shown)]),
    ...shown.map(detailsOf),
    quietList(results),
  ];
}

function answersTable({ policy }: BucketReport): string {
  const rows = policyAnswerLines(policy).map(({ question, answer, remark, examples }) =>
    row([question, `**${answer}**`, [remark, ...examples].filter(Boolean).map(markdownLine).join("; ")]),
  );
  return [...header(["The bucket policy", "Answer", ""]), ...rows].join("\n");
}

function resultTable(results: readonly RuleResult[]): string {
  const rows = results.map(({ status, severity, rule, layer, message }) =>
    row([
      status === "fail" ? "❌ fail" : "❔ unknown",
      severity,
      markdownCode(rule),
      layerName(layer),
      markdownLine(message),
    ]),
  );
  return [...header(["Verdict", "Severity", "Rule", "Layer", "Found"]), ...rows].join("\n");
}

function detailsOf(result: RuleResult): string {
  const unknown = result.status === "unknown";
  const body = unknown ? unknownBlocks(result) : fixBlocks(result);
  const purpose = unknown ? "how to get an answer" : "how to fix it";
  const found = findingLines(result).filter((line) => line !== result.message);
  const address = addressText(result);
  return [
    `<details><summary>${htmlLine(result.rule)}: ${purpose}</summary>`,
    ...(address === undefined ? [] : [`In ${markdownCode(address)}`]),
    ...(found.length === 0 ? [] : [found.map((line) => `- ${markdownLine(line)}`).join("\n")]),
    ...body,
    "</details>",
  ].join("\n\n");
}

function fixBlocks({ why, fix }: RuleResult): readonly string[] {
  return [markdownLine(why), fenced("sh", fix.cli), "With Terraform:", fenced("hcl", fix.terraform)];
}

function unknownBlocks(result: RuleResult): readonly string[] {
  const actions = missingActions([result]);
  if (actions.length === 0) return [markdownLine(result.message)];
  return [`Allow ${actions.map(markdownCode).join(", ")} for whoever runs the audit.`];
}

function quietList(results: readonly RuleResult[]): string {
  const rulesWith = (status: RuleResult["status"]) => results.filter((result) => result.status === status);
  const names = (found: readonly RuleResult[]) => found.map(({ rule }) => markdownCode(rule)).join(", ");
  const passed = rulesWith("pass");
  const skipped = rulesWith("not-applicable");
  const suppressed = rulesWith("suppressed").map(
    (result) => `- Suppressed: ${markdownCode(result.rule)}, ${markdownLine(suppressionText(result))}`,
  );
  return [
    ...(passed.length === 0 ? [] : [`- Passed: ${names(passed)}`]),
    ...(skipped.length === 0 ? [] : [`- Not applicable: ${names(skipped)}`]),
    ...suppressed,
  ].join("\n");
}

function header(names: readonly string[]): readonly string[] {
  return [row(names), row(names.map(() => "---"))];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Whole blocks only, so that no table and no fence is cut in the middle. */
function withinLimit(blocks: readonly string[]): readonly string[] {
  let bytes = 0;
  const firstTooMany = blocks.findIndex((block) => {
    bytes += Buffer.byteLength(block) + 2;
    return bytes > mostBytes;
  });
  if (firstTooMany < 0) return blocks;
  const notice = "The rest does not fit into a job summary; the JSON and SARIF reports have all of it.";
  return [...blocks.slice(0, firstTooMany), notice];
}
