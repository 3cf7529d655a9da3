/** The rules for `--list-rules` and `--explain-rule`, told without running any. */
import { actionsFor } from "../../audit/facet-access.ts";
import { severities } from "../../audit/rule.ts";
import type { RuleFacts } from "./format.ts";
import { layerName, layerOrder } from "./words.ts";

/** Layer by layer, in each the worst first. */
export function inReadingOrder(rules: readonly RuleFacts[]): readonly RuleFacts[] {
  return rules.toSorted(
    (one, other) =>
      layerOrder(one.layer) - layerOrder(other.layer) ||
      severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
      (one.id < other.id ? -1 : 1),
  );
}

export function ruleTable(rules: readonly RuleFacts[]): string {
  const width = Math.max("rule".length, ...rules.map(({ id }) => id.length));
  const rowOf = (layer: string, id: string, severity: string, title: string) =>
    `${layer.padEnd(5)}  ${severity.padEnd(8)}  ${id.padEnd(width)}  ${title}\n`;
  const rows = inReadingOrder(rules).map(({ layer, id, severity, title }) =>
    rowOf(layer === "extra" ? "+" : String(layer), id, severity, title),
  );
  return [rowOf("layer", "rule", "severity", "title"), ...rows].join("");
}

/** One object on one line. */
export function ruleListJson(rules: readonly RuleFacts[]): string {
  const listed = inReadingOrder(rules).map(({ id, layer, severity, title, why, fix, needs = [] }) => ({
    id,
    layer,
    severity,
    title,
    why,
    fix: { cli: fix.cli, terraform: fix.terraform },
    needs,
    actions: actionsOf({ needs }),
  }));
  return `${JSON.stringify({ v: 1, type: "rules", rules: listed })}\n`;
}

export function ruleExplanation(rule: RuleFacts): string {
  const { id, layer, severity, title, why, fix } = rule;
  const actions = actionsOf(rule);
  const indented = (text: string) => text.trim().replace(/^(?=.)/gm, "  ");
  return [
    `${id}: ${title}\n${layerName(layer)}, ${severity}`,
    why,
    ...(actions.length === 0 ? [] : [`Reads with: ${actions.join(", ")}`]),
    `Fix with the AWS CLI:\n${indented(fix.cli)}`,
    `Fix with Terraform:\n${indented(fix.terraform)}\n`,
  ].join("\n\n");
}

/** The IAM actions that answer the rule, by their real names. */
export function actionsOf({ needs = [] }: Pick<RuleFacts, "needs">): readonly string[] {
  return [...new Set(needs.flatMap(actionsFor))];
}
