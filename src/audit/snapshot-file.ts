/**
 * A snapshot as a file: `--save-snapshot` writes it, `--snapshot` reads it and needs neither AWS nor credentials.
 * `{"v":1,"bucket":…,"accountId":…,"region":…,"facets":{…}}`; a facet that is left out, or `{"absent":true}`, is not
 * configured; `{"unreadable":"AccessDenied"}` could not be read. Several buckets: one such document on each line.
 */
import * as v from "valibot";
import { S3upError } from "../errors.ts";
import { type JsonNode, memberPath, positionOf } from "../policy/json-node.ts";
import { readJsonText } from "../policy/json-text.ts";
import { PolicyError } from "../policy/policy-error.ts";
import { facetFrom, isAbsentMark, pathOf, problemOf } from "./api-answer.ts";
import { facets } from "./facet-access.ts";
import type { Facet } from "./facets.ts";
import { bucketArn } from "./partition.ts";
import { tellingVariables } from "./signer-environment.ts";
import type { BucketSnapshot, Reading } from "./snapshot.ts";

export const SNAPSHOT_VERSION = 1;

const optionalText = (description: string) => v.optional(v.nullable(v.pipe(v.string(), v.description(description))));

/** The document around the facets. */
export const snapshotEnvelope = {
  v: v.literal(SNAPSHOT_VERSION),
  bucket: v.pipe(v.string(), v.minLength(1), v.description("The bucket's name.")),
  accountId: v.optional(
    v.nullable(v.pipe(v.string(), v.regex(/^\d{12}$/), v.description("The account that owns the bucket, 12 digits."))),
  ),
  region: optionalText("Where the bucket is, such as eu-central-1."),
};
const documentSchema = v.strictObject({
  $schema: v.optional(v.string()),
  ...snapshotEnvelope,
  facets: v.record(v.string(), v.unknown()),
});

/** A facet that could not be read; with the reason. */
export const unreadableSchema = v.strictObject({
  unreadable: v.pipe(v.string(), v.minLength(1), v.description("Why it could not be read: the API's error code.")),
});

const bounds = { characters: 64 * 1024 * 1024, depth: 64 };

/**
 * @param path names the file in errors and in `source`
 * @throws S3upError CONFIG_INVALID with line, column and member
 */
export function parseSnapshots(text: string, path: string): readonly BucketSnapshot[] {
  // Some shells put a byte order mark before what they write into a file.
  const content = text.replace(/^\uFEFF/, "");
  const documents = documentsByLine(content) ?? [{ text: content, line: 1 }];
  return documents.map((document) => parseDocument(document.text, { path, line: document.line }));
}

/** One document; for a file of several buckets, `JSON.stringify` of each on a line of its own. */
export function snapshotDocument({ bucket, accountId, region, facets: read, planned }: BucketSnapshot): object {
  const written = facets.flatMap((facet) => {
    const isSensitive = planned?.sensitive.has(facet) === true && read[facet].state === "present";
    const value = isSensitive ? { unreadable: "marked as sensitive in Terraform" } : facetDocument(facet, read[facet]);
    return value === undefined ? [] : [[facet, value] as const];
  });
  return {
    v: SNAPSHOT_VERSION,
    bucket,
    ...(accountId === undefined ? {} : { accountId }),
    ...(region === undefined ? {} : { region }),
    facets: Object.fromEntries(written),
  };
}

function facetDocument<F extends Facet>(facet: F, reading: BucketSnapshot["facets"][F]): unknown {
  switch (reading.state) {
    case "absent":
      return undefined;
    case "unreadable":
      return { unreadable: reading.reason };
    case "present":
      return facet === "signer" ? withoutSecrets(reading.value as SignerValue) : reading.value;
  }
}

type SignerValue = Extract<BucketSnapshot["facets"]["signer"], { state: "present" }>["value"];

function withoutSecrets(signer: SignerValue): SignerValue {
  const environment = signer.function?.environment;
  if (environment === undefined) return signer;
  return { ...signer, function: { ...signer.function, environment: tellingVariables(environment) } };
}

interface Place {
  readonly path: string;
  /** Of the file, where the document begins. */
  readonly line: number;
}

/** Undefined: the file is one document, on however many lines. */
function documentsByLine(text: string): readonly { readonly text: string; readonly line: number }[] | undefined {
  const lines = text.split("\n").map((line, index) => ({ text: line, line: index + 1 }));
  const filled = lines.filter((line) => line.text.trim() !== "");
  return filled.length > 1 && isJson(filled[0]?.text ?? "") ? filled : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parseDocument(text: string, place: Place): BucketSnapshot {
  const root = readStrictly(text, place);
  const refuse: Refuse = (path, problem) => {
    throw refusal(place, nameOf(path), problem, offsetOf(root, path), text);
  };
  const parsed = v.safeParse(documentSchema, JSON.parse(text));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return refuse(pathOf(issue), problemOf(issue));
  }
  const { bucket, accountId, region, facets: given } = parsed.output;
  return {
    bucket,
    arn: bucketArn(bucket, region ?? undefined),
    accountId: accountId ?? undefined,
    region: region ?? undefined,
    source: place.path,
    facets: readingsOf(given, refuse),
  };
}

type Refuse = (path: readonly (string | number)[], problem: string) => never;

function readingsOf(given: Readonly<Record<string, unknown>>, refuse: Refuse): BucketSnapshot["facets"] {
  for (const name of Object.keys(given)) {
    if (!(facets as readonly string[]).includes(name)) {
      refuse(["facets", name], `there is no such facet; they are ${facets.join(", ")}`);
    }
  }
  const readings = facets.map((facet) => [facet, readingOf(facet, given[facet], refuse)] as const);
  return Object.fromEntries(readings) as unknown as BucketSnapshot["facets"];
}

function readingOf(facet: Facet, given: unknown, refuse: Refuse): Reading<unknown> {
  if (given === undefined || isAbsentMark(given)) return { state: "absent" };
  if (typeof given === "object" && given !== null && "unreadable" in given) {
    const parsed = v.safeParse(unreadableSchema, given);
    if (!parsed.success) return refuse(["facets", facet], 'should be {"unreadable": "the reason"}');
    return { state: "unreadable", reason: parsed.output.unreadable };
  }
  const answer = facetFrom(facet, given);
  return answer.state === "malformed" ? refuse(["facets", facet, ...answer.path], answer.problem) : answer;
}

function readStrictly(text: string, place: Place): JsonNode {
  try {
    return readJsonText(text, bounds);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw refusal(place, error.path, error.problem, error.position, text);
  }
}

function nameOf(path: readonly (string | number)[]): string {
  return path.reduce<string>((name, key) => (typeof key === "number" ? `${name}[${key}]` : memberPath(name, key)), "");
}

/** Where the member stands; where it is missing, the innermost one that is there. */
function offsetOf(root: JsonNode, path: readonly (string | number)[]): number {
  let node = root;
  let { offset } = root;
  for (const key of path) {
    const member = node.kind === "object" ? node.members.find(({ name }) => name === key) : undefined;
    const next = member?.value ?? (node.kind === "array" ? node.items[Number(key)] : undefined);
    if (next === undefined) return offset;
    node = next;
    offset = member?.offset ?? next.offset;
  }
  return offset;
}

function refusal(
  { path, line }: Place,
  member: string,
  problem: string,
  at: number | { readonly line: number; readonly column: number } | undefined,
  text: string,
): S3upError {
  const position = typeof at === "number" ? positionOf(text, at) : at;
  const where = position === undefined ? "" : ` (line ${position.line + line - 1}, column ${position.column})`;
  return new S3upError("CONFIG_INVALID", `The snapshot ${path} cannot be used.`, {
    why: `${member === "" ? "The document" : member}: ${problem}${where}.`,
    hint: "Write it with `s3up audit BUCKET --save-snapshot FILE`, or compare it with docs/schemas/snapshot.schema.json.",
  });
}
