import { type Condition, parseConditions } from "./condition.ts";
import type { PolicyKind, PolicyVersion, Refuse } from "./document.ts";
import { type JsonNode, memberPath } from "./json-node.ts";
import { type Principals, parsePrincipals } from "./principal.ts";

/** One statement. Order of the statements has no meaning; each stands alone. */
export interface Statement {
  readonly index: number;
  /** `Statement[2]`, or `Statement` for a policy whose only statement is not in a list. */
  readonly path: string;
  readonly version: PolicyVersion;
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  /** Undefined in identity policies: the principal is whoever the policy is attached to. */
  readonly principals?: Principals;
  readonly actions: Patterns;
  /** Undefined in trust policies: the resource is the role. */
  readonly resources?: Patterns;
  /** All of them must hold. */
  readonly conditions: readonly Condition[];
}

/** Action or Resource; with `negated` NotAction or NotResource: everything but these. */
export interface Patterns {
  readonly negated: boolean;
  readonly patterns: readonly string[];
  readonly path: string;
}

interface Place {
  readonly index: number;
  readonly path: string;
  readonly kind: PolicyKind;
  readonly version: PolicyVersion;
}

const ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
] as const;

type Element = (typeof ELEMENTS)[number];
type Elements = { readonly [E in Element]?: JsonNode };

/** `*`, or a service and an action of it. */
const ACTION = /^(\*+|[A-Za-z0-9*?-]+:[A-Za-z0-9*?_-]+)$/;

export function parseStatement(node: JsonNode, place: Place, refuse: Refuse): Statement {
  const elements = elementsOf(node, place.path, refuse);
  const sid = elements.Sid;
  if (sid !== undefined && sid.kind !== "string") refuse(sid, memberPath(place.path, "Sid"), "is not a string");
  const principals = principalsOf(node, elements, place, refuse);
  const resources = resourcesOf(node, elements, place, refuse);
  return {
    index: place.index,
    path: place.path,
    version: place.version,
    ...(sid?.kind === "string" ? { sid: sid.value } : {}),
    effect: effectOf(node, elements.Effect, place.path, refuse),
    ...(principals === undefined ? {} : { principals }),
    actions: actionsOf(node, elements, place.path, refuse),
    ...(resources === undefined ? {} : { resources }),
    conditions:
      elements.Condition === undefined
        ? []
        : parseConditions(elements.Condition, memberPath(place.path, "Condition"), refuse),
  };
}

function elementsOf(node: JsonNode, path: string, refuse: Refuse): Elements {
  if (node.kind !== "object") return refuse(node, path, "is not a JSON object");
  const elements: { [E in Element]?: JsonNode } = {};
  for (const member of node.members) {
    const name = ELEMENTS.find((element) => element === member.name);
    if (name === undefined) {
      return refuse(member, memberPath(path, member.name), `is no element of a statement (${ELEMENTS.join(", ")})`);
    }
    elements[name] = member.value;
  }
  return elements;
}

function effectOf(node: JsonNode, effect: JsonNode | undefined, path: string, refuse: Refuse): "Allow" | "Deny" {
  if (effect === undefined) return refuse(node, path, "has no Effect");
  if (effect.kind === "string" && (effect.value === "Allow" || effect.value === "Deny")) return effect.value;
  return refuse(effect, memberPath(path, "Effect"), 'is "Allow" or "Deny"');
}

function principalsOf(node: JsonNode, elements: Elements, place: Place, refuse: Refuse): Principals | undefined {
  const found = oneOf(elements, "Principal", "NotPrincipal", place.path, refuse);
  if (place.kind === "identity") {
    if (found === undefined) return undefined;
    return refuse(found.node, memberPath(place.path, found.name), "has no place in a policy of a role or user");
  }
  if (found === undefined) return refuse(node, place.path, "has neither Principal nor NotPrincipal");
  return parsePrincipals(found.node, memberPath(place.path, found.name), found.name === "NotPrincipal", refuse);
}

function actionsOf(node: JsonNode, elements: Elements, path: string, refuse: Refuse): Patterns {
  const found = oneOf(elements, "Action", "NotAction", path, refuse);
  if (found === undefined) return refuse(node, path, "has neither Action nor NotAction");
  const patterns = patternsOf(found.node, memberPath(path, found.name), refuse, (text) =>
    ACTION.test(text) ? undefined : `${JSON.stringify(text.slice(0, 80))} is not "*" or "service:Action"`,
  );
  return { negated: found.name === "NotAction", patterns, path: memberPath(path, found.name) };
}

function resourcesOf(node: JsonNode, elements: Elements, place: Place, refuse: Refuse): Patterns | undefined {
  const found = oneOf(elements, "Resource", "NotResource", place.path, refuse);
  if (place.kind === "trust") {
    if (found === undefined) return undefined;
    return refuse(found.node, memberPath(place.path, found.name), "has no place in a trust policy");
  }
  if (found === undefined) return refuse(node, place.path, "has neither Resource nor NotResource");
  const patterns = patternsOf(found.node, memberPath(place.path, found.name), refuse, (text) =>
    text === "" ? "is empty" : undefined,
  );
  return { negated: found.name === "NotResource", patterns, path: memberPath(place.path, found.name) };
}

/** The one of two elements that exclude each other. */
function oneOf(elements: Elements, plain: Element, negated: Element, path: string, refuse: Refuse) {
  const first = elements[plain];
  const second = elements[negated];
  if (first !== undefined && second !== undefined) {
    return refuse(second, memberPath(path, negated), `stands beside ${plain}; a statement has one of the two`);
  }
  if (first !== undefined) return { name: plain, node: first };
  return second === undefined ? undefined : { name: negated, node: second };
}

function patternsOf(
  node: JsonNode,
  path: string,
  refuse: Refuse,
  problemOf: (text: string) => string | undefined,
): string[] {
  const items = node.kind === "array" ? node.items : [node];
  if (items.length === 0) return refuse(node, path, "is an empty list");
  return items.map((item, index) => {
    const itemPath = node.kind === "array" ? `${path}[${index}]` : path;
    if (item.kind !== "string") return refuse(item, itemPath, "is not a string");
    const problem = problemOf(item.value);
    return problem === undefined ? item.value : refuse(item, itemPath, problem);
  });
}
