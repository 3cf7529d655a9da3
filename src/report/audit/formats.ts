/** The formats of `s3up audit --format` and `-o format=path`, each by its name. */
import type { AuditReport } from "../../audit/result.ts";
import type { AuditFormatter, AuditTextOptions } from "./format.ts";
import { githubAnnotations } from "./github.ts";
import { humanText } from "./human.ts";
import { jsonPieces } from "./json.ts";
import { junitText } from "./junit.ts";
import { markdownText } from "./markdown.ts";
import { sarifText } from "./sarif.ts";
import { scrubbed } from "./scrubbed.ts";

export const auditFormats = {
  human: inOnePiece(humanText),
  json: jsonPieces,
  sarif: inOnePiece(sarifText),
  junit: inOnePiece(junitText),
  markdown: inOnePiece(markdownText),
  github: inOnePiece(githubAnnotations),
} as const satisfies Record<string, AuditFormatter>;

export type AuditFormat = keyof typeof auditFormats;

export const auditFormatNames = Object.keys(auditFormats) as readonly AuditFormat[];

/** The text in pieces, line break at the end included. The same report gives the same bytes. */
export function renderAudit(format: AuditFormat, report: AuditReport, options: AuditTextOptions): Iterable<string> {
  return auditFormats[format](report, options);
}

/** These tell at length only of what failed, so they fit into one string. */
function inOnePiece(textOf: (report: AuditReport, options: AuditTextOptions) => string): AuditFormatter {
  return (report, options) => [textOf(scrubbed(report), options)];
}
