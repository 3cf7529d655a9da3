import type { Condition } from "./condition.ts";
import { parseBoolean } from "./condition-value.ts";
import { arnParts } from "./evaluate.ts";
import { isBroaderThanFixed, isPrivateRange, parseIpRange } from "./ip-range.ts";
import { isFixed } from "./policy-pattern.ts";

/** Whether one condition narrows "everyone" down to what S3 counts as fixed, and why. */
export interface ConditionVerdict {
  readonly path: string;
  readonly key: string;
  readonly limits: boolean;
  readonly reason: string;
}

/** How the values of a key are judged. `positive` wants a true Boolean, `services` accepts any value: only services carry the key. */
type KeyRule =
  | "fixed"
  | "fixed-arn"
  | "principal-arn"
  | "access-point"
  | "address"
  | "org-path"
  | "positive"
  | "services";

/**
 * The keys S3's page on the meaning of "public" lists, and those that identify who asks or from which network in the same way.
 * Everything else is chosen by the caller, or true of callers from any account.
 */
const LIMITING_KEYS: ReadonlyMap<string, KeyRule> = new Map<string, KeyRule>([
  ["aws:sourceip", "address"],
  ["aws:sourcearn", "fixed-arn"],
  ["aws:sourcevpc", "fixed"],
  ["aws:sourcevpce", "fixed"],
  ["aws:sourceowner", "fixed"],
  ["aws:sourceaccount", "fixed"],
  ["aws:userid", "fixed"],
  ["s3:dataaccesspointarn", "access-point"],
  ["s3:dataaccesspointaccount", "fixed"],
  ["aws:principalorgid", "fixed"],
  ["aws:principalorgpaths", "org-path"],
  ["aws:principalaccount", "fixed"],
  ["aws:principalarn", "principal-arn"],
  ["aws:principalisawsservice", "positive"],
  ["aws:principalservicename", "services"],
  ["aws:principalservicenameslist", "services"],
  ["aws:sourcevpcarn", "fixed-arn"],
  ["aws:vpceaccount", "fixed"],
  ["aws:vpceorgid", "fixed"],
  ["aws:vpceorgpaths", "org-path"],
]);

/** Worth a word of their own, because they are often taken for a limit. */
const NOT_LIMITING: ReadonlyMap<string, string> = new Map([
  ["aws:resourceaccount", "names the bucket's own account, which every caller reaches"],
  ["aws:resourceorgid", "names the bucket's own organization, which every caller reaches"],
  ["s3:resourceaccount", "names the bucket's own account, which every caller reaches"],
  ["aws:referer", "is whatever the caller sends"],
  ["aws:useragent", "is whatever the caller sends"],
  ["aws:securetransport", "asks for TLS, which everyone has"],
  ["aws:currenttime", "is the time, which is the same for everyone"],
  ["aws:epochtime", "is the time, which is the same for everyone"],
  ["aws:principaltype", "is a kind of principal that every account has"],
  ["aws:vpcsourceip", "is a private address inside any VPC of any customer"],
  ["aws:principaltag", "is a tag that every account can give its own principals"],
  ["aws:username", "is a name that every account can give its own users"],
]);

export function judgeCondition(condition: Condition, isAccessPointPolicy: boolean): ConditionVerdict {
  const verdict = (limits: boolean, reason: string): ConditionVerdict => {
    return { path: condition.path, key: condition.key, limits, reason };
  };
  const { operator, keyName, key, values } = condition;
  const rule = LIMITING_KEYS.get(keyName);
  if (rule === undefined) {
    const special = NOT_LIMITING.get(keyName.split("/")[0] ?? keyName);
    return verdict(false, `${key} ${special ?? "does not fix who may call"}`);
  }
  const objection =
    objectionToOperator(condition) ??
    (suitsRule(condition, rule) ? undefined : `${operator.name} is not an operator for ${key}`);
  if (objection !== undefined) return verdict(false, objection);

  const loose = values.map((value) => looseness(value, rule, condition, isAccessPointPolicy)).find(Boolean);
  if (loose !== undefined) return verdict(false, loose);
  return verdict(true, `${key} has only fixed values`);
}

function objectionToOperator({ operator, key }: Condition): string | undefined {
  if (operator.family === "null") return `Null only asks whether ${key} is there, not what it is`;
  if (operator.negated) return `${operator.name} admits every other value, and requests without ${key}`;
  if (operator.ifExists) return `${operator.name} also admits requests without ${key}`;
  if (operator.qualifier === "all") return `${operator.name} also admits requests without ${key}`;
  return undefined;
}

function suitsRule({ operator }: Condition, rule: KeyRule): boolean {
  switch (rule) {
    case "address":
      return operator.family === "ip";
    case "positive":
      return operator.family === "bool";
    case "fixed-arn":
    case "principal-arn":
    case "access-point":
      return operator.family === "arn" || operator.family === "string";
    case "fixed":
    case "org-path":
    case "services":
      return operator.family === "string";
  }
}

/** Why a value is not fixed; undefined when it is. */
function looseness(
  value: string,
  rule: KeyRule,
  condition: Condition,
  isAccessPointPolicy: boolean,
): string | undefined {
  const { key } = condition;
  const shown = JSON.stringify(value);
  switch (rule) {
    case "services":
      return undefined;
    case "positive":
      return parseBoolean(value) === true ? undefined : `${key} ${shown} admits everyone who is no AWS service`;
    case "address":
      return looseAddress(value);
    case "principal-arn":
      return isFixed(value) || hasFixedAccount(value, condition) ? undefined : `${shown} leaves the account open`;
    case "access-point":
      if (isFixed(value) || (!isAccessPointPolicy && isAccessPointOfOneAccount(value))) return undefined;
      return `${shown} does not fix the account of the access point`;
    case "org-path":
      return isFixed(value) || isPathOfOneOrganization(value) ? undefined : `${shown} does not fix the organization`;
    case "fixed":
    case "fixed-arn":
      if (isFixed(value)) return undefined;
      return `${shown} holds ${/\$\{/.test(value) ? "a policy variable" : "a wildcard"}, so it is not a fixed value`;
  }
}

function looseAddress(value: string): string | undefined {
  const range = parseIpRange(value);
  if (range === undefined) return `${JSON.stringify(value)} is not a fixed range`;
  if (!isBroaderThanFixed(range) || isPrivateRange(range)) return undefined;
  return `${value} is broader than ${range.version === 4 ? "/8" : "/32"}`;
}

/** Wildcards behind the account do not leave the account; before it they could, because paths of roles may hold colons. */
export function hasFixedAccount(value: string, { operator }: Condition): boolean {
  const [arn = "", partition = "", service = "", region = "", account = ""] = arnParts(value);
  if (!/^\d{12}$/.test(account) || arn !== "arn") return false;
  return operator.family === "arn" || isFixed(`${partition}:${service}:${region}`);
}

/** The page's exception: any access point of one account, the name being a wildcard. */
function isAccessPointOfOneAccount(value: string): boolean {
  return /^arn:[a-z0-9-]+:s3:[a-z0-9-]*:\d{12}:accesspoint\/[^$]*$/.test(value);
}

/** `o-1a2b/r-3c4d/ou-5e6f/*`: ids of organizations are unique, so the rest may be open. */
function isPathOfOneOrganization(value: string): boolean {
  return /^o-[a-z0-9]+\/[^$]*$/.test(value);
}
