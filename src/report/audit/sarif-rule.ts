/** A rule as SARIF describes it, with what GitHub makes of it: text, help and a score for its severity. */
import type { Severity } from "../../audit/rule.ts";
import type { RuleFacts } from "./format.ts";
import { fenced } from "./markdown-text.ts";
import { layerName } from "./words.ts";

const levels = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
} as const satisfies Record<Severity, "error" | "warning" | "note">;

/** GitHub: critical above 9.0, high from 7.0, medium from 4.0, low from 0.1. */
const scores: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.0",
  low: "3.0",
  info: "0.0",
};

export function levelOf(severity: Severity): "error" | "warning" | "note" {
  return levels[severity];
}

export function sarifRule(rule: RuleFacts) {
  return {
    id: rule.id,
    // A title says what should hold, and an alert with it alone would read as if it did.
    shortDescription: { text: `Expected: ${rule.title}` },
    fullDescription: { text: rule.why },
    help: { text: helpText(rule), markdown: helpMarkdown(rule) },
    defaultConfiguration: { level: levelOf(rule.severity) },
    properties: {
      "security-severity": scores[rule.severity],
      precision: "very-high",
      // GitHub takes 20 at most.
      tags: ["security", "s3", `severity-${rule.severity}`, rule.layer === "extra" ? "extra" : `layer-${rule.layer}`],
    },
  };
}

function helpText({ why, fix }: RuleFacts): string {
  return [why, `Fix with the AWS CLI:\n${fix.cli}`, `Fix with Terraform:\n${fix.terraform}`].join("\n\n");
}

function helpMarkdown({ layer, why, fix }: RuleFacts): string {
  return [
    `**${layerName(layer)}**`,
    why,
    "Fix with the AWS CLI:",
    fenced("sh", fix.cli),
    "Fix with Terraform:",
    fenced("hcl", fix.terraform),
  ].join("\n\n");
}
