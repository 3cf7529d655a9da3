/**
 * Values of which a part is not known: a Terraform plan knows one flag of a block and not the other. An outline has `UNKNOWN` in
 * the place of such a part. What a facet can be is the outline, filled in turn with what each representative has there.
 */
import { facetFrom } from "./api-answer.ts";
import type { Facet } from "./facets.ts";
import { filledPolicies } from "./outline-policy.ts";
import type { Choices, Surroundings } from "./representatives.ts";

/** Stands for a part that nobody knows before apply. */
export const UNKNOWN: unique symbol = Symbol("known after apply");

/** Whether every part is known. */
export function isWhole(value: unknown): boolean {
  if (value === UNKNOWN) return false;
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isWhole);
}

/**
 * @param outlines what the facet can be; `undefined` for "not configured"
 * @param all representatives of the facet
 */
export function filledOutlines<F extends Facet>(
  facet: F,
  outlines: readonly unknown[],
  all: Choices<F>,
  surroundings: Surroundings,
): Choices<F> {
  const filled = outlines.flatMap((outline): readonly unknown[] => {
    if (isWhole(outline)) return [outline];
    if (outline === UNKNOWN) return all;
    if (facet === "policy") return filledPolicies(outline, all, surroundings);
    return all.flatMap((model) => (model === undefined ? [] : [filledWith(outline, model)]));
  });
  const valid = distinct(filled).flatMap((value): Choices<F> => {
    if (value === undefined) return [undefined];
    const answer = facetFrom(facet, value);
    if (answer.state === "malformed") return [];
    return [answer.state === "present" ? answer.value : undefined];
  });
  return valid.length > 0 ? valid : all;
}

/** What the model does not have either is left out. */
export function filledWith(outline: unknown, model: unknown): unknown {
  if (outline === UNKNOWN) return model;
  if (Array.isArray(outline)) return filledList(outline, Array.isArray(model) ? model : []);
  if (typeof outline !== "object" || outline === null) return outline;
  const members = Object.entries(outline).flatMap(([name, part]: [string, unknown]) => {
    const value = filledWith(part, memberOf(model, name));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(members);
}

/** One item that is not known may be any of the model's. */
function filledList(outline: readonly unknown[], model: readonly unknown[]): readonly unknown[] {
  return outline.flatMap((item, index) => (item === UNKNOWN ? model : [filledWith(item, model[index] ?? model[0])]));
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function distinct(values: readonly unknown[]): readonly unknown[] {
  const texts = new Map(values.map((value) => [JSON.stringify(value) ?? "", value]));
  return [...texts.values()];
}
