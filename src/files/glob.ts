/** Patterns that the shell left alone, because they were quoted or because it has no `**`. */
import { join } from "node:path";
import { S3upError } from "../errors.ts";
import { hasMagic, namePattern } from "../upload/name-pattern.ts";
import type { Found } from "../upload/selection.ts";
import { type WalkOptions, walk } from "./walk.ts";

export interface GlobOptions extends Pick<WalkOptions, "symlinks"> {
  /** Directories that match are walked through. */
  readonly recursive: boolean;
}

/**
 * What a pattern finds. Names are relative to the directories before its first wildcard: `photos/**\/*.jpg` finds
 * `2026/a.jpg`. Hidden files are found too. Nothing at all is a failure.
 */
export async function* glob(pattern: string, { recursive, symlinks }: GlobOptions): AsyncGenerator<Found> {
  const { root, segments } = splitPattern(pattern);
  const matches = namePattern(segments.join("/"), { starMatchesSlash: false });
  const mayLead = prefixMatcher(segments);
  const isWithin = (name: string) => recursive && directoriesOf(name).some(matches);

  let found = false;
  const descend = (name: string) => mayLead(name) || isWithin(`${name}/`);
  for await (const entry of walk(root, { symlinks, descend })) {
    // A directory that could not be read has a slash at its end.
    const isDirectory = entry.name === "" || entry.name.endsWith("/");
    if (!isDirectory && !matches(entry.name) && !isWithin(entry.name)) continue;
    found = true;
    yield entry;
  }
  if (!found) yield nothingMatches(pattern);
}

function splitPattern(pattern: string): { readonly root: string; readonly segments: readonly string[] } {
  const all = pattern.split("/");
  const first = all.findIndex(hasMagic);
  const before = all.slice(0, first).map(withoutBackslashes);
  const segments = all
    .slice(first)
    .filter((segment, at, list) => segment !== "" && !(segment === "**" && list[at - 1] === "**"));
  const root = before.length === 0 ? "." : before.join("/") || "/";
  return { root: join(root), segments };
}

/** Whether a directory can be on the way to a match: segment by segment, up to the first `**`. */
function prefixMatcher(segments: readonly string[]): (name: string) => boolean {
  const matchers = segments.slice(0, -1).map((segment) => ({
    anyDepth: segment.includes("**"),
    matches: namePattern(segment, { starMatchesSlash: false }),
  }));
  const endless = segments.at(-1)?.includes("**") === true;
  return (name) => {
    for (const [at, segment] of name.split("/").entries()) {
      const matcher = matchers[at];
      if (matcher === undefined) return endless;
      if (matcher.anyDepth) return true;
      if (!matcher.matches(segment)) return false;
    }
    return true;
  };
}

/** "a/b/c" -> "a", "a/b" */
function directoriesOf(name: string): readonly string[] {
  const segments = name.split("/");
  return segments.slice(0, -1).map((_, at) => segments.slice(0, at + 1).join("/"));
}

function withoutBackslashes(segment: string): string {
  return segment.replace(/\\([\s\S])/gu, "$1");
}

function nothingMatches(pattern: string): Found {
  const error = new S3upError("FILE_NOT_FOUND", `Nothing matches ${pattern}.`, {
    why: "There is neither a file of this name nor one that fits the pattern.",
    hint: "Check the pattern; * stays within a directory, ** goes through all of them.",
  });
  return { kind: "failed", path: pattern, name: pattern, error };
}
