import { type JsonNode, memberPath } from "./json-node.ts";

export type PrincipalType = "AWS" | "Service" | "Federated" | "CanonicalUser";

export interface PrincipalEntry {
  readonly type: PrincipalType;
  readonly value: string;
  readonly path: string;
}

/** The element Principal, or NotPrincipal when `negated`. `"*"` is read as `{"AWS": "*"}`: both are everyone, anonymous included. */
export interface Principals {
  readonly negated: boolean;
  readonly entries: readonly PrincipalEntry[];
}

/** Who an entry is. */
export type Principal =
  | { readonly kind: "everyone" }
  /** The account as a whole: a grant to it only delegates, a denial hits everyone in it. */
  | { readonly kind: "account"; readonly account: string }
  | {
      readonly kind: "user" | "role" | "session" | "other";
      readonly account: string;
      readonly arn: string;
      /** The role of a session, as an ARN without the role's path. */
      readonly role?: string;
    }
  /** `AIDA…`, `AROA…`: what IAM leaves behind when the principal is deleted. */
  | { readonly kind: "unique-id"; readonly id: string }
  | { readonly kind: "cloudfront-identity"; readonly arn: string }
  | { readonly kind: "service"; readonly service: string }
  /** A web identity provider: anyone may have an account there. */
  | { readonly kind: "web-identity"; readonly provider: string }
  /** A SAML or OpenID Connect provider set up in an account. */
  | { readonly kind: "provider"; readonly account: string; readonly arn: string }
  | { readonly kind: "canonical-user"; readonly id: string }
  /** Holds a wildcard or a variable, so it is no fixed principal. AWS itself refuses most of these. */
  | { readonly kind: "pattern"; readonly pattern: string };

const TYPES: readonly string[] = ["AWS", "Service", "Federated", "CanonicalUser"];
const ACCOUNT_ID = /^\d{12}$/;
const UNIQUE_ID = /^A[A-Z0-9]{9,127}$/;
const PRINCIPAL_ARN = /^arn:[a-z0-9-]+:(iam|sts):[^:]*:([^:]+):(.+)$/;

type Refuse = (node: JsonNode, path: string, problem: string) => never;

/** `refuse` throws; it knows how to turn a node into a position. */
export function parsePrincipals(node: JsonNode, path: string, negated: boolean, refuse: Refuse): Principals {
  if (node.kind === "string") {
    if (node.value !== "*") refuse(node, path, 'is "*" or an object such as {"AWS": "arn:…"}');
    return { negated, entries: [{ type: "AWS", value: "*", path }] };
  }
  if (node.kind !== "object") refuse(node, path, 'is "*" or an object such as {"AWS": "arn:…"}');
  if (node.members.length === 0) refuse(node, path, "names nobody");
  return { negated, entries: node.members.flatMap(({ name, value }) => entriesOf(name, value, path, refuse)) };
}

function entriesOf(type: string, node: JsonNode, parent: string, refuse: Refuse): PrincipalEntry[] {
  const path = memberPath(parent, type);
  if (!isPrincipalType(type)) refuse(node, path, `is none of ${TYPES.join(", ")}`);
  const items = node.kind === "array" ? node.items : [node];
  if (items.length === 0) refuse(node, path, "is an empty list");
  return items.map((item, index) => {
    const itemPath = node.kind === "array" ? `${path}[${index}]` : path;
    if (item.kind !== "string") refuse(item, itemPath, "is not a string");
    const problem = problemOfPrincipal(type, item.value);
    if (problem !== undefined) refuse(item, itemPath, problem);
    return { type, value: item.value, path: itemPath };
  });
}

function isPrincipalType(type: string): type is PrincipalType {
  return TYPES.includes(type);
}

function problemOfPrincipal(type: PrincipalType, value: string): string | undefined {
  if (value.trim() === "") return "is empty";
  if (type !== "AWS" || isPattern(value)) return undefined;
  if (ACCOUNT_ID.test(value) || UNIQUE_ID.test(value) || PRINCIPAL_ARN.test(value)) return undefined;
  return `${JSON.stringify(value.slice(0, 80))} is no account id, no ARN of IAM or STS and no unique id`;
}

/** Whether wildcards or policy variables leave open what is meant. */
export function isPattern(value: string): boolean {
  return /[*?]|\$\{/.test(value);
}

export function classifyPrincipal({ type, value }: PrincipalEntry): Principal {
  if (type === "AWS" && value === "*") return { kind: "everyone" };
  if (isPattern(value)) return { kind: "pattern", pattern: value };
  if (type === "Service") return { kind: "service", service: value };
  if (type === "CanonicalUser") return { kind: "canonical-user", id: value };
  if (type === "Federated") return federated(value);
  return awsPrincipal(value);
}

function federated(value: string): Principal {
  const [, , account] = PRINCIPAL_ARN.exec(value) ?? [];
  return account === undefined ? { kind: "web-identity", provider: value } : { kind: "provider", account, arn: value };
}

function awsPrincipal(value: string): Principal {
  if (ACCOUNT_ID.test(value)) return { kind: "account", account: value };
  const [, , account, resource] = PRINCIPAL_ARN.exec(value) ?? [];
  if (account === undefined || resource === undefined) return { kind: "unique-id", id: value };
  if (account === "cloudfront") return { kind: "cloudfront-identity", arn: value };
  if (resource === "root") return { kind: "account", account };

  const [kind, name = ""] = resource.split("/");
  if (kind === "assumed-role") {
    const role = `${value.split(":").slice(0, 2).join(":")}:iam::${account}:role/${name}`;
    return { kind: "session", account, arn: value, role };
  }
  return { kind: kind === "role" || kind === "user" ? kind : "other", account, arn: value };
}
