import type { PolicyVersion } from "./document.ts";
import { ANY_RUN, type Glob, globOf, tokensOf } from "./glob.ts";

/**
 * A policy variable has a value only when a request is made. `widest` reads it as anything, for what a pattern may at most
 * match; `narrowest` gives up the pattern, for what it matches for certain.
 */
export type Breadth = "widest" | "narrowest";

const VARIABLE = /\$\{([^}]*)\}/g;
/** These stand for the character itself. */
const ESCAPED = new Set(["*", "?", "$"]);

/** The pattern as a glob, or undefined where it holds a variable and only certain matches count. */
export function patternGlob(pattern: string, version: PolicyVersion, breadth: Breadth): Glob | undefined {
  if (version === "2008-10-17" || !pattern.includes("${")) return globOf(tokensOf(pattern));
  const tokens: number[] = [];
  let end = 0;
  for (const match of pattern.matchAll(VARIABLE)) {
    const [text, name = ""] = match;
    for (const token of tokensOf(pattern.slice(end, match.index))) tokens.push(token);
    end = match.index + text.length;
    if (ESCAPED.has(name)) tokens.push(name.codePointAt(0) ?? 0);
    else if (breadth === "narrowest") return undefined;
    else tokens.push(ANY_RUN);
  }
  for (const token of tokensOf(pattern.slice(end))) tokens.push(token);
  return globOf(tokens);
}

/** Whether the value depends on the request. */
export function hasVariable(pattern: string, version: PolicyVersion): boolean {
  if (version === "2008-10-17" || !pattern.includes("${")) return false;
  return [...pattern.matchAll(VARIABLE)].some(([, name = ""]) => !ESCAPED.has(name));
}

/** What S3 calls fixed: no wildcard and no variable, whatever the operator would make of them. */
export function isFixed(value: string): boolean {
  return !/[*?]|\$\{/.test(value);
}
