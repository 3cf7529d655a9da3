import { BLOCK_FLAGS } from "../../policy/access-block.ts";
import { missingFlags } from "../effective-block.ts";
import { noPlan } from "../no-plan.ts";
import { closingFix } from "../policy-fix.ts";
import { defineRule } from "../rule.ts";

/** The state after apply is judged by bpa-complete; this is about the moment in which a protection goes. */
export const bpaRemoved = defineRule({
  id: "bpa-removed",
  layer: 3,
  severity: "critical",
  title: "No plan takes away Block Public Access",
  why: "What the block holds back today is open the moment the plan is applied. Nobody looks at a deletion as closely as at what is added.",
  fix: closingFix,
  needs: ["change", "publicAccessBlock", "accountPublicAccessBlock", "organizationPublicAccessBlock"],

  evaluate({ bucket, change, ...blocks }) {
    if (change === undefined) return noPlan(bucket);
    const { before, removed } = change;
    const then = before.publicAccessBlock;
    if (then === undefined) return { status: "pass", message: `No block of ${bucket} was there before the plan.` };
    const now = blocks.publicAccessBlock;
    const lowered = BLOCK_FLAGS.filter((flag) => then[flag] && now?.[flag] !== true);
    if (lowered.length === 0) return { status: "pass", message: `The plan lowers no flag of ${bucket}.` };
    const isDeleted = removed.includes("publicAccessBlock") && now === undefined;
    const what = isDeleted
      ? `The plan deletes the public access block of ${bucket}: ${lowered.join(", ")} will be off`
      : `The plan switches off ${lowered.join(", ")} of ${bucket}`;
    const open = missingFlags(blocks).filter((flag) => lowered.includes(flag));
    const evidence = { before: then, after: now ?? null };
    if (open.length > 0) return { status: "fail", violations: [{ message: `${what}.`, evidence }] };
    const message = `${what}. The account's own block still covers it.`;
    return { status: "fail", violations: [{ message, evidence, severity: "medium" }] };
  },
});
