/** The documents that follow from the audit's code: a page for each rule, the permissions it takes, the report's schema. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { permissionsFor } from "../src/audit/permissions.ts";
import { ruleDescriptions, rules } from "../src/audit/rules/index.ts";
import { rulePages } from "../src/report/audit/rule-pages.ts";
import { auditReportSchema } from "./audit-report-schema.ts";

/** Path in the project -> text. */
export function auditDocuments(): ReadonlyMap<string, string> {
  return new Map([
    ...rulePages(ruleDescriptions),
    ["docs/audit-permissions.md", permissionsPage()],
    ["docs/schemas/audit-report.schema.json", reportSchema()],
  ]);
}

function reportSchema(): string {
  const { $schema, ...rest } = toJsonSchema(auditReportSchema, { typeMode: "input" });
  return `${JSON.stringify({ $schema, title: "s3up audit --format json", ...rest }, null, 2)}\n`;
}

function permissionsPage(): string {
  const place = { partition: "aws", region: "eu-central-1", accountId: "111122223333", buckets: ["my-bucket"] };
  const role = "arn:aws:iam::111122223333:role/my-presigner";
  const blockOf = (policy: object) => `\`\`\`json\n${JSON.stringify(policy, null, 2)}\n\`\`\``;
  return `<!-- Made from the rules by \`npm run docs\`; do not edit. -->
# What \`s3up audit\` must be allowed to read

\`s3up audit my-bucket --permissions\` prints this for your own bucket, and with \`--rule\` and \`--skip\` for fewer rules.
It reads settings only: no object, no listing of objects, nothing that writes.

The bucket alone:

${blockOf(permissionsFor(rules, place))}

With the function that signs (\`--function my-presigner --role ${role}\`):

${blockOf(permissionsFor(rules, { ...place, functionName: "my-presigner", roleArn: role }))}
`;
}
