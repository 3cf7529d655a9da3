/** The report for a person who is no security engineer: what is open, why that matters, what to paste, what to do next. */
import type { AuditReport, BucketReport, RuleResult } from "../../audit/result.ts";
import type { Severity } from "../../audit/rule.ts";
import type { AuditTextOptions } from "./format.ts";
import { bucketTable } from "./human-table.ts";
import { type Paint, painter } from "./paint.ts";
import { visibleLine, visibleLines } from "./visible.ts";
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
import { byLayer, countOf, type LayerResults, worstBucketsFirst } from "./worst-first.ts";

export function humanText(report: AuditReport, { color }: AuditTextOptions): string {
  const paint = painter(color);
  const buckets = worstBucketsFirst(report.buckets);
  const many = buckets.length > 1;
  const detailed = many ? buckets.filter(needsAttention) : buckets;
  const blocks = [
    ...(many ? [bucketTable(buckets, paint)] : []),
    ...detailed.map((bucket) => bucketText(bucket, paint)),
    closingText(report, paint),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function needsAttention(bucket: BucketReport): boolean {
  return bucket.error !== undefined || countOf(bucket, "fail") + countOf(bucket, "unknown") > 0;
}

function bucketText(bucket: BucketReport, paint: Paint): string {
  const source = bucket.source === "live" ? "" : ` (from ${visibleLine(bucket.source)})`;
  const title = paint.bold(`${visibleLine(bucket.bucket)}${source}`);
  if (bucket.error !== undefined) return `${title}\n  ${paint.red("✗")} ${visibleLine(errorText(bucket))}`;
  const layers = byLayer(bucket.results);
  const fixes = firstWithFix(layers);
  return [
    title,
    answersText(bucket, paint),
    ...layers.flatMap((group) => layerText(group, paint, fixes)),
    ...quietText(bucket, paint),
  ].join("\n\n");
}

function answersText({ policy }: BucketReport, paint: Paint): string {
  const lines = policyAnswerLines(policy).flatMap(({ question, answer, remark, examples }) => {
    const color = { yes: paint.red, no: paint.green, unknown: paint.yellow }[answer];
    const explanation = remark === "" ? "" : `  ${visibleLine(remark)}`;
    const line = `    ${`${question}?`.padEnd(33)} ${color(answer)}${explanation}`;
    return [line, ...examples.map((example) => `      ${visibleLine(example)}`)];
  });
  return ["  The bucket policy", ...lines].join("\n");
}

/** Fix -> the first rule with it: several failures are often one setting. */
type Fixes = ReadonlyMap<string, string>;

function firstWithFix(layers: readonly LayerResults[]): Fixes {
  const failures = layers.flatMap(({ results }) => results.filter(({ status }) => status === "fail"));
  // Of two entries with one key, a map keeps the later.
  return new Map(failures.toReversed().map(({ fix, rule }) => [fix.cli, rule]));
}

function layerText({ layer, results }: LayerResults, paint: Paint, fixes: Fixes): readonly string[] {
  const shown = results.filter(({ status }) => status === "fail" || status === "unknown");
  if (shown.length === 0) return [];
  const entries = shown.map((result) =>
    result.status === "fail" ? failureText(result, paint, fixes) : unknownText(result, paint),
  );
  return [[`  ${paint.bold(layerName(layer))}`, ...entries].join("\n")];
}

function failureText(result: RuleResult, paint: Paint, fixes: Fixes): string {
  return [
    `    ${paint.red("✗")} ${severityText(result.severity, paint)}  ${result.rule}`,
    ...foundText(result),
    `      ${paint.dim(`Why: ${visibleLine(result.why)}`)}`,
    ...fixText(result, fixes),
  ].join("\n");
}

function fixText({ rule, fix }: RuleResult, fixes: Fixes): readonly string[] {
  const first = fixes.get(fix.cli);
  if (first !== undefined && first !== rule) return [`      Fix: the same as for ${first}, above`];
  const lines = visibleLines(fix.cli).split("\n");
  return ["      Fix:", ...lines.map((line) => `        ${line}`)];
}

function unknownText(result: RuleResult, paint: Paint): string {
  const actions = missingActions([result]);
  return [
    `    ${paint.yellow("?")} ${severityText(result.severity, paint)}  ${result.rule}  ${paint.yellow("could not be decided")}`,
    ...foundText(result),
    ...(actions.length === 0 ? [] : [`      Missing permission: ${actions.map(visibleLine).join(", ")}`]),
  ].join("\n");
}

function foundText(result: RuleResult): readonly string[] {
  const lines = findingLines(result).map(visibleLine);
  const address = addressText(result);
  return [
    ...lines.map((line) => `      ${lines.length > 1 ? "- " : ""}${line}`),
    ...(address === undefined ? [] : [`      In ${visibleLine(address)}`]),
  ];
}

function severityText(severity: Severity, paint: Paint): string {
  const colors = { critical: paint.red, high: paint.red, medium: paint.yellow, low: paint.dim, info: paint.dim };
  return colors[severity](severity.padEnd(8));
}

/** What needs nobody's attention: a line for each layer, the suppressed with their reasons. */
function quietText({ results }: BucketReport, paint: Paint): readonly string[] {
  const rulesWith = (group: readonly RuleResult[], status: RuleResult["status"]) =>
    group.filter((result) => result.status === status).map(({ rule }) => rule);
  const passed = byLayer(results.filter(({ status }) => status === "pass")).map(
    ({ layer, results: group }) =>
      `  ${paint.green("✓")} ${layerName(layer)}: ${paint.dim(rulesWith(group, "pass").join(", "))}`,
  );
  const skipped = rulesWith(results, "not-applicable");
  const suppressed = results
    .filter(({ status }) => status === "suppressed")
    .map((result) => `  - ${result.rule}: ${visibleLine(suppressionText(result))}`);
  const lines = [
    ...passed,
    ...(skipped.length === 0 ? [] : [paint.dim(`  - not applicable: ${skipped.join(", ")}`)]),
    ...suppressed,
  ];
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function closingText(report: AuditReport, paint: Paint): string {
  const steps = nextSteps(report);
  return [
    paint.bold(countsSentence(report)),
    exitSentence(report),
    ...(steps.length === 0 ? [] : ["Next:", ...steps.map((step) => `  - ${step}`)]),
  ].join("\n");
}

function nextSteps({ buckets, summary }: AuditReport): readonly string[] {
  const actions = missingActions(buckets.flatMap(({ results }) => results)).map(visibleLine);
  return [
    ...(summary.byStatus.fail === 0
      ? []
      : [
          "Paste the fixes, the worst first, and run the same command again.",
          "s3up audit --explain-rule ID tells more of a rule, and how to fix it with Terraform.",
        ]),
    ...(actions.length === 0
      ? []
      : [`Allow ${actions.join(", ")}; s3up audit --permissions prints the whole IAM policy that the audit needs.`]),
  ];
}
