import { BUCKET_ARN, denyFix, EVERY_OBJECT } from "../policy-fix.ts";
import { guardOutcome } from "../policy-guard.ts";
import { defineRule } from "../rule.ts";

/** In addition to tls-only: requests over plain HTTP have no s3:TlsVersion, so this guard does not touch them. */
export const tlsVersion = defineRule({
  id: "tls-version",
  layer: "extra",
  severity: "low",
  title: "Old versions of TLS are refused",
  why: "TLS 1.0 and 1.1 have known weaknesses. AWS has switched them off at its public endpoints; a statement keeps it so on every way to the bucket, and shows an auditor that it is meant.",
  fix: denyFix({
    sid: "DenyOldTls",
    action: "s3:*",
    resources: [BUCKET_ARN, EVERY_OBJECT],
    conditions: [{ operator: "NumericLessThan", key: "s3:TlsVersion", value: "1.2" }],
  }),
  needs: ["policy"],

  evaluate(facets) {
    return guardOutcome(facets, {
      guard: { kind: "tlsVersion", minimum: "1.2" },
      without: "has no floor for the version of TLS",
      with: "refuses TLS below version 1.2",
    });
  },
});
