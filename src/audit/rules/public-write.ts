import { bothFixes, closingFix, editFix } from "../policy-fix.ts";
import { publicPart } from "../public-part.ts";
import { defineRule } from "../rule.ts";

export const publicWrite = defineRule({
  id: "public-write",
  layer: 3,
  severity: "critical",
  title: "No stranger can put, change or delete anything",
  why: "Strangers fill the bucket at your cost, replace your files with theirs, or delete them. Uploads belong behind presigned URLs, which need no public right at all.",
  fix: bothFixes(
    closingFix,
    editFix("delete the statement that lets everyone write: presigned uploads do not need it"),
  ),
  needs: ["policy", "policyStatus", "publicAccessBlock", "accountPublicAccessBlock", "organizationPublicAccessBlock"],

  evaluate(facets) {
    return publicPart(facets, { kinds: ["write", "delete"], what: `write to ${facets.bucket} or delete from it` });
  },
});
