import { PolicyError } from "./policy-error.ts";

/** A JSON value that remembers where it stood, so that every complaint about it can say so. */
export type JsonNode =
  | { readonly kind: "object"; readonly members: readonly JsonMember[]; readonly offset: number }
  | { readonly kind: "array"; readonly items: readonly JsonNode[]; readonly offset: number }
  | { readonly kind: "string"; readonly value: string; readonly offset: number }
  /** `text` is the number as it was written: an account id must not go through floating point. */
  | { readonly kind: "number"; readonly text: string; readonly offset: number }
  | { readonly kind: "boolean"; readonly value: boolean; readonly offset: number }
  | { readonly kind: "null"; readonly offset: number };

export interface JsonMember {
  readonly name: string;
  readonly value: JsonNode;
  /** Where the name starts. */
  readonly offset: number;
}

/** One-based. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** The offset of nodes that were not read from text. */
export const NO_OFFSET = -1;

/** More levels than any policy has; keeps a hostile document from exhausting the stack. */
export const MAX_DEPTH = 32;

/** No service of AWS stores a policy as large as this, white space included. */
export const MAX_CHARACTERS = 262_144;

/** What a reader takes before it gives up; a file that holds policies among other things is larger than one. */
export interface JsonBounds {
  readonly characters: number;
  readonly depth: number;
}
export const POLICY_BOUNDS: JsonBounds = { characters: MAX_CHARACTERS, depth: MAX_DEPTH };

export function positionOf(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

/** @throws PolicyError for what JSON cannot hold, for cycles and for more text than a policy can have. */
export function nodeFromValue(value: unknown): JsonNode {
  let characters = 0;
  return convert(value, "", 0);

  function convert(item: unknown, path: string, depth: number): JsonNode {
    if (depth > MAX_DEPTH) throw new PolicyError("is nested deeper than any policy", path);
    count(1, path);
    if (item === null) return { kind: "null", offset: NO_OFFSET };
    if (typeof item === "string") return text(item, path);
    if (typeof item === "boolean") return { kind: "boolean", value: item, offset: NO_OFFSET };
    if (typeof item === "number" && Number.isFinite(item))
      return { kind: "number", text: String(item), offset: NO_OFFSET };
    if (Array.isArray(item)) return { kind: "array", items: items(item, path, depth), offset: NO_OFFSET };
    if (typeof item === "object") return { kind: "object", members: members(item, path, depth), offset: NO_OFFSET };
    throw new PolicyError(`a ${typeof item} is no JSON value`, path);
  }

  function text(item: string, path: string): JsonNode {
    count(item.length, path);
    return { kind: "string", value: item, offset: NO_OFFSET };
  }

  function items(list: readonly unknown[], path: string, depth: number): JsonNode[] {
    count(list.length, path);
    return Array.from(list, (item, index) => convert(item, `${path}[${index}]`, depth + 1));
  }

  function members(item: object, path: string, depth: number): JsonMember[] {
    return Object.entries(item).map(([name, member]) => {
      count(name.length, path);
      return { name, value: convert(member, memberPath(path, name), depth + 1), offset: NO_OFFSET };
    });
  }

  function count(more: number, path: string): void {
    characters += more;
    if (characters > MAX_CHARACTERS) throw new PolicyError("is larger than any policy that AWS stores", path);
  }
}

export function memberPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
