import type { Budget } from "./budget.ts";

/** A position of a glob: a code point, or one of these. */
export const ANY_RUN = -2;
export const ANY_ONE = -1;

const STAR = "*".charCodeAt(0);
const QUESTION = "?".charCodeAt(0);

/** One IAM pattern: `*` is any run of characters, `?` exactly one; nothing else is special. */
export interface Glob {
  readonly tokens: readonly number[];
  /** What every match begins with. */
  readonly head: string;
  /** `literal` matches `head` alone, `prefix` whatever begins with it. */
  readonly kind: "literal" | "prefix" | "general";
}

/** A union of globs. An empty one matches nothing. */
export type Language = readonly Glob[];

export const EVERYTHING: Glob = glob("*");

/** The pattern with `*` and `?` as wildcards and no policy variables. */
export function glob(pattern: string): Glob {
  return globOf(tokensOf(pattern));
}

export function literal(text: string): Glob {
  return { tokens: codePoints(text), head: text, kind: "literal" };
}

/** Whatever begins with the text and goes on. */
export function longerThan(text: string): Glob {
  return { tokens: [...codePoints(text), ANY_ONE, ANY_RUN], head: text, kind: "general" };
}

export function tokensOf(pattern: string): number[] {
  return codePoints(pattern).map((code) => (code === STAR ? ANY_RUN : code === QUESTION ? ANY_ONE : code));
}

/** Brings runs of wildcards into one order (`?` first, one `*` last), so that equal languages look alike and searches stay small. */
export function globOf(raw: readonly number[]): Glob {
  const tokens: number[] = [];
  let run = false;
  for (const token of raw) {
    if (token === ANY_RUN) {
      run = true;
      continue;
    }
    if (run && token !== ANY_ONE) {
      tokens.push(ANY_RUN);
      run = false;
    }
    tokens.push(token);
  }
  if (run) tokens.push(ANY_RUN);

  const wild = tokens.findIndex((token) => token < 0);
  const head = textOf(wild < 0 ? tokens : tokens.slice(0, wild));
  const kind = wild < 0 ? "literal" : wild === tokens.length - 1 && tokens[wild] === ANY_RUN ? "prefix" : "general";
  return { tokens, head, kind };
}

/** The classic greedy match: only the last `*` that was passed can ever have to give way. */
export function matches(pattern: Glob, text: string, budget: Budget): boolean {
  if (pattern.kind === "literal") return pattern.head === text;
  if (!text.startsWith(pattern.head)) return false;
  if (pattern.kind === "prefix") return true;

  const { tokens } = pattern;
  const characters = codePoints(text);
  let at = 0;
  let position = 0;
  let retryPosition = -1;
  let retryAt = 0;
  budget.spend(characters.length);
  while (at < characters.length) {
    const token = tokens[position];
    if (token === ANY_RUN) {
      retryPosition = ++position;
      retryAt = at;
    } else if (token === ANY_ONE || (token !== undefined && token === characters[at])) {
      position++;
      at++;
    } else if (retryPosition >= 0) {
      budget.spend(at - retryAt + 1);
      position = retryPosition;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  return position === tokens.length || (position === tokens.length - 1 && tokens[position] === ANY_RUN);
}

export function matchesAny(language: Language, text: string, budget: Budget): boolean {
  return language.some((pattern) => matches(pattern, text, budget));
}

/** A string of the language: wildcards filled as briefly as they allow. */
export function exampleOf(pattern: Glob, filler = "x"): string {
  return pattern.tokens
    .map((token) => (token === ANY_RUN ? "" : token === ANY_ONE ? filler : String.fromCodePoint(token)))
    .join("");
}

export function codePoints(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

function textOf(codes: readonly number[]): string {
  // as arguments it is quicker, but engines limit how many a call may have
  if (codes.length <= 4096) return String.fromCodePoint(...codes);
  return codes.map((code) => String.fromCodePoint(code)).join("");
}
