import type { Budget } from "./budget.ts";
import type { Condition } from "./condition.ts";
import { parseDate, parseNumber } from "./condition-value.ts";
import { ABSENT_KEY, type KeyFact, PRESENT_KEY, valueFact } from "./evaluate.ts";
import { exampleOf, type Glob, glob, type Language } from "./glob.ts";
import { witness } from "./glob-search.ts";
import { type IpRange, parseIpRange } from "./ip-range.ts";
import { patternGlob } from "./policy-pattern.ts";
import { typeOfKey } from "./s3-service.ts";
import type { Statement } from "./statement.ts";
import { addressesAround } from "./stranger-address.ts";

/**
 * Someone the owner of the bucket has never heard of: without credentials, or with an AWS account, organization, VPC and
 * services of their own. They choose whatever a request lets them choose; they cannot be someone else.
 */
export interface Scenario {
  readonly who: "anonymous" | "foreign-account";
  readonly network: "internet" | "own-vpc";
  readonly transport: "https" | "http";
}

/** A condition on a key, with what is needed to read its values. */
export interface KeyUse {
  readonly condition: Condition;
  readonly statement: Statement;
}

/** What a key can be for a stranger. `complete` is false when there would be more to try. */
export interface KeyChoices {
  readonly facts: readonly KeyFact[];
  readonly complete: boolean;
}

const MOST_VALUES = 24;

/** An account that no policy names: documentation and tests use others. */
export const STRANGER = "980665421310";

/** Ids that are given out by AWS: a stranger has some, but not the ones that belong to somebody. */
const OWN: ReadonlyMap<string, readonly string[]> = new Map([
  ["aws:principalaccount", [STRANGER]],
  ["aws:principalarn", [`arn:aws:iam::${STRANGER}:role/?*`, `arn:aws:iam::${STRANGER}:?*`]],
  ["aws:principalorgid", ["o-s7r4ng3r0?*"]],
  ["aws:principalorgpaths", ["o-s7r4ng3r0?*/r-?*/*"]],
  ["aws:userid", ["AROA5TRANGER5TRANGER0:?*", "AIDA5TRANGER5TRANGER0"]],
  ["aws:sourcevpc", ["vpc-?*"]],
  ["aws:sourcevpce", ["vpce-?*"]],
  ["aws:sourcevpcarn", [`arn:aws:ec2:?*:${STRANGER}:vpc/vpc-?*`]],
  ["aws:vpceaccount", [STRANGER]],
  ["aws:vpceorgid", ["o-s7r4ng3r0?*"]],
  ["aws:vpceorgpaths", ["o-s7r4ng3r0?*/r-?*/*"]],
  ["aws:sourcearn", [`arn:aws:?*:?*:${STRANGER}:?*`, "arn:aws:s3:::???*"]],
  ["aws:sourceaccount", [STRANGER]],
  ["aws:sourceowner", [STRANGER]],
  ["aws:sourceorgid", ["o-s7r4ng3r0?*"]],
  ["aws:sourceorgpaths", ["o-s7r4ng3r0?*/r-?*/*"]],
  ["s3:dataaccesspointarn", [`arn:aws:s3:?*:${STRANGER}:accesspoint/?*`]],
  ["s3:dataaccesspointaccount", [STRANGER]],
]);

const ALWAYS_THERE = new Set(["aws:principalaccount", "aws:principalarn", "aws:userid", "aws:principaltype"]);
const ONLY_IN_VPC = /^aws:(sourcevpc|vpce|vpcsourceip)/;
const ONLY_SIGNED =
  /^(aws:(principal|user|source(?!ip|vpc)|multifactor|token|federated|calledvia|ec2|chatbot|assumedroot)|s3:signature)/;

/** What the key can be in the scenario, given how the policy asks about it. */
export function choicesFor(keyName: string, scenario: Scenario, uses: readonly KeyUse[], budget: Budget): KeyChoices {
  const decided = decidedBy(keyName, scenario);
  if (decided !== undefined) return { facts: decided, complete: true };
  const own = OWN.get(keyName);
  if (own !== undefined) return ownChoices(keyName, own, uses, budget);
  if (keyName === "aws:sourceip")
    return limited(addressesAround(rangesOf(uses), "internet").map((address) => valueFact(address)));
  return freeChoices(keyName, uses);
}

/** Keys that the scenario alone decides. */
function decidedBy(keyName: string, { who, network, transport }: Scenario): readonly KeyFact[] | undefined {
  if (keyName === "aws:securetransport") return [valueFact(String(transport === "https"))];
  if (keyName === "s3:tlsversion") return transport === "https" ? [valueFact("1.2"), valueFact("1.3")] : [ABSENT_KEY];
  if (keyName === "aws:sourceip" && network === "own-vpc") return [ABSENT_KEY];
  if (ONLY_IN_VPC.test(keyName) && network === "internet") return [ABSENT_KEY];
  if (keyName === "aws:principaltype" && who === "anonymous") return [valueFact("Anonymous")];
  if (keyName === "s3:authtype" && who === "anonymous") return [ABSENT_KEY, valueFact("REST-HEADER")];
  if (keyName === "aws:viaawsservice" && who === "anonymous") return [valueFact("false")];
  if (ONLY_SIGNED.test(keyName) && who === "anonymous") return [ABSENT_KEY];
  switch (keyName) {
    case "aws:principalisawsservice":
      return [valueFact("false")];
    case "aws:principalservicename":
    case "aws:principalservicenameslist":
      return [ABSENT_KEY];
    case "aws:principaltype":
      return ["AssumedRole", "User", "Account", "FederatedUser"].map((type) => valueFact(type));
    case "s3:authtype":
      return ["REST-HEADER", "REST-QUERY-STRING", "POST"].map((type) => valueFact(type));
    case "s3:signatureversion":
      return [valueFact("AWS4-HMAC-SHA256"), valueFact("AWS")];
    default:
      return undefined;
  }
}

/** Some id of the stranger's own, one for each pattern with a wildcard that leaves room for it. */
function ownChoices(keyName: string, own: readonly string[], uses: readonly KeyUse[], budget: Budget): KeyChoices {
  const templates: Language = own.map(glob);
  const asked = patternsOf(uses).filter(({ kind }) => kind !== "literal");
  const fitting = asked.flatMap((pattern) => witness({ within: [templates, [pattern]], outside: [] }, budget) ?? []);
  const first = templates[0] === undefined ? [] : [exampleOf(templates[0])];
  const facts = distinct([...first, ...fitting]).map((value) => valueFact(value));
  return limited(ALWAYS_THERE.has(keyName) ? facts : [...facts, ABSENT_KEY]);
}

/** Keys a caller sets at will, or that have every value on some object or at some time. */
function freeChoices(keyName: string, uses: readonly KeyUse[]): KeyChoices {
  const mayBeAbsent = keyName === "aws:currenttime" || keyName === "aws:epochtime" ? [] : [ABSENT_KEY];
  switch (typeOfKey(keyName)) {
    case "bool":
      return limited([valueFact("true"), valueFact("false"), ...mayBeAbsent]);
    case "numeric":
      return limited([...mayBeAbsent, ...around(uses, parseNumber, 1, String)]);
    case "date":
      return limited([...mayBeAbsent, ...around(uses, parseDate, 1000, (value) => new Date(value).toISOString())]);
    case "ip":
      return limited([
        ...mayBeAbsent,
        ...addressesAround(rangesOf(uses), "anywhere").map((address) => valueFact(address)),
      ]);
    default:
      return limited([
        ...mayBeAbsent,
        ...distinct([...patternsOf(uses).map((pattern) => exampleOf(pattern) || "x"), "s3up-stranger"]).map((value) =>
          valueFact(value),
        ),
      ]);
  }
}

/** Each number the policy compares with, and its neighbours: between them nothing changes. */
function around(
  uses: readonly KeyUse[],
  parse: (text: string) => number | undefined,
  step: number,
  format: (value: number) => string,
): KeyFact[] {
  const numbers = uses.flatMap(({ condition }) => condition.values.flatMap((value) => parse(value) ?? []));
  const values = numbers.flatMap((value) => [value - step, value, value + step]);
  return distinct(values.filter((value) => value >= 0 && value < 8e15).map(format)).map((value) => valueFact(value));
}

function rangesOf(uses: readonly KeyUse[]): IpRange[] {
  return uses.flatMap(({ condition }) => condition.values.flatMap((value) => parseIpRange(value) ?? []));
}

function patternsOf(uses: readonly KeyUse[]): Glob[] {
  return uses.flatMap(({ condition, statement }) =>
    condition.values.flatMap((value) => patternGlob(value, statement.version, "widest") ?? []),
  );
}

function limited(facts: readonly KeyFact[]): KeyChoices {
  if (facts.length === 0) return { facts: [PRESENT_KEY], complete: false };
  return { facts: facts.slice(0, MOST_VALUES), complete: facts.length <= MOST_VALUES };
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
