/**
 * What the API answers about a facet -> the facet. The SDK, the aws command and a snapshot file wrap the same thing in
 * different ways (`{"CORSRules":[…]}`, `[…]`); from here on there is one shape.
 */
import * as v from "valibot";
import { facetSchemas } from "./facet-schemas.ts";
import type { BucketFacets, Facet } from "./facets.ts";

export type FacetAnswer<T> =
  | { readonly state: "present"; readonly value: T }
  | { readonly state: "absent" }
  /** Not what the API would say; `path` leads to the member, from the facet on. */
  | { readonly state: "malformed"; readonly problem: string; readonly path: readonly (string | number)[] };

/** `answer` is plain data, as JSON has it. An empty answer means that nothing is configured. */
export function facetFrom<F extends Facet>(facet: F, answer: unknown): FacetAnswer<BucketFacets[F]> {
  const { value, path } = unwrap(facet, answer);
  if (value === undefined || value === null) return absent;

  const schema = facetSchemas[facet] as unknown as v.GenericSchema<unknown, BucketFacets[F]>;
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { state: "malformed", problem: problemOf(issue), path: [...path, ...pathOf(issue)] };
  }
  const list = listInPlaceOfObject(value, parsed.output);
  if (list !== undefined) return { state: "malformed", problem: "should be an object", path: [...path, ...list] };
  return isEmpty(facet, parsed.output) ? absent : { state: "present", value: parsed.output };
}

/** What the SDK returned, as plain data: no metadata, no `undefined`, times as text. */
export function plainAnswer(output: object): unknown {
  const { $metadata: _, ...members } = output as { readonly $metadata?: unknown };
  return JSON.parse(JSON.stringify(members));
}

const absent = { state: "absent" } as const;

/** The members that the API puts around a facet, from the outermost inwards; each may be missing. */
const envelopes: { readonly [F in Facet]?: readonly string[] } = {
  publicAccessBlock: ["PublicAccessBlockConfiguration"],
  accountPublicAccessBlock: ["PublicAccessBlockConfiguration"],
  policyStatus: ["PolicyStatus"],
  cors: ["CORSRules"],
  encryption: ["ServerSideEncryptionConfiguration", "Rules"],
  lifecycle: ["Rules"],
  logging: ["LoggingEnabled"],
  objectLock: ["ObjectLockConfiguration"],
  ownership: ["OwnershipControls", "Rules", "0", "ObjectOwnership"],
  accessPoints: ["AccessPointList"],
};

/** Answers that are `{}` where the envelope's content is not configured. */
const emptyWithout: ReadonlySet<Facet> = new Set(["cors", "encryption", "lifecycle", "logging", "accessPoints"]);

interface Unwrapped {
  readonly value: unknown;
  readonly path: readonly (string | number)[];
}

function unwrap(facet: Facet, answer: unknown): Unwrapped {
  if (facet === "policy") return withoutPolicyEnvelope(answer);
  if (facet === "acl" && Array.isArray(answer)) return { value: { Grants: answer }, path: [] };
  if (facet === "signer") return { value: knownSignerParts(answer), path: [] };

  let value = answer;
  const path: (string | number)[] = [];
  for (const name of envelopes[facet] ?? []) {
    if (!isObject(value) || !Object.hasOwn(value, name)) continue;
    value = Reflect.get(value, name);
    path.push(/^\d+$/.test(name) ? Number(name) : name);
  }
  if (emptyWithout.has(facet) && isObject(value) && !Array.isArray(value) && Object.keys(value).length === 0) {
    return { value: undefined, path };
  }
  return { value: facet === "encryption" ? withBlockedTypesAsObject(value) : value, path };
}

/** GetBucketPolicy answers `{"Policy": "text"}`; a policy itself has no such element. */
function withoutPolicyEnvelope(answer: unknown): Unwrapped {
  if (!isObject(answer) || Object.keys(answer).length !== 1 || !("Policy" in answer))
    return { value: answer, path: [] };
  return { value: answer.Policy, path: ["Policy"] };
}

/** XML repeats the element, so some clients show the list without the member that holds it. */
function withBlockedTypesAsObject(rules: unknown): unknown {
  if (!Array.isArray(rules)) return rules;
  return rules.map((rule: unknown) => {
    if (!isObject(rule) || !("BlockedEncryptionTypes" in rule) || !Array.isArray(rule.BlockedEncryptionTypes))
      return rule;
    return { ...rule, BlockedEncryptionTypes: { EncryptionType: rule.BlockedEncryptionTypes } };
  });
}

/** A part of the signer may be said not to be there, like a facet; a number in the environment is text to the function. */
function knownSignerParts(signer: unknown): unknown {
  if (!isObject(signer) || Array.isArray(signer)) return signer;
  const parts = withoutAbsentMembers(signer);
  if (!isObject(parts.function) || Array.isArray(parts.function)) return parts;
  const ofFunction = withoutAbsentMembers(parts.function);
  const { environment } = ofFunction;
  if (!isObject(environment) || Array.isArray(environment)) return { ...parts, function: ofFunction };
  return { ...parts, function: { ...ofFunction, environment: textValues(environment) } };
}

function withoutAbsentMembers(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && !isAbsentMark(member)));
}

function textValues(environment: object): Record<string, unknown> {
  const entries = Object.entries(environment).map(([name, value]: [string, unknown]) =>
    typeof value === "number" || typeof value === "boolean" ? [name, String(value)] : [name, value],
  );
  return Object.fromEntries(entries);
}

/** `{"absent": true}` and nothing else. */
export function isAbsentMark(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 1 && Reflect.get(value, "absent") === true;
}

/** A list of no CORS rules is kept: S3 cannot hold one, so who writes it says that pages are meant and refused. */
function isEmpty(facet: Facet, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0 && facet !== "policy" && facet !== "cors";
  if (facet === "versioning" || facet === "notification" || facet === "website" || facet === "objectLock") {
    return isObject(value) && Object.keys(value).length === 0;
  }
  return false;
}

function isObject(value: unknown): value is object & Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Valibot takes a list for an object without members. */
function listInPlaceOfObject(given: unknown, taken: unknown): readonly (string | number)[] | undefined {
  if (!isObject(given) || !isObject(taken) || given === taken) return undefined;
  if (Array.isArray(given) && !Array.isArray(taken)) return [];
  for (const [name, member] of Object.entries(taken)) {
    const path = listInPlaceOfObject(given[name], member);
    if (path !== undefined) return [Array.isArray(taken) ? Number(name) : name, ...path];
  }
  return undefined;
}

export function pathOf(issue: v.BaseIssue<unknown>): readonly (string | number)[] {
  return (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
}

export function problemOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object" && issue.expected === "never") return "there is no such member";
  if (issue.received === "undefined") return "is missing";
  if (issue.type === "regex") return "should be 12 digits";
  return `should be ${kinds[issue.expected ?? ""] ?? issue.expected}`;
}

/** Valibot's names of kinds in words. */
const kinds: Readonly<Record<string, string>> = {
  Array: "a list",
  Object: "an object",
  string: "text",
  number: "a number",
  boolean: "true or false",
};
