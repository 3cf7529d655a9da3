/**
 * Searches that were made before. Without what all their patterns begin with, the questions about a thousand buckets with like
 * policies are the same few. A remembered one costs its question as many steps as it did at first, so that no answer depends on
 * what was asked earlier.
 */
import type { Budget } from "./budget.ts";
import type { Language } from "./glob.ts";
import type { Region } from "./glob-search.ts";

interface Known {
  readonly found: string | undefined;
  readonly steps: number;
}

/** With longer names than these a memory would hold more than it saves. */
const LONGEST_NAME = 4096;
/** So many, and as many of the generation before. */
const MOST_KNOWN = 1024;

let recent = new Map<string, Known>();
let earlier = new Map<string, Known>();

/** @throws BudgetSpent as the search itself; such a search is not remembered. */
export function remembered(
  region: Region,
  budget: Budget,
  search: (region: Region, budget: Budget) => string | undefined,
): string | undefined {
  const name = `${nameOf(region.within)}!${nameOf(region.outside)}`;
  const known = recent.get(name) ?? earlier.get(name);
  if (known !== undefined) {
    budget.spend(known.steps);
    return known.found;
  }
  const before = budget.remaining;
  const found = search(region, budget);
  if (name.length <= LONGEST_NAME) keep(name, { found, steps: before - budget.remaining });
  return found;
}

function keep(name: string, known: Known): void {
  recent.set(name, known);
  if (recent.size < MOST_KNOWN) return;
  earlier = recent;
  recent = new Map();
}

/** Each pattern and each language has its sign before it: one that matches only the empty text differs from none. */
function nameOf(languages: readonly Language[]): string {
  let name = "";
  for (const language of languages) {
    name += "&";
    for (const { tokens } of language) name += `|${tokens.join()}`;
  }
  return name;
}
