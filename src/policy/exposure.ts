import { type AccessBlocks, type BlockLevel, effectiveFlag, type FlagDecision } from "./access-block.ts";
import { type AclGrant, type ObjectOwnership, publicGrants, publicGroupOf } from "./acl.ts";
import { Budget } from "./budget.ts";
import { ABSENT, allOf, anyOf, type Decision, no, type Reading, unknown, yes } from "./decision.ts";
import type { Policy } from "./document.ts";
import { isPublic, type PublicVerdict } from "./public.ts";
import type { BucketArn } from "./s3-targets.ts";
import { type StrangerAccess, type StrangerWitness, strangerAccess } from "./strangers.ts";

/** What is known about a bucket; what is left out is not configured. */
export interface ExposureFacts {
  readonly bucket: BucketArn;
  readonly policy?: Reading<Policy>;
  readonly acl?: Reading<readonly AclGrant[]>;
  readonly ownership?: Reading<ObjectOwnership>;
  readonly blocks?: AccessBlocks;
  /** `IsPublic` of GetBucketPolicyStatus. */
  readonly policyStatus?: Reading<boolean>;
}

/** Three answers that must never be mixed, and what the first one amounts to. */
export interface Exposure {
  /** S3's own word about the policy, whatever blocks it. Where AWS was asked, the worse of the two. */
  readonly public: PolicyVerdict;
  /** Public and not blocked, each way in by itself. A Deny is not counted: S3 does not count it either. */
  readonly open: Decision & { readonly policy: Decision; readonly acl: Decision };
  /** What someone unknown can do now. */
  readonly strangers: StrangerAccess;
  /** What would be open if the block, or the switched-off ACLs, were not there. */
  readonly masked: Masked;
}

export interface PolicyVerdict extends Decision {
  readonly ours: PublicVerdict | undefined;
  readonly aws: boolean | undefined;
  /** Undefined where only one of the two is known. */
  readonly agrees: boolean | undefined;
}

export interface Masked extends Decision {
  readonly policy: Decision;
  readonly acl: Decision;
  /** Where the masking switches are; "ownership" for ACLs that are switched off. */
  readonly by: readonly (BlockLevel | "ownership")[];
  readonly witnesses: readonly StrangerWitness[];
}

export function exposure(facts: ExposureFacts, budget = new Budget()): Exposure {
  const restricted = effectiveFlag(facts.blocks ?? {}, "RestrictPublicBuckets");
  const ignored = effectiveFlag(facts.blocks ?? {}, "IgnorePublicAcls");
  const status = policyVerdict(facts);
  const granted = publicAcl(facts.acl ?? ABSENT);
  const aclsOff = aclsDisabled(facts.ownership ?? ABSENT);

  const policyOpen = allOf([status, not(restricted)], "");
  const aclOpen = allOf([granted, not(aclsOff), not(ignored)], "");
  // the switch silences a public policy whole; one that cannot be read is either public, and silent, or not public
  const policyMuted = status.answer === "no" ? no(status.reason) : restricted;
  const aclMuted = anyOf([aclsOff, ignored], "");
  return {
    public: status,
    open: { ...anyOf([policyOpen, aclOpen], ""), policy: policyOpen, acl: aclOpen },
    strangers: strangersNow(facts, policyMuted, aclMuted, budget),
    masked: maskedBy(facts, { status, granted, restricted, ignored, aclsOff }, budget),
  };
}

/** An access point is judged by its own policy; one that only a VPC can reach is never public. */
export function accessPointPublic(networkOrigin: "Internet" | "VPC", policy: Reading<Policy>): Decision {
  if (networkOrigin === "VPC") return no("an access point with the network origin VPC is never public");
  if (policy.state === "absent") return no("the access point has no policy");
  if (policy.state === "unreadable") return unknown(policy.reason);
  const verdict = isPublic(policy.value, { accessPoint: true });
  return verdict.isPublic ? yes(verdict.reason) : no(verdict.reason);
}

function policyVerdict({ policy = ABSENT, policyStatus = ABSENT }: ExposureFacts): PolicyVerdict {
  const ours = policy.state === "present" ? isPublic(policy.value) : undefined;
  const aws = policyStatus.state === "present" ? policyStatus.value : undefined;
  const agrees = ours === undefined || aws === undefined ? undefined : ours.isPublic === aws;
  const verdict = (decision: Decision): PolicyVerdict => ({ ...decision, ours, aws, agrees });

  if (ours?.isPublic === true) return verdict(yes(ours.reason));
  if (aws === true) return verdict(yes("S3 itself calls the policy public (GetBucketPolicyStatus)"));
  if (ours !== undefined) return verdict(no(ours.reason));
  if (aws === false) return verdict(no("S3 itself calls the policy not public (GetBucketPolicyStatus)"));
  return verdict(
    policy.state === "unreadable" ? unknown(`the bucket policy: ${policy.reason}`) : no("there is no bucket policy"),
  );
}

function publicAcl(acl: Reading<readonly AclGrant[]>): Decision {
  if (acl.state === "unreadable") return unknown(`the ACL: ${acl.reason}`);
  const [first] = acl.state === "present" ? publicGrants(acl.value) : [];
  if (first === undefined) return no("the ACL grants nothing to a public group");
  return yes(`the ACL grants ${first.permission} to the group ${publicGroupOf(first)}`);
}

/** A bucket without ownership controls is an old one, and ACLs count on it. */
function aclsDisabled(ownership: Reading<ObjectOwnership>): Decision {
  if (ownership.state === "unreadable") return unknown(`the object ownership: ${ownership.reason}`);
  if (ownership.state === "present" && ownership.value === "BucketOwnerEnforced") return yes("ACLs are switched off");
  return no("ACLs are in force");
}

function not({ answer, reason }: Decision): Decision {
  return { answer: answer === "yes" ? "no" : answer === "no" ? "yes" : "unknown", reason };
}

/** Every combination of what is not known: where all of them agree, not knowing does not matter. */
function strangersNow(facts: ExposureFacts, policyMuted: Decision, aclMuted: Decision, budget: Budget): StrangerAccess {
  const policy = facts.policy ?? ABSENT;
  const acl = facts.acl ?? ABSENT;
  const missing =
    policy.state === "unreadable" && policyMuted.answer !== "yes"
      ? `the bucket policy: ${policy.reason}`
      : acl.state === "unreadable" && aclMuted.answer !== "yes"
        ? `the ACL: ${acl.reason}`
        : undefined;
  if (missing !== undefined) return { answer: "unknown", reason: missing, witnesses: [], possible: [] };

  const worlds = choices(policyMuted).flatMap((noPolicy) => choices(aclMuted).map((noAcl) => ({ noPolicy, noAcl })));
  const results = worlds.map(({ noPolicy, noAcl }) => strangersIf(facts, !noPolicy, !noAcl, budget));
  const [first] = results;
  if (first !== undefined && results.every(({ answer }) => answer === first.answer)) return first;
  const reason = [policyMuted, aclMuted].find(({ answer }) => answer === "unknown")?.reason ?? "";
  return { answer: "unknown", reason, witnesses: [], possible: results.flatMap(({ witnesses }) => witnesses) };
}

function choices({ answer }: Decision): readonly boolean[] {
  return answer === "unknown" ? [false, true] : [answer === "yes"];
}

function strangersIf(
  { bucket, policy, acl }: ExposureFacts,
  policyCounts: boolean,
  aclCounts: boolean,
  budget: Budget,
): StrangerAccess {
  const document = policy?.state === "present" ? policy.value : undefined;
  return strangerAccess(
    {
      bucket,
      policy: policyCounts ? document : withoutAllows(document),
      publicGrants: aclCounts && acl?.state === "present" ? publicGrants(acl.value) : [],
    },
    budget,
  );
}

/** RestrictPublicBuckets silences what a public policy allows; what it denies stays denied. */
function withoutAllows(policy: Policy | undefined): Policy | undefined {
  if (policy === undefined) return undefined;
  return { ...policy, statements: policy.statements.filter(({ effect }) => effect === "Deny") };
}

interface MaskParts {
  readonly status: Decision;
  readonly granted: Decision;
  readonly restricted: FlagDecision;
  readonly ignored: FlagDecision;
  readonly aclsOff: Decision;
}

function maskedBy(
  facts: ExposureFacts,
  { status, granted, restricted, ignored, aclsOff }: MaskParts,
  budget: Budget,
): Masked {
  const policy = allOf([status, restricted], "");
  const acl = allOf([granted, anyOf([aclsOff, ignored], "")], "");
  const levels = new Set([
    ...(policy.answer === "yes" ? restricted.levels : []),
    ...(acl.answer === "yes" ? ignored.levels : []),
  ]);
  const by: (BlockLevel | "ownership")[] = [...levels];
  if (acl.answer === "yes" && aclsOff.answer === "yes") by.push("ownership");
  const decision = anyOf([policy, acl], "nothing is masked");
  if (decision.answer !== "yes") return { ...decision, policy, acl, by, witnesses: [] };
  return {
    answer: "yes",
    reason: `${(policy.answer === "yes" ? status : granted).reason}; only ${by.join(" and ")} settings hold it back`,
    policy,
    acl,
    by,
    witnesses: strangersIf(facts, true, acl.answer === "yes", budget).witnesses,
  };
}
