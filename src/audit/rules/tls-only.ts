import { BUCKET_ARN, denyFix, EVERY_OBJECT } from "../policy-fix.ts";
import { guardOutcome } from "../policy-guard.ts";
import { defineRule } from "../rule.ts";

/** No switch of the bucket does it: S3 answers plain HTTP unless a policy says otherwise. */
export const tlsOnly = defineRule({
  id: "tls-only",
  layer: "extra",
  severity: "high",
  title: "Plain HTTP is refused",
  why: "Whoever sits on the line reads what is sent over plain HTTP, a presigned URL included. Until it expires, they can use it themselves.",
  fix: denyFix({
    sid: "DenyPlainHttp",
    action: "s3:*",
    resources: [BUCKET_ARN, EVERY_OBJECT],
    conditions: [{ operator: "Bool", key: "aws:SecureTransport", value: "false" }],
  }),
  needs: ["policy"],

  evaluate(facets) {
    return guardOutcome(facets, {
      guard: { kind: "insecureTransport" },
      without: "accepts plain HTTP",
      with: "refuses plain HTTP",
    });
  },
});
