import type { Budget } from "./budget.ts";
import { type Glob, glob, type Language, matches, matchesAny } from "./glob.ts";
import { S3_ACTIONS, s3Action } from "./s3-service.ts";
import type { Patterns } from "./statement.ts";

/** Which of S3's actions a statement names; one flag an action, in the order of `S3_ACTIONS`. */
export type ActionSet = readonly boolean[];

const NONE: ActionSet = S3_ACTIONS.map(() => false);
const ALL: ActionSet = S3_ACTIONS.map(() => true);

/** The actions of S3 that `Action` or `NotAction` stands for. */
export function s3ActionsOf(actions: Patterns, budget: Budget): ActionSet {
  const named = unionOf(actions.patterns, budget);
  return actions.negated ? named.map((isNamed) => !isNamed) : named;
}

/** Whether the statement speaks of an action by this name, of S3 or of any other service. */
export function namesAction(actions: Patterns, name: string, budget: Budget): boolean {
  return matchesAny(globsOf(actions), name.toLowerCase(), budget) !== actions.negated;
}

/** Statements do not change, so their patterns are read once. */
const GLOBS = new WeakMap<Patterns, Language>();

function globsOf(actions: Patterns): Language {
  const known = GLOBS.get(actions);
  if (known !== undefined) return known;
  const globs = actions.patterns.map((pattern) => glob(pattern.toLowerCase()));
  GLOBS.set(actions, globs);
  return globs;
}

/** The actions of S3 that one pattern stands for. */
export function s3ActionsMatching(pattern: string, budget: Budget): ActionSet {
  return unionOf([pattern], budget);
}

function unionOf(patterns: readonly string[], budget: Budget): ActionSet {
  let flags: boolean[] | undefined;
  for (const pattern of patterns) {
    const lower = pattern.toLowerCase();
    if (lower === "*" || lower === "s3:*") return ALL;
    const exact = s3Action(lower);
    if (exact === undefined && !/[*?]/.test(lower)) continue;
    flags ??= [...NONE];
    if (exact === undefined) addMatching(flags, glob(lower), budget);
    else flags[exact.index] = true;
  }
  return flags ?? NONE;
}

function addMatching(flags: boolean[], pattern: Glob, budget: Budget): void {
  budget.spend(S3_ACTIONS.length / 4);
  for (const { index, lower } of S3_ACTIONS) {
    if (flags[index] === false && matches(pattern, lower, budget)) flags[index] = true;
  }
}
