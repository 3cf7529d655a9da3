import { answeringRule, uploadMethods } from "../cors-answer.ts";
import { intendedCorsFix } from "../cors-fix.ts";
import type { CorsRule } from "../facets.ts";
import type { Intent } from "../intent.ts";
import { defineRule, type Violation } from "../rule.ts";

export const corsPresent = defineRule({
  id: "cors-present",
  layer: 5,
  severity: "high",
  title: "The intended pages may upload",
  why: "Without a rule that fits, S3 refuses what the browser asks before each upload. The page sees a network error and nothing else.",
  fix: intendedCorsFix,
  needs: ["cors"],

  evaluate({ bucket, cors }, intent) {
    const isMeant = intent.mode !== undefined || intent.origins.length > 0;
    // an empty list can only be a mistake: S3 knows rules, or no configuration
    if (cors === undefined && !isMeant) {
      return {
        status: "not-applicable",
        message: "Nobody said that browsers upload: name their origins with --origin.",
      };
    }
    if (cors === undefined || cors.length === 0) {
      return {
        status: "fail",
        violations: [{ message: `${bucket} has no CORS rules: uploads from any page are refused.` }],
      };
    }
    const [first, ...others] = refusals(cors, bucket, intent);
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return {
      status: "pass",
      message: `CORS of ${bucket} admits uploads from ${intent.origins.join(", ") || "pages"}.`,
    };
  },
});

function refusals(cors: readonly CorsRule[], bucket: string, intent: Intent): readonly Violation[] {
  const methods = uploadMethods(intent);
  const needed = methods.join(" or ");
  if (intent.origins.length === 0) {
    const isUsed = cors.some((rule) => methods.some((method) => rule.AllowedMethods.includes(method)));
    if (isUsed || intent.mode === undefined) return [];
    return [{ message: `No CORS rule of ${bucket} admits ${needed}: uploads from any page are refused.` }];
  }
  return intent.origins
    .filter((origin) => !methods.some((method) => answeringRule(cors, origin, method) !== undefined))
    .map((origin) => ({ message: `No CORS rule of ${bucket} admits ${needed} from ${origin}.`, evidence: { origin } }));
}
