import type { Policy } from "./document.ts";
import { classifyPrincipal, type Principal } from "./principal.ts";
import { type ConditionVerdict, judgeCondition } from "./public-condition.ts";
import type { Statement } from "./statement.ts";

export interface StatementVerdict {
  readonly index: number;
  readonly sid?: string;
  readonly public: boolean;
  readonly reason: string;
  readonly conditions: readonly ConditionVerdict[];
}

export interface PublicVerdict {
  readonly isPublic: boolean;
  readonly reason: string;
  readonly statements: readonly StatementVerdict[];
}

export interface PublicOptions {
  /** An access point's own policy: a wildcard for the access point's name counts as public there. */
  readonly accessPoint?: boolean;
}

/**
 * S3's own notion of "public", which Block Public Access goes by: a policy is public unless each Allow is for fixed principals
 * or has a condition that fixes where requests come from. Action, Resource and Deny play no part in it.
 *
 * Source: Amazon S3 User Guide, "Blocking public access", the meaning of "public".
 */
export function isPublic(policy: Policy, options: PublicOptions = {}): PublicVerdict {
  const statements = policy.statements.map((statement) => judgeStatement(statement, options.accessPoint ?? false));
  const open = statements.find((statement) => statement.public);
  if (open === undefined)
    return { isPublic: false, reason: "every statement that allows is limited to fixed values", statements };
  return { isPublic: true, reason: `${nameOf(open)}: ${open.reason}`, statements };
}

/** `Statement 3 ("Everyone")`, counted as people count. */
export function nameOf({ index, sid }: { readonly index: number; readonly sid?: string | undefined }): string {
  return `statement ${index + 1}${sid === undefined || sid === "" ? "" : ` (${JSON.stringify(sid)})`}`;
}

function judgeStatement(statement: Statement, isAccessPointPolicy: boolean): StatementVerdict {
  const { index, sid } = statement;
  const verdict = (isOpen: boolean, reason: string, conditions: readonly ConditionVerdict[] = []): StatementVerdict => {
    return { index, ...(sid === undefined ? {} : { sid }), public: isOpen, reason, conditions };
  };
  if (statement.effect === "Deny") return verdict(false, "a Deny grants nothing");

  const opening = openingOf(statement);
  if (opening === undefined) return verdict(false, "every principal is fixed");

  const conditions = statement.conditions.map((condition) => judgeCondition(condition, isAccessPointPolicy));
  const limit = conditions.find(({ limits }) => limits);
  if (limit !== undefined) return verdict(false, limit.reason, conditions);
  const weak = conditions.map(({ reason }) => `; ${reason}`).join("");
  return verdict(true, `${opening}${weak}`, conditions);
}

/** What lets anyone in; undefined when each principal is fixed. */
function openingOf({ principals }: Statement): string | undefined {
  if (principals === undefined) return "it names no principal";
  if (principals.negated) return "NotPrincipal with Allow admits everyone else, anonymous callers included";
  return principals.entries
    .map((entry) => openingOfPrincipal(classifyPrincipal(entry)))
    .find((text) => text !== undefined);
}

function openingOfPrincipal(principal: Principal): string | undefined {
  switch (principal.kind) {
    case "everyone":
      return 'the principal is "*": everyone, without credentials too';
    case "pattern":
      return `the principal ${JSON.stringify(principal.pattern)} holds a wildcard`;
    case "web-identity":
      return `${principal.provider} is a web identity provider: anyone can have an account there`;
    case "provider":
      return `${principal.arn} is an identity provider, not a fixed principal`;
    default:
      return undefined;
  }
}
