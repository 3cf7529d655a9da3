import type { Budget } from "./budget.ts";
import type { Condition } from "./condition.ts";
import type { Comparison, OperatorFamily } from "./condition-operator.ts";
import { parseBoolean, parseDate, parseNumber } from "./condition-value.ts";
import type { PolicyVersion } from "./document.ts";
import { type Glob, glob, matches } from "./glob.ts";
import { contains, parseIpAddress, parseIpRange } from "./ip-range.ts";
import { hasVariable, patternGlob } from "./policy-pattern.ts";
import { type KeyType, typeOfKey } from "./s3-service.ts";
import type { Statement } from "./statement.ts";

/** What is known about one key of a request, or of a whole class of requests. */
export type KeyFact =
  | { readonly kind: "absent" }
  /** Exactly these values; keys that are no sets have one. */
  | { readonly kind: "values"; readonly values: readonly string[] }
  /** There, with a value that is not known. */
  | { readonly kind: "present" }
  /** Nothing is known. */
  | { readonly kind: "any" };

/** What is known about a request, by lower-case key. */
export type Facts = (keyName: string) => KeyFact;

/** Over all requests that fit the facts: the conditions always hold, never do, or it depends. */
export type Truth = "always" | "never" | "sometimes";

export const ABSENT_KEY: KeyFact = { kind: "absent" };
export const PRESENT_KEY: KeyFact = { kind: "present" };
export const ANY_FACT: KeyFact = { kind: "any" };

export function valueFact(...values: readonly string[]): KeyFact {
  return { kind: "values", values };
}

/** Facts from a table; what it does not name is unknown. */
export function factsFrom(table: ReadonlyMap<string, KeyFact>): Facts {
  return (keyName) => table.get(keyName) ?? ANY_FACT;
}

/** Whether a statement's conditions hold: all of them must. */
export function truthOf(statement: Statement, facts: Facts, budget: Budget): Truth {
  let truth: Truth = "always";
  for (const condition of statement.conditions) {
    const one = truthOfCondition(condition, statement.version, facts(condition.keyName), budget);
    if (one === "never") return "never";
    if (one === "sometimes") truth = "sometimes";
  }
  return truth;
}

export function truthOfCondition(condition: Condition, version: PolicyVersion, fact: KeyFact, budget: Budget): Truth {
  const { operator, keyName } = condition;
  budget.spend(condition.values.length);
  if (operator.family === "null") return truthOfNull(condition, fact);
  if (fact.kind === "absent") return certainly(holdsWithoutKey(condition));

  const fitting = suits(operator.family, typeOfKey(keyName));
  const withKey = !fitting
    ? "sometimes"
    : fact.kind === "values"
      ? truthOfValues(condition, version, fact.values, budget)
      : truthOfUnknownValue(condition);
  if (fact.kind !== "any") return withKey;
  return withKey === certainly(holdsWithoutKey(condition)) ? withKey : "sometimes";
}

function truthOfNull({ values }: Condition, fact: KeyFact): Truth {
  const wanted = new Set(values.map(parseBoolean));
  if (wanted.size > 1) return "always";
  if (wanted.has(undefined) || fact.kind === "any") return "sometimes";
  return certainly(wanted.has(fact.kind === "absent"));
}

/** A missing key fails an operator, satisfies a negated one, and is what IfExists and ForAllValues let pass. */
function holdsWithoutKey({ operator }: Condition): boolean {
  if (operator.ifExists || operator.qualifier === "all") return true;
  if (operator.qualifier === "any") return false;
  return operator.negated;
}

/** Some lists of values match every value there is. */
function truthOfUnknownValue({ operator, values }: Condition): Truth {
  const everything =
    operator.comparison === "like"
      ? values.some((value) => /^\*+$/.test(value))
      : operator.family === "bool"
        ? values.some((value) => parseBoolean(value) === true) && values.some((value) => parseBoolean(value) === false)
        : operator.family === "ip"
          ? ([4, 6] as const).every((version) => values.some((value) => isWholeInternet(value, version)))
          : false;
  return everything ? certainly(!operator.negated) : "sometimes";
}

function isWholeInternet(value: string, version: 4 | 6): boolean {
  const range = parseIpRange(value);
  return range?.version === version && range.prefixLength === 0;
}

function truthOfValues(
  condition: Condition,
  version: PolicyVersion,
  requestValues: readonly string[],
  budget: Budget,
): Truth {
  const { operator } = condition;
  const each = requestValues.map((value) => {
    const matched = matchesOne(condition, version, value, budget);
    return operator.negated ? opposite(matched) : matched;
  });
  // a set without qualifier: one value is enough, and a negated operator wants all of them different
  const every = operator.qualifier === "all" || (operator.qualifier === undefined && operator.negated);
  return every ? conjunction(each) : opposite(conjunction(each.map(opposite)));
}

/** Whether a value of the request equals one of the condition's: those are alternatives. */
function matchesOne(condition: Condition, version: PolicyVersion, requestValue: string, budget: Budget): Truth {
  const { family, comparison } = condition.operator;
  let truth: Truth = "never";
  for (const value of condition.values) {
    const one = hasVariable(value, version)
      ? matchOfVariable(value, version, requestValue, budget)
      : certainly(compare(family, comparison, value, version, requestValue, budget));
    if (one === "always") return "always";
    if (one === "sometimes") truth = "sometimes";
  }
  return truth;
}

/** A variable may turn out as anything, so only a contradiction in the rest of the text is certain. */
function matchOfVariable(value: string, version: PolicyVersion, requestValue: string, budget: Budget): Truth {
  const widest = patternGlob(value.toLowerCase(), version, "widest");
  return widest === undefined || matches(widest, requestValue.toLowerCase(), budget) ? "sometimes" : "never";
}

function compare(
  family: OperatorFamily,
  comparison: Comparison,
  value: string,
  version: PolicyVersion,
  requestValue: string,
  budget: Budget,
): boolean {
  budget.spend(family === "ip" ? 8 : 1);
  switch (family) {
    case "string":
      return compareStrings(comparison, value, version, requestValue, budget);
    case "arn":
      return matchesArn(value, version, requestValue, budget);
    case "ip":
      return isInRange(value, requestValue);
    case "bool":
      return parseBoolean(value) === parseBoolean(requestValue);
    case "numeric":
      return inOrder(comparison, parseNumber(requestValue), parseNumber(value));
    case "date":
      return inOrder(comparison, parseDate(requestValue), parseDate(value));
    case "binary":
    case "null":
      return value === requestValue;
  }
}

function compareStrings(
  comparison: Comparison,
  value: string,
  version: PolicyVersion,
  requestValue: string,
  budget: Budget,
): boolean {
  if (comparison === "like") return matches(conditionGlob(value, version), requestValue, budget);
  if (comparison === "equals-ignoring-case") return value.toLowerCase() === requestValue.toLowerCase();
  return value === requestValue;
}

/** ARNs are compared part by part, so a wildcard stays within its part; the last may hold colons. */
function matchesArn(value: string, version: PolicyVersion, requestValue: string, budget: Budget): boolean {
  const wanted = arnParts(value);
  const given = arnParts(requestValue);
  const last = wanted.length - 1;
  if (wanted.length > given.length || (wanted.length < given.length && !wanted[last]?.endsWith("*"))) return false;
  return wanted.every((part, index) => {
    const rest = index === last ? given.slice(index).join(":") : (given[index] ?? "");
    return matches(conditionGlob(part, version), rest, budget);
  });
}

export function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

function conditionGlob(value: string, version: PolicyVersion): Glob {
  return patternGlob(value, version, "widest") ?? glob(value);
}

function isInRange(value: string, requestValue: string): boolean {
  const range = parseIpRange(value);
  const address = parseIpAddress(requestValue);
  return range !== undefined && address !== undefined && contains(range, address);
}

function inOrder(comparison: Comparison, left: number | undefined, right: number | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  switch (comparison) {
    case "less":
      return left < right;
    case "less-or-equal":
      return left <= right;
    case "greater":
      return left > right;
    case "greater-or-equal":
      return left >= right;
    default:
      return left === right;
  }
}

/** Operators of the wrong type for a key are accepted by AWS with a warning; what they then do is not documented. */
export function suits(family: OperatorFamily, type: KeyType | undefined): boolean {
  switch (type) {
    case undefined:
      return true;
    case "string":
    case "string-list":
    case "arn":
      return family === "string" || family === "arn" || family === "binary";
    case "date":
      return family === "date" || family === "numeric";
    case "numeric":
    case "bool":
    case "ip":
      return family === type;
  }
}

function certainly(holds: boolean): Truth {
  return holds ? "always" : "never";
}

function opposite(truth: Truth): Truth {
  return truth === "always" ? "never" : truth === "never" ? "always" : "sometimes";
}

function conjunction(truths: readonly Truth[]): Truth {
  if (truths.includes("never")) return "never";
  return truths.includes("sometimes") ? "sometimes" : "always";
}
