import { findAccess, reachOf } from "./access.ts";
import { type AclGrant, type ObjectOwnership, publicGroupOf } from "./acl.ts";
import { Budget, TOO_COMPLEX, withinBudget } from "./budget.ts";
import { isDenied } from "./caller.ts";
import type { Condition } from "./condition.ts";
import { ABSENT, type Decision, type Reading } from "./decision.ts";
import type { Policy } from "./document.ts";
import { ABSENT_KEY, arnParts, type Facts, factsFrom, type KeyFact, truthOf, valueFact } from "./evaluate.ts";
import { classifyPrincipal, type Principal } from "./principal.ts";
import { isPublic, nameOf } from "./public.ts";
import { hasFixedAccount, judgeCondition } from "./public-condition.ts";
import { S3_ACTIONS } from "./s3-service.ts";
import { type BucketArn, targetsInBucket } from "./s3-targets.ts";
import type { Statement } from "./statement.ts";

export interface CrossAccountFacts {
  readonly bucket: BucketArn;
  readonly policy?: Reading<Policy>;
  readonly acl?: Reading<readonly AclGrant[]>;
  readonly ownership?: Reading<ObjectOwnership>;
  /** The owner's account id and the canonical id that ACLs use. */
  readonly account?: string;
  readonly canonicalId?: string;
  /** Account ids, ARNs, canonical ids and organization ids that are meant to have access. */
  readonly allowed?: readonly string[];
  /** Whether RestrictPublicBuckets is in force: it cuts off other accounts, too, while the policy is public. */
  readonly restricted?: Decision;
}

export interface ForeignAccess {
  /** The account, ARN, canonical id or organization; "*" for anyone. */
  readonly who: string;
  /** The statement, or undefined for a grant of the ACL. */
  readonly index: number | undefined;
  readonly reason: string;
  readonly witness: { readonly action: string; readonly resource: string } | undefined;
}

export interface CrossAccountVerdict extends Decision {
  readonly foreign: readonly ForeignAccess[];
}

/** Whether another account than the owner's, and none that is meant to, has access. */
export function foreignAccess(facts: CrossAccountFacts, budget = new Budget()): CrossAccountVerdict {
  return withinBudget(
    budget,
    (limit) => decide(facts, limit),
    () => ({ answer: "unknown", reason: `it cannot be told which accounts have access: ${TOO_COMPLEX}`, foreign: [] }),
  );
}

function decide(facts: CrossAccountFacts, budget: Budget): CrossAccountVerdict {
  const { policy = ABSENT, acl = ABSENT, ownership = ABSENT, restricted } = facts;
  const document = policy.state === "present" ? policy.value : undefined;
  const byPolicy = (document?.statements ?? []).flatMap((statement) => foreignIn(statement, facts, document, budget));
  const cut =
    document !== undefined && byPolicy.length > 0 && isPublic(document).isPublic ? (restricted?.answer ?? "no") : "no";
  const aclsOff = ownership.state === "present" && ownership.value === "BucketOwnerEnforced";
  const byAcl = acl.state === "present" && !aclsOff ? acl.value.flatMap((grant) => foreignGrant(grant, facts)) : [];

  const foreign = [...(cut === "yes" ? [] : byPolicy), ...byAcl];
  const certain = foreign.find((access) => (access.index === undefined || cut === "no") && isCertain(access, facts));
  if (certain !== undefined) return { answer: "yes", reason: certain.reason, foreign };
  if (foreign.length > 0) {
    const reason = cut === "unknown" ? (restricted?.reason ?? "") : "the owner's account is not known";
    return { answer: "unknown", reason, foreign };
  }
  const doubt = doubtOf(facts, aclsOff);
  if (doubt !== undefined) return { answer: "unknown", reason: doubt, foreign };
  return { answer: "no", reason: "no other account has access", foreign };
}

/** Whose account it is can only be told apart where the owner's id of that kind is known; everyone is foreign anyway. */
function isCertain({ who, index }: ForeignAccess, { account, canonicalId }: CrossAccountFacts): boolean {
  if (who === "*" || who.startsWith("o-")) return true;
  return index === undefined || CANONICAL_ID.test(who) ? canonicalId !== undefined : account !== undefined;
}

const CANONICAL_ID = /^[0-9a-f]{64}$/;

/** What could not be read and could hold a foreign account. */
function doubtOf({ policy, acl }: CrossAccountFacts, aclsOff: boolean): string | undefined {
  if (policy?.state === "unreadable") return `the bucket policy: ${policy.reason}`;
  return acl?.state === "unreadable" && !aclsOff ? `the ACL: ${acl.reason}` : undefined;
}

interface Foreigner {
  readonly who: string;
  readonly reason: string;
  /** Undefined where any account will do. */
  readonly account: string | undefined;
  readonly arn: string | undefined;
}

function foreignIn(
  statement: Statement,
  facts: CrossAccountFacts,
  policy: Policy | undefined,
  budget: Budget,
): ForeignAccess[] {
  if (statement.effect === "Deny" || statement.principals === undefined) return [];
  const foreigners = statement.principals.negated
    ? [{ who: "*", reason: "NotPrincipal admits every other account", account: undefined, arn: undefined }]
    : statement.principals.entries.flatMap((entry) => foreignersFrom(classifyPrincipal(entry), statement, facts));
  const unlisted = foreigners.filter((one) => !isListed(one, facts.allowed ?? []));
  return unlisted.flatMap((one) => {
    const witness = witnessFor(one, statement, facts.bucket, policy, budget);
    if (witness === undefined) return [];
    return [{ who: one.who, index: statement.index, reason: `${nameOf(statement)}: ${one.reason}`, witness }];
  });
}

function isListed({ who, account, arn }: Foreigner, allowed: readonly string[]): boolean {
  return allowed.some(
    (item) =>
      item === who ||
      item === arn ||
      (account !== undefined && (item === account || item.endsWith(`::${account}:root`))),
  );
}

function foreignersFrom(principal: Principal, statement: Statement, facts: CrossAccountFacts): Foreigner[] {
  switch (principal.kind) {
    case "account":
      return principal.account === facts.account ? [] : [fromAccount(principal.account, principal.account)];
    case "role":
    case "user":
    case "session":
    case "other":
    case "provider":
      return principal.account === facts.account ? [] : [fromAccount(principal.account, principal.arn)];
    case "pattern":
      return foreignValue(principal.pattern, facts.account);
    case "canonical-user":
      if (principal.id === facts.canonicalId) return [];
      return [{ who: principal.id, reason: "the canonical user is not the owner", account: undefined, arn: undefined }];
    case "everyone":
    case "web-identity":
      return foreignersAmongEveryone(statement, facts);
    // services are no accounts; identities of CloudFront and ids of deleted principals say nothing about one
    case "service":
    case "cloudfront-identity":
    case "unique-id":
      return [];
  }
}

/** "Everyone" is as foreign as its conditions let it be: they are ANDed, so one that stays with the owner is enough. */
function foreignersAmongEveryone({ conditions }: Statement, facts: CrossAccountFacts): Foreigner[] {
  const limiting = conditions.filter((condition) => judgeCondition(condition, false).limits || fixesAccount(condition));
  if (limiting.length === 0) return [{ who: "*", reason: "everyone is allowed", account: undefined, arn: undefined }];
  const naming = limiting.filter(({ keyName }) => NAMES_AN_ACCOUNT.has(keyName));
  const each = naming.map((condition) => foreignersIn(condition, facts));
  return each.some((found) => found.length === 0) ? [] : (each[0] ?? []);
}

/** Not a fixed value in S3's sense, and still nobody but one account: a wildcard stands behind the account's id. */
function fixesAccount(condition: Condition): boolean {
  const { operator, keyName, values } = condition;
  if (!NAMES_AN_ACCOUNT.has(keyName) || operator.negated || operator.ifExists || operator.qualifier === "all")
    return false;
  if (operator.family !== "arn" && operator.family !== "string") return false;
  return values.every((value) => hasFixedAccount(value, condition));
}

/** Limiting keys whose value names an account or organization; the others name a network or a service. */
const NAMES_AN_ACCOUNT = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourcearn",
  "aws:sourceaccount",
  "aws:sourceowner",
  "aws:sourcevpcarn",
  "aws:vpceaccount",
  "aws:vpceorgid",
  "aws:vpceorgpaths",
  "s3:dataaccesspointarn",
  "s3:dataaccesspointaccount",
]);

function foreignersIn({ keyName, values }: Condition, facts: CrossAccountFacts): Foreigner[] {
  if (!keyName.includes("org")) return values.flatMap((value) => foreignValue(value, facts.account));
  return [...new Set(values.map((value) => value.split("/")[0] ?? value))].map((organization) => ({
    who: organization,
    reason: `every account of the organization ${organization} is allowed`,
    account: undefined,
    arn: undefined,
  }));
}

/** An account id or an ARN; ARNs of buckets name no account. */
function foreignValue(value: string, owner: string | undefined): Foreigner[] {
  const account = /^\d{12}$/.test(value) ? value : (arnParts(value)[4] ?? "");
  return account === "" || account === owner ? [] : [fromAccount(account, value)];
}

function fromAccount(account: string, who: string): Foreigner {
  const arn = who.startsWith("arn:") ? who : undefined;
  return {
    who,
    reason: arn === undefined ? `account ${account} is not the owner's` : `${arn} is of another account`,
    account: /^\d{12}$/.test(account) ? account : undefined,
    arn,
  };
}

/** An action and ARN that the foreigner really gets, less what is always denied to it. */
function witnessFor(
  one: Foreigner,
  statement: Statement,
  bucket: BucketArn,
  policy: Policy | undefined,
  budget: Budget,
) {
  const request = factsAbout(one);
  if (truthOf(statement, request, budget) === "never") return undefined;
  const denies = (policy?.statements ?? []).filter(
    (deny) =>
      deny.effect === "Deny" &&
      isDenied(deny, one.arn ?? (one.account === undefined ? undefined : `arn:aws:iam::${one.account}:root`)) &&
      truthOf(deny, request, budget) === "always",
  );
  const question = {
    routes: [[[reachOf(statement, "widest", budget)]]],
    denies: denies.map((deny) => reachOf(deny, "narrowest", budget)),
    targetsOf: targetsInBucket(bucket),
  };
  const [found] = findAccess(S3_ACTIONS, question, budget);
  return found === undefined ? undefined : { action: found.action.name, resource: found.resource };
}

function factsAbout({ account, arn }: Foreigner): Facts {
  const table = new Map<string, KeyFact>([
    ["aws:principalisawsservice", valueFact("false")],
    ["aws:principalservicename", ABSENT_KEY],
    ["aws:principalservicenameslist", ABSENT_KEY],
  ]);
  if (arn?.includes(":iam:") && !/[*?]/.test(arn)) table.set("aws:principalarn", valueFact(arn));
  if (account !== undefined && (arn === undefined || arn.includes(":iam:")))
    table.set("aws:principalaccount", valueFact(account));
  return factsFrom(table);
}

function foreignGrant(grant: AclGrant, { canonicalId, allowed = [] }: CrossAccountFacts): ForeignAccess[] {
  const who = grant.id ?? grant.emailAddress;
  if (who === undefined || publicGroupOf(grant) !== undefined) return [];
  if (grant.id !== undefined && grant.id === canonicalId) return [];
  if (allowed.includes(who)) return [];
  return [{ who, index: undefined, reason: `the ACL grants ${grant.permission} to ${who}`, witness: undefined }];
}
