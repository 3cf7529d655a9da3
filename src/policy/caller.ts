import type { Reading } from "./decision.ts";
import type { Policy } from "./document.ts";
import { arnParts } from "./evaluate.ts";
import { classifyPrincipal, type Principal } from "./principal.ts";
import type { Statement } from "./statement.ts";

/** A policy of a role or user by its name, so that a finding can say which. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: Reading<Policy>;
}

/** A role or user with everything that is attached to it. The ARN is undefined where it is not known. */
export interface Caller {
  readonly arn?: string;
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
}

/** How a statement of a resource policy meets a caller. */
export type Address =
  /** Not at all. */
  | "other"
  /** By its own ARN. */
  | "direct"
  /** As everyone: a boundary does not stand in the way. */
  | "everyone"
  /** As one session of the role: a boundary does not stand in the way, and other sessions are not meant. */
  | "session"
  /** As part of an account that is named: the account's own policies decide. */
  | "account";

export function accountOf(arn: string | undefined): string | undefined {
  const account = arn === undefined ? undefined : arnParts(arn)[4];
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** Whether and how the Principal of a statement means the caller. */
export function addressedBy({ principals }: Statement, callerArn: string | undefined): Address {
  if (principals === undefined) return "direct";
  const each = principals.entries.map((entry) => addressOf(classifyPrincipal(entry), callerArn));
  // everyone but the ones that are named: a role is spared when it or its account is
  if (principals.negated) return each.every((address) => address === "other") ? "everyone" : "other";
  return (["everyone", "session", "direct", "account"] as const).find((address) => each.includes(address)) ?? "other";
}

/** Whether a Deny hits every request of the caller: a whole account stands for everyone in it. */
export function isDenied(statement: Statement, callerArn: string | undefined): boolean {
  const address = addressedBy(statement, callerArn);
  return address !== "other" && address !== "session";
}

function addressOf(principal: Principal, callerArn: string | undefined): Address {
  switch (principal.kind) {
    case "everyone":
      return "everyone";
    case "account":
      return principal.account === accountOf(callerArn) ? "account" : "other";
    case "role":
    case "user":
    case "other":
      return principal.arn === callerArn ? "direct" : "other";
    case "session":
      return sameRole(principal.role, callerArn) ? "session" : "other";
    default:
      return "other";
  }
}

/** Sessions name their role without its path. */
function sameRole(role: string | undefined, callerArn: string | undefined): boolean {
  if (role === undefined || callerArn === undefined) return false;
  const withoutPath = callerArn.replace(/:role\/(?:.*\/)?([^/]+)$/, ":role/$1");
  return role === withoutPath;
}
