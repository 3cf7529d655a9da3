import type { Decision } from "./decision.ts";
import type { Policy } from "./document.ts";
import { classifyPrincipal, type Principal } from "./principal.ts";
import { nameOf } from "./public.ts";
import { judgeCondition } from "./public-condition.ts";
import type { Statement } from "./statement.ts";

/** Someone who may take on the role and was not meant to. */
export interface TrustedTooMuch {
  readonly index: number;
  readonly principal: string;
  readonly reason: string;
}

export interface TrustVerdict extends Decision {
  readonly tooMuch: readonly TrustedTooMuch[];
  /** Expected services that any account could make act for it: there is no aws:SourceArn or aws:SourceAccount. */
  readonly confusable: readonly string[];
}

export interface ExpectedTrust {
  /** Services that are meant to use the role, such as `lambda.amazonaws.com`. */
  readonly services: readonly string[];
  /** ARNs and account ids that are meant to, too. */
  readonly principals?: readonly string[];
}

/** These assume a role only for a function or instance of the account itself, so nobody can misuse them. */
const SAFE_SERVICES = new Set([
  "lambda.amazonaws.com",
  "ec2.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "edgelambda.amazonaws.com",
]);

/** Whether a role trusts more than it should. The answer "yes" is bad news. */
export function trustTooWide(policy: Policy, expected: ExpectedTrust): TrustVerdict {
  const allows = policy.statements.filter(({ effect }) => effect === "Allow");
  const tooMuch = allows.flatMap((statement) => excessive(statement, expected));
  const confusable = allows.flatMap((statement) => confusableServices(statement, expected));
  const [first] = tooMuch;
  if (first === undefined)
    return { answer: "no", reason: "only those who are meant to may take on the role", tooMuch, confusable };
  const sid = policy.statements[first.index]?.sid;
  return {
    answer: "yes",
    reason: `${nameOf({ index: first.index, sid })} trusts ${first.principal}: ${first.reason}`,
    tooMuch,
    confusable,
  };
}

function excessive({ index, principals }: Statement, expected: ExpectedTrust): TrustedTooMuch[] {
  if (principals === undefined) return [];
  if (principals.negated) return [{ index, principal: "NotPrincipal", reason: "everyone who is not named is trusted" }];
  return principals.entries.flatMap((entry) => {
    const reason = objectionTo(classifyPrincipal(entry), expected);
    return reason === undefined ? [] : [{ index, principal: entry.value, reason }];
  });
}

function objectionTo(principal: Principal, { services, principals = [] }: ExpectedTrust): string | undefined {
  switch (principal.kind) {
    case "everyone":
      return "anyone with an AWS account is";
    case "pattern":
      return "a pattern is no fixed principal";
    case "service":
      return services.includes(principal.service) ? undefined : "this service is not expected to use the role";
    case "account":
      return principals.some((item) => item === principal.account || item.endsWith(`::${principal.account}:root`))
        ? undefined
        : "everyone whom that account allows is";
    case "role":
    case "user":
    case "session":
    case "other":
    case "cloudfront-identity":
      return principals.includes(principal.arn) ? undefined : "it is not expected to use the role";
    case "provider":
      return principals.includes(principal.arn) ? undefined : "whoever signs in there is";
    case "web-identity":
      return principals.includes(principal.provider) ? undefined : "anyone can have an account there";
    case "unique-id":
    case "canonical-user":
      return "it is not expected to use the role";
  }
}

function confusableServices({ principals, conditions }: Statement, { services }: ExpectedTrust): string[] {
  const guarded = conditions.some(
    (condition) =>
      /^aws:source(arn|account|orgid)$/.test(condition.keyName) &&
      (condition.keyName === "aws:sourceorgid" || judgeCondition(condition, false).limits),
  );
  if (guarded || principals === undefined || principals.negated) return [];
  return principals.entries.flatMap((entry) => {
    const principal = classifyPrincipal(entry);
    if (principal.kind !== "service" || !services.includes(principal.service)) return [];
    return SAFE_SERVICES.has(principal.service) ? [] : [principal.service];
  });
}
