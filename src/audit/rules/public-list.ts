import { bothFixes, closingFix, editFix } from "../policy-fix.ts";
import { publicPart } from "../public-part.ts";
import { defineRule } from "../rule.ts";

export const publicList = defineRule({
  id: "public-list",
  layer: 3,
  severity: "critical",
  title: "No stranger can list what is in the bucket",
  why: "A list of all keys gives away names, dates and sizes, and turns every guess at a file into a certainty. Scanners read it page by page.",
  fix: bothFixes(closingFix, editFix("take s3:ListBucket and the other listing actions away from everyone")),
  needs: ["policy", "policyStatus", "publicAccessBlock", "accountPublicAccessBlock", "organizationPublicAccessBlock"],

  evaluate(facets) {
    return publicPart(facets, { kinds: ["list"], what: `list what is in ${facets.bucket}` });
  },
});
