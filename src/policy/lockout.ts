import { names, type Reach, reachOf, touches } from "./access.ts";
import { Budget, TOO_COMPLEX, withinBudget } from "./budget.ts";
import type { Decision } from "./decision.ts";
import type { Policy } from "./document.ts";
import { truthOf } from "./evaluate.ts";
import { classifyPrincipal, type Principal } from "./principal.ts";
import { nameOf } from "./public.ts";
import { ordinaryRequest } from "./request-facts.ts";
import { s3Action } from "./s3-service.ts";
import type { BucketArn } from "./s3-targets.ts";
import type { Statement } from "./statement.ts";

export interface LockoutVerdict extends Decision {
  /** Statements that shut the administrators out. */
  readonly by: readonly number[];
  /** Statements that do so for some of their requests, such as those from elsewhere. */
  readonly conditional: readonly number[];
}

/** Either of them repairs a policy; with both denied only the account's root user can. */
const REPAIRS = ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

/**
 * Whether the policy keeps the owner's own administrators from ever changing it again.
 *
 * @param account the bucket owner's; without it a Deny for an account as a whole leaves the answer open.
 */
export function lockoutOf(policy: Policy, bucket: BucketArn, account?: string, budget = new Budget()): LockoutVerdict {
  return withinBudget(
    budget,
    (limit) => decide(policy, bucket, account, limit),
    () => ({
      answer: "unknown",
      reason: `it cannot be told whom the policy shuts out: ${TOO_COMPLEX}`,
      by: [],
      conditional: [],
    }),
  );
}

type Hit = "always" | "sometimes" | "never";

function decide(policy: Policy, bucket: BucketArn, account: string | undefined, budget: Budget): LockoutVerdict {
  const facts = ordinaryRequest(account);
  const denies = policy.statements
    .filter(({ effect }) => effect === "Deny")
    .map((statement) => {
      const truth = truthOf(statement, facts, budget);
      return {
        reach: reachOf(statement, "narrowest", budget),
        hit: weaker(truth, hitsAdministrators(statement, account)),
      };
    })
    .filter(({ hit }) => hit !== "never");
  const denying = (repair: string, hits: readonly Hit[]): number[] =>
    denies
      .filter(({ reach, hit }) => hits.includes(hit) && deniesRepair(reach, repair, bucket, budget))
      .map(({ reach }) => reach.statement.index);

  const certain = REPAIRS.map((repair) => denying(repair, ["always"]));
  const possible = REPAIRS.map((repair) => denying(repair, ["always", "sometimes"]));
  const by = certain.every((indices) => indices.length > 0) ? distinct(certain.flat()) : [];
  const conditional = possible.every((indices) => indices.length > 0)
    ? distinct(possible.flat()).filter((index) => !by.includes(index))
    : [];
  const nameAt = (index: number): string => nameOf({ index, sid: policy.statements[index]?.sid });

  if (by.length > 0)
    return {
      answer: "yes",
      reason: `${by.map(nameAt).join(" and ")} denies the owner's administrators to change or delete the policy`,
      by,
      conditional,
    };
  const [first] = conditional;
  if (first === undefined) return { answer: "no", reason: "administrators can change the policy", by, conditional };
  const reason = `${nameAt(first)} denies administrators to change the policy, but only under conditions`;
  const unsure = account === undefined && conditional.some((index) => namesSomeAccount(policy.statements[index]));
  return {
    answer: unsure ? "unknown" : "no",
    reason: unsure ? `${nameAt(first)} denies a whole account, and whose it is is not known` : reason,
    by,
    conditional,
  };
}

function deniesRepair(reach: Reach, repair: string, { arn }: BucketArn, budget: Budget): boolean {
  const action = s3Action(repair);
  return action !== undefined && names(reach, action, budget) && touches(reach, arn, budget);
}

/** An administrator here is any principal of the owner's account that the policy does not single out. */
function hitsAdministrators({ principals }: Statement, account: string | undefined): Hit {
  if (principals === undefined) return "never";
  const each = principals.entries.map((entry) => includesAdministrators(classifyPrincipal(entry), account));
  if (!principals.negated)
    return each.includes("always") ? "always" : each.includes("sometimes") ? "sometimes" : "never";
  if (each.includes("always")) return "never";
  // whoever is named of the owner's account stays free to repair
  return each.includes("sometimes") ? "sometimes" : "always";
}

function includesAdministrators(principal: Principal, account: string | undefined): Hit {
  switch (principal.kind) {
    case "everyone":
      return "always";
    case "account":
      if (account === undefined) return "sometimes";
      return principal.account === account ? "always" : "never";
    case "role":
    case "user":
    case "session":
    case "other":
      return account === undefined || principal.account === account ? "sometimes" : "never";
    case "unique-id":
    case "pattern":
      return "sometimes";
    default:
      return "never";
  }
}

function namesSomeAccount(statement: Statement | undefined): boolean {
  return statement?.principals?.entries.some((entry) => classifyPrincipal(entry).kind === "account") ?? false;
}

function weaker(a: Hit, b: Hit): Hit {
  if (a === "never" || b === "never") return "never";
  return a === "sometimes" || b === "sometimes" ? "sometimes" : "always";
}

function distinct(items: readonly number[]): number[] {
  return [...new Set(items)].sort((a, b) => a - b);
}
