import { intendedCorsFix } from "../cors-fix.ts";
import { type OriginWeakness, weaknessOf, whyForAnyone } from "../cors-origin.ts";
import type { Intent } from "../intent.ts";
import { defineRule, type Violation } from "../rule.ts";

export const corsInsecureOrigin = defineRule({
  id: "cors-insecure-origin",
  layer: 5,
  severity: "medium",
  title: "CORS admits no origin that others can take on",
  why: "Whoever is on the visitor's network can write the pages of a plain HTTP origin, and every sandboxed frame has the origin null. A wildcard for subdomains trusts the least kept of them.",
  fix: { ...intendedCorsFix, cli: `# name each origin, with https:\n${intendedCorsFix.cli}` },
  needs: ["cors"],

  evaluate({ bucket, cors = [] }, intent) {
    if (cors.length === 0)
      return { status: "not-applicable", message: `${bucket} has no CORS rules: no page is admitted.` };
    const patterns = [...new Set(cors.flatMap((rule) => rule.AllowedOrigins))];
    const [first, ...others] = patterns.flatMap((pattern) => violationOf(pattern, bucket, intent));
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return { status: "pass", message: `No CORS origin of ${bucket} can be taken on by others.` };
  },
});

const wordsFor: Readonly<Record<OriginWeakness, Pick<Violation, "severity"> & { readonly what: string }>> = {
  null: { what: "every page can be null by putting itself into a sandboxed frame" },
  "plain-http": { what: "its pages can come over plain HTTP, where anyone on the way can change them" },
  loopback: { what: "it is a developer's own machine, which nobody named as intended", severity: "low" },
  subdomains: { what: "every subdomain is admitted, also one that is taken over", severity: "low" },
};

function violationOf(pattern: string, bucket: string, { origins }: Intent): readonly Violation[] {
  const weakness = weaknessOf(pattern);
  if (weakness === undefined) return [];
  // what admits everyone is found by cors-wildcard-origin; null is found by both, for it is also one certain origin
  if (weakness !== "null" && whyForAnyone(pattern) !== undefined) return [];
  if (weakness === "loopback" && origins.includes(pattern)) return [];
  const { what, ...milder } = wordsFor[weakness];
  return [
    {
      message: `${bucket} admits the CORS origin ${pattern}: ${what}.`,
      evidence: { AllowedOrigin: pattern },
      ...milder,
    },
  ];
}
