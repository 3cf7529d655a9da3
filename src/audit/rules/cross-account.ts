import { effectiveFlag } from "../../policy/access-block.ts";
import { type CrossAccountVerdict, type ForeignAccess, foreignAccess } from "../../policy/cross-account.ts";
import { ABSENT, present } from "../../policy/decision.ts";
import { sharedReading } from "../../policy/shared-answers.ts";
import { aclGrants } from "../acl-grants.ts";
import { accessBlocksOf } from "../effective-block.ts";
import { parsedPolicy } from "../parsed-policy.ts";
import { askedBucket } from "../partition.ts";
import { editFix } from "../policy-fix.ts";
import { defineRule, type Violation } from "../rule.ts";

export const crossAccount = defineRule({
  id: "cross-account",
  layer: 3,
  severity: "high",
  title: "No other account has access that was not meant to",
  why: "What another account may do with the bucket is decided by its administrators, not by you. An account id that was copied from an example, or a partner's that has long left, is a door nobody watches.",
  fix: editFix("delete the statement, or name the account in trustedPrincipals of s3up.config.json when it is meant"),
  needs: [
    "policy",
    "acl",
    "ownership",
    "publicAccessBlock",
    "accountPublicAccessBlock",
    "organizationPublicAccessBlock",
  ],

  evaluate({ bucket, arn, accountId, policy, acl, ownership, ...blocks }, { trustedPrincipals }) {
    const canonicalId = acl?.Owner?.ID;
    const facts = {
      acl: acl === undefined ? ABSENT : present(aclGrants(acl)),
      ownership: ownership === undefined ? ABSENT : present(ownership),
      ...(accountId === undefined ? {} : { account: accountId }),
      ...(canonicalId === undefined ? {} : { canonicalId }),
      allowed: trustedPrincipals,
      restricted: effectiveFlag(accessBlocksOf(blocks), "RestrictPublicBuckets"),
    };
    const question = `foreign ${JSON.stringify(facts)}`;
    const verdict = sharedReading(parsedPolicy(policy), askedBucket(arn), question, (one, asked) =>
      foreignAccess({ ...facts, bucket: asked, policy: one }),
    );
    if (verdict.answer === "no") {
      return { status: "pass", message: `No other account than the owner's has access to ${bucket}.` };
    }
    if (verdict.answer === "unknown") {
      const message = `Whether another account has access to ${bucket} cannot be told: ${verdict.reason}.${suspects(verdict)}`;
      return { status: "unknown", message };
    }
    const [first, ...others] = verdict.foreign
      .filter((access) => isForeign(access, accountId))
      .map(violationIn(bucket));
    const certain = first ?? { message: `Another account has access to ${bucket}: ${verdict.reason}.` };
    return { status: "fail", violations: [certain, ...others] };
  },
});

/** Without the owner's account only those count who cannot be the owner. */
function isForeign({ who, index }: ForeignAccess, accountId: string | undefined): boolean {
  return accountId !== undefined || index === undefined || who === "*" || who.startsWith("o-");
}

function violationIn(bucket: string): (access: ForeignAccess) => Violation {
  return ({ who, index, reason, witness }) => ({
    message: `${subjectOf(who)} has access to ${bucket}: ${reason}.`,
    evidence: { who, ...(index === undefined ? {} : { statement: index + 1 }) },
    ...(witness === undefined ? {} : { witness: { ...witness, principal: who } }),
  });
}

function subjectOf(who: string): string {
  if (who === "*") return "Every other account";
  return /^\d{12}$/.test(who) ? `Account ${who}` : who;
}

function suspects({ foreign }: CrossAccountVerdict): string {
  const [...names] = new Set(foreign.map(({ who }) => who));
  return names.length === 0 ? "" : ` Access is given to ${names.join(", ")}.`;
}
