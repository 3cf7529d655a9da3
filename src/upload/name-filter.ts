/**
 * `--include` and `--exclude`, as `aws s3 cp` has them: everything is in at first, and of the patterns that match a name
 * the one that was given last decides.
 * https://docs.aws.amazon.com/cli/latest/reference/s3/#use-of-exclude-and-include-filters
 */
import { namePattern } from "./name-pattern.ts";

export interface NameFilter {
  readonly action: "include" | "exclude";
  /** Matched against the whole name, relative to the directory; `*` matches slashes too. */
  readonly pattern: string;
}

export function createNameFilter(filters: readonly NameFilter[]): (name: string) => boolean {
  const rules = filters.map(({ action, pattern }) => ({
    taken: action === "include",
    matches: namePattern(pattern, { starMatchesSlash: true }),
  }));
  return (name) => rules.findLast(({ matches }) => matches(name))?.taken ?? true;
}
