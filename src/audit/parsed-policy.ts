/** Policies as they were read -> policies that can be asked. Each document is parsed once, however many rules ask. */
import { ABSENT, type Reading } from "../policy/decision.ts";
import { type Policy, type PolicyKind, readPolicy } from "../policy/document.ts";
import type { RuleOutcome } from "./rule.ts";

/** `unreadable` for what is no policy: its reason names the place. `policy` is the document or its text. */
export function parsedPolicy(policy: unknown, kind: PolicyKind = "resource"): Reading<Policy> {
  if (policy === undefined) return ABSENT;
  if (typeof policy === "object" && policy !== null) return parsedDocument(policy, kind);
  return typeof policy === "string" ? parsedText(policy, kind) : readPolicy(policy, kind);
}

/** Of a policy that cannot be understood nothing is claimed, neither good nor bad. */
export function notUnderstood(bucket: string, reason: string): RuleOutcome {
  return { status: "unknown", message: `The policy of ${bucket} cannot be understood: ${reason}.` };
}

const documents: Readonly<Record<PolicyKind, WeakMap<object, Reading<Policy>>>> = {
  resource: new WeakMap(),
  identity: new WeakMap(),
  trust: new WeakMap(),
};

function parsedDocument(document: object, kind: PolicyKind): Reading<Policy> {
  const known = documents[kind].get(document) ?? readPolicy(document, kind);
  documents[kind].set(document, known);
  return known;
}

/** Text cannot be held weakly, so only the latest ones are kept: more than one bucket and its role have. */
const MOST_TEXTS = 32;
const texts = new Map<string, Reading<Policy>>();

function parsedText(text: string, kind: PolicyKind): Reading<Policy> {
  const name = `${kind} ${text}`;
  const known = texts.get(name) ?? readPolicy(text, kind);
  texts.set(name, known);
  const [oldest] = texts.keys();
  if (texts.size > MOST_TEXTS && oldest !== undefined) texts.delete(oldest);
  return known;
}
