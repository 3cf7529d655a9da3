/** A value of a plan and what is said to be unknown of it -> one value. */
import { UNKNOWN } from "../audit/outline.ts";
import { isObject, type JsonObject } from "./json-value.ts";
import { refusedNesting } from "./refusal.ts";

/** Terraform's own types nest far less. */
const deepest = 100;

/**
 * @param unknown shaped like the value: `true` where nobody knows it before apply. At the top such a member is missing in the
 * value, in lists it is null.
 */
export function withUnknownParts(value: unknown, unknown: unknown, depth = 0): unknown {
  if (unknown === true) return UNKNOWN;
  if (depth > deepest) throw refusedNesting();
  if (Array.isArray(value)) {
    const parts = Array.isArray(unknown) ? unknown : [];
    return value.map((item, index) => withUnknownParts(item, parts[index], depth + 1));
  }
  if (!isObject(value)) return value;
  return objectWithUnknownParts(value, isObject(unknown) ? unknown : {}, depth);
}

export function objectWithUnknownParts(value: JsonObject, unknown: JsonObject, depth = 0): JsonObject {
  const members = new Map<string, unknown>();
  for (const [name, part] of Object.entries(value)) {
    members.set(name, withUnknownParts(part, Object.hasOwn(unknown, name) ? unknown[name] : undefined, depth + 1));
  }
  for (const [name, part] of Object.entries(unknown)) if (part === true) members.set(name, UNKNOWN);
  return Object.fromEntries(members);
}
