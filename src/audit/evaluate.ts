/** Puts the rules to a snapshot. Nothing is asked of AWS here, and nothing that could not be read is taken for an answer. */
import { facets as everyFacet, facetReads } from "./facet-access.ts";
import type { BucketFacets, Facet } from "./facets.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type FixNames, fixFor, fixNamesOf } from "./fix-text.ts";
import type { Intent } from "./intent.ts";
import { parsedPolicy } from "./parsed-policy.ts";
import type { RuleResult } from "./result.ts";
import { type Rule, type RuleOutcome, type Severity, severities, type Violation } from "./rule.ts";
import type { BucketSnapshot, Known, OwnerEvidence } from "./snapshot.ts";
import { OTHER_ACCOUNT } from "./source.ts";
import { unreadEvidence, unreadSentence } from "./unread.ts";
import { decidingFacets, type World, worldsOf } from "./worlds.ts";

/** One result for each rule, in the order of the rules. */
export function evaluate(snapshot: BucketSnapshot, rules: readonly Rule[], intent: Intent): readonly RuleResult[] {
  const names = fixNamesOf(snapshot, intent);
  return rules.map((rule) => resultOf(rule, verdictOf(rule, snapshot, intent), snapshot, names));
}

/** What a rule says when everything it needs was read, or what holds whatever the unread parts are. */
interface Verdict {
  readonly outcome: RuleOutcome;
  /** The facets that would have to be read; only where the outcome is unknown. */
  readonly missing: readonly Facet[];
}

function verdictOf(rule: Rule, snapshot: BucketSnapshot, intent: Intent): Verdict {
  const unread = rule.needs.filter((facet) => snapshot.facets[facet].state === "unreadable");
  if (unread.length > 0) return verdictInAllWorlds(rule, unread, snapshot, intent);

  const outcome = run(rule, new Map(), snapshot, intent);
  if (outcome.status !== "unknown" || !hasMalformedPolicy(rule, snapshot)) return { outcome, missing: [] };
  // a policy that cannot be understood may say anything, and still not matter
  const whatever = verdictInAllWorlds(rule, ["policy"], snapshot, intent);
  return whatever.outcome.status === "unknown" ? { outcome, missing: [] } : whatever;
}

function hasMalformedPolicy({ needs }: Rule, { facets: { policy } }: BucketSnapshot): boolean {
  return needs.includes("policy") && policy.state === "present" && parsedPolicy(policy.value).state !== "present";
}

function verdictInAllWorlds(rule: Rule, unread: readonly Facet[], snapshot: BucketSnapshot, intent: Intent): Verdict {
  const { arn, accountId } = snapshot;
  const signerArn = readValue("signer", snapshot)?.roleArn;
  const worlds = worldsOf(unread, snapshot, { arn, accountId, intent, signerArn });
  if (worlds === undefined) return unknownFor(unread, snapshot);

  const outcomes = new Map<World, RuleOutcome>();
  const outcomeIn = (world: World): RuleOutcome => {
    const known = outcomes.get(world) ?? run(rule, world, snapshot, intent);
    outcomes.set(world, known);
    return known;
  };
  const [first, ...others] = worlds;
  if (first === undefined) return unknownFor(unread, snapshot);
  const answer = answerOf(outcomeIn(first));
  if (answer === "unknown" || others.some((world) => answerOf(outcomeIn(world)) !== answer)) {
    // of a single one there is no question which it is
    if (unread.length === 1) return unknownFor(unread, snapshot);
    return unknownFor(
      decidingFacets(unread, worlds, (world) => answerOf(outcomeIn(world))),
      snapshot,
    );
  }
  return { outcome: agreed(worlds.map(outcomeIn), unread, snapshot), missing: [] };
}

/** "Nothing is wrong" and "there is nothing that could be" are one answer to the question whether something is wrong. */
function answerOf({ status }: RuleOutcome): string {
  return status === "not-applicable" ? "pass" : status;
}

function run(rule: Rule, world: World, snapshot: BucketSnapshot, intent: Intent): RuleOutcome {
  const known = knownBucket(rule.needs, world, snapshot);
  try {
    return rule.evaluate(known, intent);
  } catch (cause) {
    throw new Error(`The rule ${rule.id} failed on ${snapshot.bucket}.`, { cause });
  }
}

function knownBucket(needs: readonly Facet[], world: World, snapshot: BucketSnapshot): Known<Facet> {
  const { bucket, arn, accountId } = snapshot;
  const known: Partial<Record<Facet | keyof Known<never>, unknown>> = {
    bucket,
    arn,
    accountId,
    owner: ownerOf(snapshot),
  };
  for (const facet of needs) known[facet] = world.has(facet) ? world.get(facet) : readValue(facet, snapshot);
  // the one place where facets are put together by name: `needs` says which are there, and rules see no others
  return known as Known<Facet>;
}

function readValue<F extends Facet>(facet: F, { facets }: BucketSnapshot): BucketFacets[F] | undefined {
  const reading = facets[facet];
  return reading.state === "present" ? reading.value : undefined;
}

/** The same for every rule and world. */
function ownerOf(snapshot: BucketSnapshot): OwnerEvidence {
  const known = owners.get(snapshot) ?? ownerFrom(snapshot);
  owners.set(snapshot, known);
  return known;
}

const owners = new WeakMap<BucketSnapshot, OwnerEvidence>();

/** Only what was read of the bucket itself says whose it is. */
function ownerFrom({ facets }: BucketSnapshot): OwnerEvidence {
  const readings = ofBucket.map((facet) => facets[facet]);
  const isForeign = readings.some((reading) => reading.state === "unreadable" && reading.reason === OTHER_ACCOUNT);
  if (isForeign) return "another-account";
  return readings.some(({ state }) => state !== "unreadable") ? "this-account" : "nothing-read";
}

const ofBucket = everyFacet.filter(
  (facet) => facet !== "change" && facetReads[facet].every(({ on }) => on === "bucket"),
);

function unknownFor(missing: readonly Facet[], snapshot: BucketSnapshot): Verdict {
  return { outcome: { status: "unknown", message: unreadSentence(missing, snapshot) }, missing };
}

/** All outcomes say the same; what of their words is the same too can be repeated, the rest spoke of one possibility only. */
function agreed(outcomes: readonly RuleOutcome[], unread: readonly Facet[], snapshot: BucketSnapshot): RuleOutcome {
  const remark = `It holds whatever the rest says. ${unreadSentence(unread, snapshot)}`;
  const violations = outcomes.map((outcome) => (outcome.status === "fail" ? outcome.violations : []));
  const [first = []] = violations;
  if (first.length > 0) {
    const always = first.filter(({ message }) =>
      violations.every((list) => list.some((one) => one.message === message)),
    );
    const [common = { message: remark }, ...rest] = always;
    return { status: "fail", violations: [common, ...rest] };
  }
  const passes = outcomes.flatMap((outcome) => (outcome.status === "fail" ? [] : [outcome]));
  const message = passes[0]?.message ?? "";
  const status = passes.every((outcome) => outcome.status === "not-applicable") ? "not-applicable" : "pass";
  return { status, message: passes.every((outcome) => outcome.message === message) ? message : remark };
}

function resultOf(rule: Rule, { outcome, missing }: Verdict, snapshot: BucketSnapshot, names: FixNames): RuleResult {
  const { id, layer, severity, why } = rule;
  const common = { rule: id, layer, severity, why, fix: fixFor(rule.fix, names) };
  if (outcome.status === "fail") return { ...common, ...failure(outcome.violations, rule, snapshot.bucket) };
  const { status, message } = outcome;
  const evidence = missing.length === 0 ? {} : { evidence: unreadEvidence(missing, snapshot) };
  return { ...common, status, message, ...evidence, fingerprint: fingerprintOf(snapshot.bucket, id, []) };
}

type Failure = Pick<RuleResult, "status" | "severity" | "message" | "evidence" | "witness" | "fingerprint">;

function failure(violations: readonly [Violation, ...Violation[]], rule: Rule, bucket: string): Failure {
  const severityOf = (violation: Violation): Severity => violation.severity ?? rule.severity;
  const worstFirst = violations.toSorted(
    (a, b) => severities.indexOf(severityOf(a)) - severities.indexOf(severityOf(b)),
  );
  const [worst = violations[0]] = worstFirst;
  const messages = worstFirst.map(({ message }) => message);
  return {
    status: "fail",
    severity: severityOf(worst),
    message: inOneLine(messages),
    evidence: worstFirst.map(({ message, evidence, witness }) => ({
      message,
      ...(evidence === undefined ? {} : { value: evidence }),
      ...(witness === undefined ? {} : { witness }),
    })),
    ...(worst.witness === undefined ? {} : { witness: worst.witness }),
    fingerprint: fingerprintOf(bucket, rule.id, messages),
  };
}

/** The evidence has all of them. */
function inOneLine(messages: readonly string[]): string {
  const shown = messages.slice(0, SHOWN_MESSAGES).join(" ");
  const more = messages.length - SHOWN_MESSAGES;
  return more > 0 ? `${shown} And ${more} more.` : shown;
}

const SHOWN_MESSAGES = 3;
