import { Budget, withinBudget } from "./budget.ts";
import type { Answer } from "./decision.ts";
import { exampleOf, type Glob, globOf, type Language, matchesAny } from "./glob.ts";
import { Automaton } from "./glob-automaton.ts";
import { remembered } from "./search-memory.ts";

/** The strings that are in each of `within` and in none of `outside`. */
export interface Region {
  readonly within: readonly Language[];
  readonly outside: readonly Language[];
}

/**
 * The shortest string of the region, or undefined when it is empty. Exact: automata instead of samples.
 *
 * @throws BudgetSpent when that cannot be decided within the budget.
 */
export function witness(region: Region, budget: Budget): string | undefined {
  const narrowed = narrow(region);
  if (narrowed === undefined) return undefined;
  const listed = narrowed.within.find((language) => language.every(({ kind }) => kind === "literal"));
  return listed === undefined ? search(narrowed, budget) : firstListed(listed, narrowed, budget);
}

/** Whether every string of `inner` is in `outer`; `counterexample` is one that is not. */
export function isSubset(
  inner: Language,
  outer: Language,
  budget = new Budget(),
): { readonly answer: Answer; readonly counterexample?: string } {
  const decide = (): { answer: Answer; counterexample?: string } => {
    const counterexample = witness({ within: [inner], outside: [outer] }, budget);
    return counterexample === undefined ? { answer: "yes" } : { answer: "no", counterexample };
  };
  return withinBudget(budget, decide, () => ({ answer: "unknown" }));
}

/** Whether some string is in both; `example` is one. */
export function overlaps(
  a: Language,
  b: Language,
  budget = new Budget(),
): { readonly answer: Answer; readonly example?: string } {
  const decide = (): { answer: Answer; example?: string } => {
    const example = witness({ within: [a, b], outside: [] }, budget);
    return example === undefined ? { answer: "no" } : { answer: "yes", example };
  };
  return withinBudget(budget, decide, () => ({ answer: "unknown" }));
}

/**
 * Drops the patterns that can play no part, because they contradict how every string of the region begins. Most questions about
 * policies are decided by this alone. Undefined: the region is empty.
 */
function narrow({ within, outside }: Region): Region | undefined {
  let head = longestHead(within);
  let inside = within;
  for (;;) {
    inside = inside.map((language) => language.filter((pattern) => canBeginWith(pattern, head)));
    if (inside.some((language) => language.length === 0)) return undefined;
    const longer = longestHead(inside);
    if (longer.length <= head.length) break;
    head = longer;
  }
  const against = outside.map((language) => language.filter((pattern) => canBeginWith(pattern, head)));
  const covered = against.some((language) => language.some((pattern) => coversAll(pattern, head, inside)));
  return covered ? undefined : { within: inside, outside: against.filter((language) => language.length > 0) };
}

function longestHead(languages: readonly Language[]): string {
  const heads = languages.map((language) => (language.length === 1 ? (language[0]?.head ?? "") : ""));
  return heads.reduce((longest, head) => (head.length > longest.length ? head : longest), "");
}

function canBeginWith(pattern: Glob, head: string): boolean {
  if (pattern.head.startsWith(head)) return true;
  return pattern.kind !== "literal" && head.startsWith(pattern.head);
}

/** Sure signs only: a prefix that every string has, or the very pattern that every string must match. */
function coversAll(pattern: Glob, head: string, within: readonly Language[]): boolean {
  if (pattern.kind === "prefix" && head.startsWith(pattern.head)) return true;
  return within.some((language) => language.length === 1 && sameTokens(language[0], pattern));
}

function sameTokens(a: Glob | undefined, b: Glob): boolean {
  if (a === b) return true;
  return a?.tokens.length === b.tokens.length && a.tokens.every((token, index) => token === b.tokens[index]);
}

function firstListed(listed: Language, { within, outside }: Region, budget: Budget): string | undefined {
  const texts = listed.map((pattern) => exampleOf(pattern)).sort((a, b) => a.length - b.length);
  return texts.find(
    (text) =>
      within.every((language) => matchesAny(language, text, budget)) &&
      !outside.some((language) => matchesAny(language, text, budget)),
  );
}

interface Node {
  readonly states: readonly number[];
  readonly parent: number;
  readonly character: number;
}

/** What all patterns begin with needs no search: in questions about a bucket that is most of every ARN. */
function search(region: Region, budget: Budget): string | undefined {
  const head = region.within.length === 0 ? [] : commonHead([...region.within, ...region.outside].flat());
  if (head.length === 0) return remembered(region, budget, searchAll);
  budget.spend(head.length);
  const rest = (language: Language) => language.map((pattern) => globOf(pattern.tokens.slice(head.length)));
  const after = { within: region.within.map(rest), outside: region.outside.map(rest) };
  const found = remembered(after, budget, searchAll);
  return found === undefined ? undefined : head.map((code) => String.fromCodePoint(code)).join("") + found;
}

function commonHead(patterns: Language): readonly number[] {
  const [first, ...others] = patterns;
  if (first === undefined) return [];
  const end = first.tokens.findIndex((token, at) => token < 0 || others.some((other) => other.tokens[at] !== token));
  return end < 0 ? first.tokens : first.tokens.slice(0, end);
}

/** Breadth first through the product of the automata: the first accepting node is a shortest string. */
function searchAll({ within, outside }: Region, budget: Budget): string | undefined {
  const automata = [...within, ...outside].map((language) => new Automaton(language, budget));
  const nodes: Node[] = [{ states: automata.map(({ start }) => start), parent: -1, character: 0 }];
  const seen = new Set<string>();
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined || isHopeless(node.states)) continue;
    if (isFound(node.states)) return textTo(nodes, index);
    for (const character of charactersFrom(node.states)) {
      budget.spend(automata.length + 2);
      const states = automata.map((automaton, place) => automaton.step(node.states[place] ?? 0, character));
      const name = states.join();
      if (isHopeless(states) || seen.has(name)) continue;
      seen.add(name);
      nodes.push({ states, parent: index, character });
    }
  }
  return undefined;

  function isHopeless(states: readonly number[]): boolean {
    return states.some((state, place) => state === (place < within.length ? Automaton.DEAD : Automaton.ALL));
  }

  function isFound(states: readonly number[]): boolean {
    return states.every((state, place) => automata[place]?.accepts(state) === place < within.length);
  }

  /** One character that no pattern waits for here, then each that some pattern does. */
  function charactersFrom(states: readonly number[]): number[] {
    const live = new Set(states.flatMap((state, place) => automata[place]?.live(state) ?? []));
    return [ordinaryCharacter(live), ...[...live].sort((a, b) => a - b)];
  }
}

const ORDINARY = [..."xyzabcdefghijklmnopqrstuvw0123456789"].map((letter) => letter.charCodeAt(0));

function ordinaryCharacter(taken: ReadonlySet<number>): number {
  const letter = ORDINARY.find((code) => !taken.has(code));
  if (letter !== undefined) return letter;
  let code = 0x100;
  while (taken.has(code)) code++;
  return code;
}

function textTo(nodes: readonly Node[], index: number): string {
  const characters: string[] = [];
  for (let node = nodes[index]; node !== undefined && node.parent >= 0; node = nodes[node.parent]) {
    characters.push(String.fromCodePoint(node.character));
  }
  return characters.reverse().join("");
}
