/** What a facet can be, as outlines -> the reading of it. */
import { facetFrom } from "../audit/api-answer.ts";
import type { BucketFacets, Facet } from "../audit/facets.ts";
import { isWhole } from "../audit/outline.ts";
import type { Reading } from "../audit/snapshot.ts";

/** @param outlines at least one; `undefined` for "not configured" @param reason why it is not one whole value */
export function readingFrom<F extends Facet>(
  facet: F,
  outlines: readonly unknown[],
  reason: string,
): Reading<BucketFacets[F]> {
  const [first] = outlines;
  if (outlines.length > 1 || !isWhole(first)) return { state: "unreadable", reason, possible: outlines };
  const answer = facetFrom(facet, first);
  if (answer.state !== "malformed") return answer;
  return { state: "unreadable", reason: `malformed: ${[...answer.path, answer.problem].join(" ")}` };
}

/** A value that is there and whole; undefined for anything else. */
export function wholeValue<F extends Facet>(facet: F, outline: unknown): BucketFacets[F] | undefined {
  const reading = readingFrom(facet, [outline], "");
  return reading.state === "present" ? reading.value : undefined;
}
