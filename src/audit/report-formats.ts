/** In what an audit can be told. */
export const auditFormatNames = ["human", "json", "sarif", "junit", "markdown", "github"] as const;
export type AuditFormat = (typeof auditFormatNames)[number];
