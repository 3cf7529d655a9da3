import type { AuditReport } from "../../src/audit/result.ts";
import type { AuditTextOptions } from "../../src/report/audit/format.ts";
import { type AuditFormat, renderAudit } from "../../src/report/audit/formats.ts";

/** A report whole, as whoever reads the file or stdout sees it. */
export function auditReportText(format: AuditFormat, report: AuditReport, options: AuditTextOptions): string {
  return [...renderAudit(format, report, options)].join("");
}
