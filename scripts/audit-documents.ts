/** The documents that follow from the audit's code: a page for each rule, and the schema of its JSON report. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { ruleDescriptions } from "../src/audit/rules/index.ts";
import { rulePages } from "../src/report/audit/rule-pages.ts";
import { auditReportSchema } from "./audit-report-schema.ts";

/** Path in the project -> text. */
export function auditDocuments(): ReadonlyMap<string, string> {
  return new Map([...rulePages(ruleDescriptions), ["docs/schemas/audit-report.schema.json", reportSchema()]]);
}

function reportSchema(): string {
  const { $schema, ...rest } = toJsonSchema(auditReportSchema, { typeMode: "input" });
  return `${JSON.stringify({ $schema, title: "s3up audit --format json", ...rest }, null, 2)}\n`;
}
