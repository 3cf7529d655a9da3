import type { Exposure } from "../../policy/exposure.ts";
import { isBlocked } from "../effective-block.ts";
import { notUnderstood } from "../parsed-policy.ts";
import { policyExposure, strangerWitness } from "../policy-exposure.ts";
import { bothFixes, closingFix, editFix } from "../policy-fix.ts";
import { defineRule, type Violation } from "../rule.ts";

/** Source: S3 User Guide, "Blocking public access to your Amazon S3 storage", the meaning of "public". */
export const publicPolicy = defineRule({
  id: "public-policy",
  layer: 3,
  severity: "critical",
  title: "The bucket policy lets no stranger in",
  why: "S3 calls a policy public when it allows something to anyone at all. Scanners find such buckets within hours, and what was read cannot be taken back.",
  fix: bothFixes(
    closingFix,
    editFix("delete the statement that is public, or name in it who is meant (an account, a role, aws:PrincipalOrgID)"),
  ),
  needs: ["policy", "policyStatus", "publicAccessBlock", "accountPublicAccessBlock", "organizationPublicAccessBlock"],

  evaluate({ bucket, ...facets }) {
    const blocked = isBlocked(facets, "RestrictPublicBuckets");
    if (blocked) {
      const message = `No policy of ${bucket} lets a stranger in: RestrictPublicBuckets is on.`;
      return { status: "pass", message };
    }
    const found = policyExposure(facets);
    if (found.state === "unreadable") return notUnderstood(bucket, found.reason);
    if (found.state === "absent" || found.value.public.answer === "no") {
      const hasNone = facets.policy === undefined;
      const message = hasNone
        ? `${bucket} has no bucket policy that could let strangers in.`
        : `The policy of ${bucket} is not public by S3's definition.`;
      return { status: "pass", message };
    }
    return { status: "fail", violations: [violationOf(bucket, found.value)] };
  },
});

function violationOf(bucket: string, { public: verdict, strangers }: Exposure): Violation {
  const { ours, aws, agrees } = verdict;
  const state =
    ours?.isPublic === true
      ? `The policy of ${bucket} is public: ${ours.reason}.`
      : `AWS calls the policy of ${bucket} public.`;
  const dispute =
    agrees === false
      ? ours?.isPublic === true
        ? " AWS itself does not call it public; the worse of the two counts."
        : " By s3up's reading it is not; the worse of the two counts."
      : "";
  const block = " RestrictPublicBuckets, which would silence it, is off at every level.";
  const [witness] = strangers.witnesses;
  const open = ours?.statements.filter((statement) => statement.public) ?? [];
  return {
    message: `${state}${dispute}${block}${strangersNow(strangers)}`,
    evidence: { statements: open.map(({ index, reason }) => ({ statement: index + 1, reason })), awsSays: aws ?? null },
    ...(witness === undefined ? {} : { witness: strangerWitness(witness) }),
    // a Deny that keeps everyone out today is one edit away from being gone
    ...(strangers.answer === "no" && agrees !== false ? { severity: "high" } : {}),
  };
}

function strangersNow({ answer, reason }: Exposure["strangers"]): string {
  if (answer === "yes") return ` Now ${reason}.`;
  if (answer === "no") return ` No stranger gets through today: ${reason}.`;
  return ` Who gets through today cannot be told: ${reason}.`;
}
