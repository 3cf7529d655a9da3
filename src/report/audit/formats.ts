/** The formats of `s3up audit --format` and `-o format=path`, each by its name. */
import type { AuditReport } from "../../audit/result.ts";
import type { AuditFormatter, AuditTextOptions } from "./format.ts";
import { githubAnnotations } from "./github.ts";
import { humanText } from "./human.ts";
import { jsonText } from "./json.ts";
import { junitText } from "./junit.ts";
import { markdownText } from "./markdown.ts";
import { sarifText } from "./sarif.ts";
import { scrubbed } from "./scrubbed.ts";

export const auditFormats = {
  human: humanText,
  json: jsonText,
  sarif: sarifText,
  junit: junitText,
  markdown: markdownText,
  github: githubAnnotations,
} as const satisfies Record<string, AuditFormatter>;

export type AuditFormat = keyof typeof auditFormats;

export const auditFormatNames = Object.keys(auditFormats) as readonly AuditFormat[];

/** The whole text, line break at the end included. The same report gives the same bytes. */
export function renderAudit(format: AuditFormat, report: AuditReport, options: AuditTextOptions): string {
  return auditFormats[format](scrubbed(report), options);
}
