/** Which rules run: all, only some, or all but some. */
import { S3upError } from "../errors.ts";
import type { Rule, RuleDescription } from "./rule.ts";

export interface RuleWish {
  /** Ids; empty: all rules. */
  readonly only: readonly string[];
  /** Ids. */
  readonly skip: readonly string[];
}

/** @throws S3upError USAGE for an id that is none, and where nothing is left to run */
export function chooseRules(rules: readonly Rule[], { only, skip }: RuleWish): readonly Rule[] {
  const unknown = [...only, ...skip].find((id) => !rules.some((rule) => rule.id === id));
  if (unknown !== undefined) throw noSuchRule(unknown, rules);
  const chosen = rules.filter(({ id }) => (only.length === 0 || only.includes(id)) && !skip.includes(id));
  if (chosen.length > 0) return chosen;
  throw new S3upError("USAGE", "No rule is left to run.", {
    why: "--skip takes away every rule that --rule names.",
    hint: "Leave one of the two out.",
  });
}

/** @throws S3upError USAGE */
export function findRule<R extends RuleDescription>(rules: readonly R[], id: string): R {
  const found = rules.find((rule) => rule.id === id);
  if (found === undefined) throw noSuchRule(id, rules);
  return found;
}

function noSuchRule(id: string, rules: readonly RuleDescription[]): S3upError {
  const guess = nearest(
    id,
    rules.map((rule) => rule.id),
  );
  return new S3upError("USAGE", `There is no rule "${id}".`, {
    why: "Rules are named by their ids.",
    hint: `${guess === undefined ? "" : `Did you mean ${guess}? `}s3up audit --list-rules shows all of them.`,
  });
}

/** Undefined where nothing is near enough to be meant. */
function nearest(text: string, candidates: readonly string[]): string | undefined {
  const word = text.toLowerCase();
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: distanceBetween(word, candidate) }))
    .toSorted((a, b) => a.distance - b.distance);
  // the beginning of an id says more than another id of the same length
  const begun = word.length < 3 ? undefined : candidates.find((candidate) => candidate.startsWith(`${word}-`));
  return begun ?? (best !== undefined && best.distance <= Math.max(2, word.length / 3) ? best.candidate : undefined);
}

/** How many letters have to be put in, taken out or replaced (Levenshtein). */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
