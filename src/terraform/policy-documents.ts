/**
 * The text of a policy, or what a plan tells of it before it is made: `data.aws_iam_policy_document` shows its statements even
 * where the ARNs in them are not known yet.
 */
import { UNKNOWN } from "../audit/outline.ts";
import { jsonOf } from "./json-text.ts";
import { memberOf } from "./json-value.ts";
import { blocksOf, objectOf, partOf } from "./outline-parts.ts";
import { scopeOf, targetsOf } from "./references.ts";
import type { Resource } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";

export interface ReadPolicy {
  /** What the document can be: text, documents, outlines of them; `UNKNOWN` alone where nothing is known. */
  readonly possible: readonly unknown[];
  /** Resources that say more about it. */
  readonly addresses: readonly string[];
  /** Whether ARNs that are not known yet were taken for those of the bucket. */
  readonly assumed: boolean;
  readonly sensitive: boolean;
}

/** What stands for an ARN of a resource that nobody knows yet: the bucket's. Undefined: such an ARN stays unknown. */
export type AssumedArn = string | undefined;

/** The attribute of a resource that holds a policy. Undefined where it is not set. */
export function policyIn(
  resource: Resource,
  attribute: string,
  index: ResourceIndex,
  bucket: AssumedArn,
): ReadPolicy | undefined {
  const value = partOf(resource.after, attribute);
  if (value === undefined) return undefined;
  if (value !== UNKNOWN) return { possible: [value], addresses: [], assumed: false, sensitive: false };
  const expression = memberOf(index.configOf(resource)?.expressions, attribute);
  const targets = targetsOf(expression, scopeOf(resource, index), index);
  const documents = targets.resources.filter(({ type }) => type === "aws_iam_policy_document");
  const [only, ...others] = documents;
  const isAll = others.length === 0 && targets.resources.length === 1 && !targets.opaque && targets.texts.length === 0;
  if (only === undefined || !isAll) return nothingKnown(documents);
  return documentOf(only, index, bucket, 0);
}

function nothingKnown(documents: readonly Resource[]): ReadPolicy {
  return { possible: [UNKNOWN], addresses: documents.map(({ address }) => address), assumed: false, sensitive: false };
}

const longest = 16;

/** A document that will be made of this data source. */
export function documentOf(resource: Resource, index: ResourceIndex, bucket: AssumedArn, depth: number): ReadPolicy {
  const json = partOf(resource.after, "json");
  if (typeof json === "string")
    return { possible: [json], addresses: [resource.address], assumed: false, sensitive: false };
  const sources = others(resource, "source_policy_documents", index, bucket, depth);
  const overrides = others(resource, "override_policy_documents", index, bucket, depth);
  const own = blocksOf(resource.after, "statement").map((statement) => statementsOf(statement, bucket));
  const layers = [...sources, own, ...overrides];
  const version = partOf(resource.after, "version");
  const alternatives = combinations(layers.flat());
  return {
    possible: alternatives.map((statements) => ({
      Version: typeof version === "string" ? version : "2012-10-17",
      Statement: withOverrides(statements),
    })),
    addresses: [resource.address, ...sourcesOf(resource, index).map(({ address }) => address)],
    assumed: layers.flat().some(({ assumed }) => assumed),
    sensitive: resource.sensitive !== undefined && hasMark(resource.sensitive),
  };
}

/** Each statement may be one of several. */
interface Alternatives {
  readonly choices: readonly (readonly unknown[])[];
  readonly assumed: boolean;
}

function others(
  resource: Resource,
  attribute: string,
  index: ResourceIndex,
  bucket: AssumedArn,
  depth: number,
): readonly (readonly Alternatives[])[] {
  const value = partOf(resource.after, attribute);
  if (value === undefined) return [];
  if (depth > longest) return [[anything]];
  const known = Array.isArray(value) ? value.filter((text) => typeof text === "string" && text !== "") : [];
  const fromTexts = known.map((text: string) => [asAlternatives({ possible: [text], assumed: false })]);
  const isWhole = Array.isArray(value) && value.every((text) => typeof text === "string");
  if (isWhole) return fromTexts;
  const documents = sourcesOf(resource, index, attribute).filter(({ after }) => {
    const json = partOf(after, "json");
    return typeof json !== "string" || !known.includes(json);
  });
  const made = documents.map((document) => [asAlternatives(documentOf(document, index, bucket, depth + 1))]);
  return [...fromTexts, ...(made.length === 0 ? [[anything]] : made)];
}

/** The documents that an attribute leads to; only those that the plan holds. */
function sourcesOf(resource: Resource, index: ResourceIndex, ...attributes: readonly string[]): readonly Resource[] {
  const names = attributes.length > 0 ? attributes : ["source_policy_documents", "override_policy_documents"];
  return names.flatMap((attribute) => {
    const expression = memberOf(index.configOf(resource)?.expressions, attribute);
    const { resources } = targetsOf(expression, scopeOf(resource, index), index);
    return resources.filter(({ type, address }) => type === "aws_iam_policy_document" && address !== resource.address);
  });
}

const anything: Alternatives = { choices: [[UNKNOWN]], assumed: false };

function asAlternatives({ possible, assumed }: Pick<ReadPolicy, "possible" | "assumed">): Alternatives {
  return { choices: possible.map(statementsIn), assumed };
}

function statementsIn(document: unknown): readonly unknown[] {
  const policy = typeof document === "string" ? jsonOf(document) : document;
  if (policy === UNKNOWN || policy === undefined) return [UNKNOWN];
  const statements = memberOf(policy, "Statement");
  return Array.isArray(statements) ? statements : statements === undefined ? [] : [statements];
}

/** More than these help nobody. */
const mostCombinations = 16;

function combinations(layers: readonly Alternatives[]): readonly (readonly unknown[])[] {
  let all: readonly (readonly unknown[])[] = [[]];
  for (const { choices } of layers) {
    all = all.flatMap((before) => choices.map((choice) => [...before, ...choice]));
    if (all.length > mostCombinations) return [[UNKNOWN]];
  }
  return all;
}

/** Of statements with one Sid the last one counts. */
function withOverrides(statements: readonly unknown[]): readonly unknown[] {
  const last = new Map<string, number>();
  for (const [at, statement] of statements.entries()) {
    const sid = memberOf(statement, "Sid");
    if (typeof sid === "string" && sid !== "") last.set(sid, at);
  }
  return statements.filter((statement, at) => {
    const sid = memberOf(statement, "Sid");
    return typeof sid !== "string" || sid === "" || last.get(sid) === at;
  });
}

function statementsOf(statement: unknown, bucket: AssumedArn): Alternatives {
  if (statement === UNKNOWN) return anything;
  const sid = partOf(statement, "sid");
  const effect = partOf(statement, "effect") ?? "Allow";
  const actions = listed(statement, "actions");
  const common = objectOf({
    Sid: sid === UNKNOWN ? undefined : sid,
    Effect: effect,
    Action: actions,
    NotAction: listed(statement, "not_actions"),
    Principal: principalsOf(statement, "principals"),
    NotPrincipal: principalsOf(statement, "not_principals"),
    Condition: conditionsOf(statement),
  });
  const resources = listed(statement, "resources");
  const places = placesOf(resources, { effect, actions, bucket });
  const others = placesOf(listed(statement, "not_resources"), { effect, actions, bucket: undefined });
  return {
    choices: places.choices.flatMap((Resource) =>
      others.choices.map((NotResource) => [objectOf({ ...common, Resource, NotResource })]),
    ),
    assumed: places.assumed,
  };
}

interface Asked {
  readonly effect: unknown;
  readonly actions: unknown;
  readonly bucket: AssumedArn;
}

interface Places {
  readonly choices: readonly unknown[];
  readonly assumed: boolean;
}

/**
 * ARNs that are not known are taken for those of the bucket and its objects. A Deny with a single one names one of the two: which
 * one its actions tell, or both are tried.
 */
function placesOf(resources: unknown, { effect, actions, bucket }: Asked): Places {
  if (!Array.isArray(resources) || bucket === undefined) return { choices: [resources], assumed: false };
  const unknown = resources.filter((one) => one === UNKNOWN).length;
  if (unknown === 0) return { choices: [resources], assumed: false };
  const known = resources.filter((one) => one !== UNKNOWN);
  const objects = `${bucket}/*`;
  const isSingle = unknown === 1 && !known.includes(bucket) && !known.includes(objects) && effect === "Deny";
  if (!isSingle) return { choices: [[...known, bucket, objects]], assumed: true };
  const kind = kindOfActions(actions);
  if (kind === "objects") return { choices: [[...known, objects]], assumed: true };
  return {
    choices: [
      [...known, objects],
      [...known, bucket],
    ],
    assumed: true,
  };
}

function kindOfActions(actions: unknown): "objects" | "mixed" {
  const names = Array.isArray(actions) ? actions : [];
  const ofObjects = /^s3:(?:(?:Put|Get|Delete|Restore)Object\w*|AbortMultipartUpload|ListMultipartUploadParts)\*?$/i;
  return names.length > 0 && names.every((name) => typeof name === "string" && ofObjects.test(name))
    ? "objects"
    : "mixed";
}

function listed(statement: unknown, name: string): unknown {
  const value = partOf(statement, name);
  if (!Array.isArray(value)) return value === undefined ? undefined : [UNKNOWN];
  return value.length === 0 ? undefined : value.map((item: unknown) => (item === null ? UNKNOWN : item));
}

function principalsOf(statement: unknown, name: string): unknown {
  const blocks = blocksOf(statement, name);
  if (blocks.length === 0) return undefined;
  if (blocks.includes(UNKNOWN)) return UNKNOWN;
  const byType = new Map<string, unknown[]>();
  for (const block of blocks) {
    const type = partOf(block, "type");
    const identifiers = listed(block, "identifiers");
    if (typeof type !== "string") return UNKNOWN;
    byType.set(type, [...(byType.get(type) ?? []), ...(Array.isArray(identifiers) ? identifiers : [])]);
  }
  const everyone = byType.get("*");
  if (everyone !== undefined) return everyone.includes(UNKNOWN) ? UNKNOWN : "*";
  return Object.fromEntries(byType);
}

function conditionsOf(statement: unknown): unknown {
  const blocks = blocksOf(statement, "condition");
  if (blocks.length === 0) return undefined;
  const operators = new Map<string, Map<string, unknown[]>>();
  for (const block of blocks) {
    const test = partOf(block, "test");
    const variable = partOf(block, "variable");
    if (typeof test !== "string" || typeof variable !== "string") return UNKNOWN;
    const keys = operators.get(test) ?? new Map<string, unknown[]>();
    const values = listed(block, "values");
    keys.set(variable, [...(keys.get(variable) ?? []), ...(Array.isArray(values) ? values : [])]);
    operators.set(test, keys);
  }
  return Object.fromEntries([...operators].map(([test, keys]) => [test, Object.fromEntries(keys)]));
}

/** Whether anything is marked. */
export function hasMark(marks: unknown, depth = 0): boolean {
  if (marks === true) return true;
  if (typeof marks !== "object" || marks === null || depth > 100) return depth > 100;
  return Object.values(marks).some((mark) => hasMark(mark, depth + 1));
}
