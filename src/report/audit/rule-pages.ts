/** The pages under docs/rules: one for each rule and one that lists them. Made from the rules, never written by hand. */
import { facetReads } from "../../audit/facet-access.ts";
import type { Layer } from "../../audit/rule.ts";
import type { RuleFacts } from "./format.ts";
import { fenced } from "./markdown-text.ts";
import { inReadingOrder } from "./rule-list.ts";
import { layerName } from "./words.ts";

const note = "<!-- Made from the rule's own file by `npm run docs`; do not edit. -->";

/** Path in the project -> text. */
export function rulePages(rules: readonly RuleFacts[]): ReadonlyMap<string, string> {
  const pages = rules.map((rule) => [`docs/rules/${rule.id}.md`, rulePage(rule)] as const);
  return new Map([["docs/rules/README.md", ruleIndex(rules)], ...pages]);
}

function rulePage(rule: RuleFacts): string {
  return [
    `${note}\n# \`${rule.id}\`: ${rule.title}`,
    `${layerName(rule.layer)} · **${rule.severity}** · [all rules](README.md)`,
    `## Why it matters\n\n${rule.why}`,
    `## What it reads\n\n${readsOf(rule)}`,
    "## How to fix it",
    "Names in capitals stand for your own; `s3up audit` fills them in.",
    `With the AWS CLI:\n\n${fenced("sh", rule.fix.cli)}`,
    `With Terraform:\n\n${fenced("hcl", rule.fix.terraform)}`,
    `## When it is meant to be so\n\nSay so in \`s3up.config.json\`, with a reason; after the day of \`expires\` it is a finding again:\n\n${fenced("json", suppressionOf(rule))}\n`,
  ].join("\n\n");
}

function readsOf({ needs = [] }: RuleFacts): string {
  const rows = needs.flatMap((facet) => facetReads[facet]).map(({ call, action }) => `| ${call} | \`${action}\` |`);
  const table = ["| Call | IAM action that allows it |", "| --- | --- |", ...new Set(rows)].join("\n");
  const parts = [
    ...(rows.length === 0 ? [] : [table]),
    ...(needs.includes("endpoint") ? [endpointLine(needs.length === 1)] : []),
    ...(needs.includes("change")
      ? ["What a Terraform plan changes: the rule needs `--plan FILE`, and live audits leave it out."]
      : []),
  ];
  return parts.length === 0 ? "Nothing of the bucket." : parts.join("\n\n");
}

function suppressionOf({ id }: RuleFacts): string {
  const entry = { rule: id, bucket: "my-bucket", reason: "who decided it, and why", expires: "2027-03-31" };
  return JSON.stringify({ suppressions: [entry] }, null, 2);
}

function ruleIndex(rules: readonly RuleFacts[]): string {
  const ordered = inReadingOrder(rules);
  const layers = [...new Set(ordered.map(({ layer }) => layer))];
  return [
    `${note}\n# The rules of \`s3up audit\``,
    "An id is kept for ever once it is shipped. [How to run the audit](../audit.md).",
    `${layers.map((layer) => layerTable(layer, ordered)).join("\n\n")}\n`,
  ].join("\n\n");
}

function layerTable(layer: Layer, rules: readonly RuleFacts[]): string {
  const rows = rules
    .filter((rule) => rule.layer === layer)
    .map(({ id, severity, title }) => `| [\`${id}\`](${id}.md) | ${severity} | ${title} |`);
  return `## ${layerName(layer)}\n\n| Rule | Severity | Holds when |\n| --- | --- | --- |\n${rows.join("\n")}`;
}

function endpointLine(isAll: boolean): string {
  return isAll
    ? "What the presign endpoint answers: the rule needs `--endpoint URL`."
    : "With `--endpoint URL` also what the presign endpoint answers.";
}
