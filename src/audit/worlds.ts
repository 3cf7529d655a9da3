/**
 * The ways things can be, given what was read. A facet that could not be read has some value; where a rule answers the same for
 * each representative of it, not knowing does no harm.
 */
import { isPublic } from "../policy/public.ts";
import type { BucketFacets, Facet } from "./facets.ts";
import type { Intent } from "./intent.ts";
import { filledOutlines } from "./outline.ts";
import { parsedPolicy } from "./parsed-policy.ts";
import { type Choices, representativesOf, type Surroundings } from "./representatives.ts";
import type { BucketSnapshot } from "./snapshot.ts";

/** A value for each facet that was not known; `undefined` stands for "not configured". */
export type World = ReadonlyMap<Facet, BucketFacets[Facet] | undefined>;

/** More combinations than this are not tried: the rule is unknown then. */
export const MOST_WORLDS = 400;

/** Every combination that does not contradict what was read, in a fixed order; undefined where there are too many. */
export function worldsOf(
  unread: readonly Facet[],
  snapshot: BucketSnapshot,
  surroundings: Surroundings,
): readonly World[] | undefined {
  let worlds: readonly World[] = [new Map()];
  for (const facet of unread) {
    const choices = choicesFor(facet, snapshot, surroundings);
    worlds = worlds.flatMap((world) => choices.map((choice) => new Map([...world, [facet, choice]])));
    if (worlds.length > MOST_WORLDS) return undefined;
  }
  return worlds.filter((world) => isPossible(world, snapshot));
}

/** All that the facet could be, or less where the source knows more than nothing of it. */
function choicesFor<F extends Facet>(facet: F, { facets }: BucketSnapshot, surroundings: Surroundings): Choices<F> {
  const reading = facets[facet];
  const all = representativesOf(facet, surroundings);
  if (reading.state !== "unreadable" || reading.possible === undefined) return all;
  // the same for each rule, so that a policy among them is parsed once
  const ofOutlines = filled.get(reading.possible) ?? new WeakMap<Intent, Choices<Facet>>();
  filled.set(reading.possible, ofOutlines);
  const choices =
    (ofOutlines.get(surroundings.intent) as Choices<F> | undefined) ??
    filledOutlines(facet, reading.possible, all, surroundings);
  ofOutlines.set(surroundings.intent, choices);
  return choices;
}

const filled = new WeakMap<readonly unknown[], WeakMap<Intent, Choices<Facet>>>();

/**
 * AWS's verdict on the policy and the policy belong together: where one of them is known, the other cannot say the contrary.
 * A policy that was read and not understood is the exception: nothing is believed of it.
 */
function isPossible(world: World, { facets: { policy, policyStatus } }: BucketSnapshot): boolean {
  const isGuess = world.has("policy");
  if (!isGuess && (!world.has("policyStatus") || policy.state === "unreadable")) return true;
  if (isGuess && policy.state === "present") return true;

  const status = world.has("policyStatus") ? world.get("policyStatus") : knownValue(policyStatus);
  // no verdict is none only where there is no policy; that a snapshot holds none proves nothing
  if (!isStatus(status)) return isGuess || policy.state === "absent";
  const isOpen = publicnessOf(isGuess ? world.get("policy") : knownValue(policy));
  return isOpen === undefined || isOpen === status.IsPublic;
}

function knownValue(reading: BucketSnapshot["facets"][Facet]): unknown {
  return reading.state === "present" ? reading.value : undefined;
}

function isStatus(value: unknown): value is BucketFacets["policyStatus"] {
  return typeof value === "object" && value !== null && "IsPublic" in value;
}

/** Undefined for a policy that cannot be understood. */
function publicnessOf(policy: unknown): boolean | undefined {
  if (policy === undefined) return false;
  const reading = parsedPolicy(policy);
  return reading.state === "present" ? isPublic(reading.value).isPublic : undefined;
}

/** The unread facets of which the answer depends: some value of one alone turns one answer into another. */
export function decidingFacets(
  unread: readonly Facet[],
  worlds: readonly World[],
  answerOf: (world: World) => string,
): readonly Facet[] {
  const deciding = unread.filter((facet) => turns(facet, worlds, answerOf));
  return deciding.length > 0 ? deciding : unread;
}

function turns(facet: Facet, worlds: readonly World[], answerOf: (world: World) => string): boolean {
  const answers = new Map<string, string>();
  return worlds.some((world) => {
    const rest = restOf(world, facet);
    const answer = answerOf(world);
    const other = answers.get(rest);
    answers.set(rest, answer);
    return other !== undefined && other !== answer;
  });
}

/** What is left of a world without one facet, as text that can be compared. */
function restOf(world: World, facet: Facet): string {
  return JSON.stringify([...world].filter(([name]) => name !== facet).map(([name, value]) => [name, value ?? null]));
}
