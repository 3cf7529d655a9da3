import { denyFix, EVERY_OBJECT } from "../policy-fix.ts";
import { guardOutcome } from "../policy-guard.ts";
import { defineRule } from "../rule.ts";

/** Source: S3 API Reference, "Amazon S3 Signature Version 4 authentication specific policy keys". */
export const sigv4Only = defineRule({
  id: "sigv4-only",
  layer: 1,
  severity: "low",
  title: "Only Signature Version 4 is accepted",
  why: "URLs of the old Signature Version 2 can live for ever, sign no headers, and have no age that a policy could limit. Older regions still take them.",
  fix: denyFix({
    sid: "DenySignatureVersion2",
    action: "s3:*",
    resources: [EVERY_OBJECT],
    conditions: [{ operator: "StringEquals", key: "s3:signatureversion", value: "AWS" }],
  }),
  needs: ["policy"],

  evaluate(facets, { prefix }) {
    return guardOutcome(facets, {
      guard: { kind: "oldSignature" },
      options: { scope: "uploads", prefix },
      without: "may still take uploads with Signature Version 2",
      with: "takes no uploads with Signature Version 2",
    });
  },
});
