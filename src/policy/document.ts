import { present, type Reading, unreadable } from "./decision.ts";
import { type JsonNode, NO_OFFSET, nodeFromValue, positionOf } from "./json-node.ts";
import { readJsonText } from "./json-text.ts";
import { PolicyError } from "./policy-error.ts";
import { parseStatement, type Statement } from "./statement.ts";

/**
 * `resource` policies sit on a bucket, an access point, a function and say who (Principal); `identity` policies sit on a role or
 * user and boundaries are written like them; a `trust` policy says who may take on a role, and its resource is the role itself.
 */
export type PolicyKind = "resource" | "identity" | "trust";

/** Without the element, the older version counts: policy variables are plain text in it. */
export type PolicyVersion = "2012-10-17" | "2008-10-17";

export interface Policy {
  readonly kind: PolicyKind;
  readonly version: PolicyVersion;
  readonly versionGiven: boolean;
  readonly id?: string;
  readonly statements: readonly Statement[];
  /** Length of the text in bytes (UTF-8), or of its shortest JSON when it was given as a value. */
  readonly bytes: number;
}

/** S3 refuses a bucket policy above this. */
export const MAX_BUCKET_POLICY_BYTES = 20_480;

const VERSIONS: readonly string[] = ["2012-10-17", "2008-10-17"] satisfies PolicyVersion[];

/**
 * Reads a policy strictly: what AWS's grammar does not have is refused, never skipped.
 *
 * @param input JSON text, or the value that a JSON reader made of it (text shows duplicate members and gives line and column).
 * @throws PolicyError and nothing else.
 */
export function parsePolicy(input: unknown, kind: PolicyKind): Policy {
  const text = typeof input === "string" ? input : undefined;
  const root = text === undefined ? nodeFromValue(input) : readJsonText(text);
  const bytes = byteLength(text ?? JSON.stringify(input));
  return policyFrom(root, kind, bytes, refusing(text));
}

/** The same, with the refusal as a reading: a policy that cannot be understood is `unreadable`, like one that was not shown. */
export function readPolicy(input: unknown, kind: PolicyKind): Reading<Policy> {
  try {
    return present(parsePolicy(input, kind));
  } catch (error) {
    if (error instanceof PolicyError) return unreadable(error.message);
    throw error;
  }
}

/** Throws with the position of `node`. */
export type Refuse = (node: { readonly offset: number }, path: string, problem: string) => never;

function refusing(text: string | undefined): Refuse {
  return (node, path, problem) => {
    const known = text !== undefined && node.offset !== NO_OFFSET;
    throw new PolicyError(problem, path, known ? positionOf(text, node.offset) : undefined);
  };
}

function policyFrom(root: JsonNode, kind: PolicyKind, bytes: number, refuse: Refuse): Policy {
  if (root.kind !== "object") return refuse(root, "", "is not a JSON object");
  let version: JsonNode | undefined;
  let id: JsonNode | undefined;
  let statement: JsonNode | undefined;
  for (const member of root.members) {
    if (member.name === "Version") version = member.value;
    else if (member.name === "Id") id = member.value;
    else if (member.name === "Statement") statement = member.value;
    else refuse(member, member.name, "is no element of a policy (Version, Id, Statement; case counts)");
  }
  if (statement === undefined) return refuse(root, "", "has no Statement");
  const versionText = version === undefined ? "2008-10-17" : versionOf(version, refuse);
  return {
    kind,
    version: versionText,
    versionGiven: version !== undefined,
    ...(id === undefined ? {} : { id: textOf(id, "Id", refuse) }),
    statements: statementsOf(statement, kind, versionText, refuse),
    bytes,
  };
}

function versionOf(node: JsonNode, refuse: Refuse): PolicyVersion {
  if (node.kind !== "string" || !isVersion(node.value)) {
    return refuse(node, "Version", `is ${VERSIONS.map((version) => `"${version}"`).join(" or ")}`);
  }
  return node.value;
}

function isVersion(text: string): text is PolicyVersion {
  return VERSIONS.includes(text);
}

function statementsOf(node: JsonNode, kind: PolicyKind, version: PolicyVersion, refuse: Refuse): Statement[] {
  if (node.kind === "object") return [parseStatement(node, { index: 0, path: "Statement", kind, version }, refuse)];
  if (node.kind !== "array") return refuse(node, "Statement", "is neither a statement nor a list of statements");
  if (node.items.length === 0) return refuse(node, "Statement", "is an empty list");
  return node.items.map((item, index) =>
    parseStatement(item, { index, path: `Statement[${index}]`, kind, version }, refuse),
  );
}

function textOf(node: JsonNode, path: string, refuse: Refuse): string {
  return node.kind === "string" ? node.value : refuse(node, path, "is not a string");
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
