import { intendedCorsFix } from "../cors-fix.ts";
import { whyForAnyone } from "../cors-origin.ts";
import { defineRule, type Violation } from "../rule.ts";

export const corsWildcardOrigin = defineRule({
  id: "cors-wildcard-origin",
  layer: 5,
  severity: "medium",
  title: "CORS admits named websites only",
  why: "Any page that gets hold of a presigned URL can use it from its visitor's browser and read the answer. CORS should keep that to your own pages.",
  fix: intendedCorsFix,
  needs: ["cors"],

  evaluate({ bucket, cors = [] }) {
    if (cors.length === 0)
      return { status: "not-applicable", message: `${bucket} has no CORS rules: no page is admitted.` };
    const patterns = [...new Set(cors.flatMap((rule) => rule.AllowedOrigins))];
    const [first, ...others] = patterns.flatMap((pattern): readonly Violation[] => {
      const why = whyForAnyone(pattern);
      if (why === undefined) return [];
      const AllowedMethods = [
        ...new Set(cors.flatMap((rule) => (rule.AllowedOrigins.includes(pattern) ? rule.AllowedMethods : []))),
      ];
      const message = `${bucket} admits pages of strangers: the CORS origin ${pattern} ${why}.`;
      return [{ message, evidence: { AllowedOrigin: pattern, AllowedMethods } }];
    });
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return { status: "pass", message: `The CORS origins of ${bucket} all belong to someone: ${patterns.join(", ")}.` };
  },
});
