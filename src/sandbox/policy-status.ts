/**
 * Whether a bucket policy is public, in the sense of "The meaning of public" in the S3 User Guide: a policy is public
 * unless every Allow is held to fixed principals or, by a condition, to fixed values of the keys named there.
 * What is not understood counts as public, as AWS errs too. Written for the sandbox alone; `src/policy` is what it judges.
 */
import { isIPv4, isIPv6 } from "node:net";

type Json = Readonly<Record<string, unknown>>;

/** @param policy text that has been accepted as a bucket policy */
export function isPublicPolicy(policy: string): boolean {
  const { Statement } = JSON.parse(policy) as Json;
  return listOf(Statement).some((statement) => !isJson(statement) || isPublicStatement(statement));
}

function isPublicStatement(statement: Json): boolean {
  if (statement.Effect === "Deny") return false;
  return !isFixedPrincipal(statement.Principal) && !isLimited(statement.Condition);
}

function isFixedPrincipal(principal: unknown): boolean {
  if (!isJson(principal)) return false;
  const entries = Object.entries(principal);
  return entries.length > 0 && entries.every(([kind, names]) => everyText(names, (text) => isFixedName(kind, text)));
}

function isFixedName(kind: string, name: string): boolean {
  if (/[*?]/.test(name)) return false;
  // an identity provider on the internet lets anyone in; one that an account has set up has that account in its ARN
  if (kind === "Federated") return /^arn:[^:]+:iam::\d{12}:/.test(name);
  return kind === "AWS" || kind === "Service" || kind === "CanonicalUser";
}

/** Conditions are all required, so one that limits is enough. */
function isLimited(condition: unknown): boolean {
  if (!isJson(condition)) return false;
  return Object.entries(condition).some(
    ([operator, tests]) =>
      isJson(tests) && Object.entries(tests).some(([key, values]) => limits(operator, key.toLowerCase(), values)),
  );
}

const equalities = new Set(["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"]);

const fixingKeys = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "s3:dataaccesspointaccount",
]);

/** The name of an access point may be anything as long as the account is named. */
const accessPointOfAccount = /^arn:[^:*?]+:s3:[^:]*:\d{12}:accesspoint\/[^:]+$/;

function limits(operator: string, key: string, values: unknown): boolean {
  // `…IfExists` and `ForAllValues:` are true for a request that lacks the key, negated ones for almost everyone
  const name = operator.toLowerCase().replace(/^foranyvalue:/, "");
  if (name === "ipaddress" && key === "aws:sourceip") return everyText(values, isNarrowRange);
  if (!equalities.has(name)) return false;
  if (key === "s3:dataaccesspointarn") return everyText(values, (arn) => accessPointOfAccount.test(arn));
  return fixingKeys.has(key) && everyText(values, (value) => value !== "" && !/[*?]|\$\{/.test(value));
}

/** Ranges wider than /8 (IPv4) or /32 (IPv6) are public. */
function isNarrowRange(cidr: string): boolean {
  const [address = "", prefix, ...more] = cidr.split("/");
  if (more.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return false;
  if (isIPv4(address)) return Number(prefix ?? 32) >= 8;
  return isIPv6(address) && Number(prefix ?? 128) >= 32;
}

function everyText(values: unknown, accepts: (text: string) => boolean): boolean {
  const list = listOf(values);
  const isText = (value: unknown) => typeof value === "string" || typeof value === "number";
  return list.length > 0 && list.every((value) => isText(value) && accepts(String(value)));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
