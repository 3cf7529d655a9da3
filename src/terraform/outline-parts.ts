/** Taking values of Terraform apart where any part of them may be unknown. Null and `""` are how Terraform writes "not set". */
import { UNKNOWN } from "../audit/outline.ts";
import { isObject, memberOf } from "./json-value.ts";

/** Undefined where it is not set; `UNKNOWN` where that, or the whole of it, is not known. */
export function partOf(value: unknown, name: string): unknown {
  if (value === UNKNOWN) return UNKNOWN;
  const part = memberOf(value, name);
  return part === null || part === "" ? undefined : part;
}

/** The first of the blocks of that name; a block that may be there once is a list of one. */
export function blockOf(value: unknown, name: string): unknown {
  const blocks = partOf(value, name);
  if (!Array.isArray(blocks)) return blocks;
  const [first] = blocks;
  return first === null ? {} : first;
}

/** All blocks of that name; `UNKNOWN` stands for any number of them. */
export function blocksOf(value: unknown, name: string): readonly unknown[] {
  const blocks = partOf(value, name);
  if (blocks === undefined) return [];
  return Array.isArray(blocks) ? blocks : [blocks];
}

/** A list of texts; undefined where it is empty or not set. */
export function listIn(value: unknown, name: string): unknown {
  const part = partOf(value, name);
  if (!Array.isArray(part)) return part;
  return part.length === 0 ? undefined : part.map((item: unknown) => (item === null ? UNKNOWN : item));
}

/** Without the members that are not set. */
export function objectOf(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** What one converter makes of a value, unless that is unknown. */
export function unlessUnknown(value: unknown, convert: (known: unknown) => unknown): unknown {
  return value === UNKNOWN ? UNKNOWN : convert(value);
}

/** Tags as a map -> as S3's API lists them. */
export function tagsOf(value: unknown): unknown {
  if (value === UNKNOWN || value === undefined) return value;
  return isObject(value) ? Object.entries(value).map(([Key, Value]) => ({ Key, Value })) : undefined;
}
