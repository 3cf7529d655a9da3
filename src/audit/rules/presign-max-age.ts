import { denyFix, UPLOADS } from "../policy-fix.ts";
import { guardOutcome } from "../policy-guard.ts";
import { defineRule } from "../rule.ts";

/** Source: S3 API Reference, "Amazon S3 Signature Version 4 authentication specific policy keys": the age is in milliseconds. */
export const presignMaxAge = defineRule({
  id: "presign-max-age",
  layer: 1,
  severity: "medium",
  title: "The bucket itself limits how old an upload URL may be",
  why: "How long a URL lives is chosen by whoever signs it, up to seven days. Only the bucket can refuse one that a mistake or a stolen key made to live longer.",
  fix: denyFix({
    sid: "DenyOldUploadUrls",
    action: "s3:PutObject",
    resources: [UPLOADS],
    conditions: [{ operator: "NumericGreaterThan", key: "s3:signatureAge", value: "MAX_AGE_MS" }],
  }),
  needs: ["policy"],

  evaluate(facets, { maxAgeSeconds, prefix }) {
    return guardOutcome(facets, {
      guard: { kind: "signatureAge", maxMs: maxAgeSeconds * 1000 },
      options: { prefix },
      without: `takes uploads with URLs that were signed more than ${maxAgeSeconds} seconds ago`,
      with: `refuses uploads with URLs that were signed more than ${maxAgeSeconds} seconds ago`,
    });
  },
});
