/**
 * The policy of a browser's form: which fields it may send, with which values, until when.
 * Source: "Creating a POST policy" of the S3 API reference; the sentences are those that S3 answers with.
 */
import { type S3Error, s3Error } from "./s3-error.ts";

export interface FormPolicy {
  readonly expiration: Date;
  readonly conditions: readonly FieldCondition[];
  /** Bytes of the file, both inclusive; where the policy gives more than one range, what they have in common. */
  readonly size: { readonly min: number; readonly max: number };
}

export interface FieldCondition {
  readonly operator: "eq" | "starts-with";
  /** Lower case, without the dollar sign. */
  readonly field: string;
  readonly value: string;
  /** The condition as S3 shows it, with the field's name as the policy spells it. */
  readonly text: string;
}

/** Fields that need no condition, beside those named `x-ignore-…`. */
const exemptFields: readonly string[] = ["x-amz-signature", "file", "policy"];

const unlimited = { min: 0, max: Number.POSITIVE_INFINITY };

/** @param encoded base64 of the JSON. @throws S3Error InvalidPolicyDocument */
export function parseFormPolicy(encoded: string): FormPolicy {
  const document = parseJson(encoded);
  const { expiration, conditions } = document;
  if (expiration === undefined) throw invalidPolicy("Policy missing expiration.");
  if (!Array.isArray(conditions)) throw invalidPolicy("Policy missing conditions.");
  const ranges = conditions.filter(isRange);
  return {
    expiration: parseExpiration(expiration),
    conditions: conditions.filter((condition) => !isRange(condition)).map(parseCondition),
    size: ranges
      .map(parseRange)
      .reduce((both, range) => ({ min: Math.max(both.min, range.min), max: Math.min(both.max, range.max) }), unlimited),
  };
}

/**
 * @param fields lower-case names; `key` with its `${filename}` replaced, `bucket` the one that is posted to
 * @throws S3Error AccessDenied
 */
export function enforceFormPolicy(policy: FormPolicy, fields: ReadonlyMap<string, string>, now: Date): void {
  if (policy.expiration.getTime() <= now.getTime()) throw notAccording("Policy expired.");
  const covered = new Set(policy.conditions.map((condition) => condition.field));
  const extra = [...fields.keys()].filter((field) => !covered.has(field) && !isExempt(field));
  if (extra.length > 0) throw notAccording(`Extra input fields: ${extra.join(", ")}`);
  const failed = policy.conditions.find((condition) => !holds(condition, fields.get(condition.field)));
  if (failed !== undefined) throw notAccording(`Policy Condition failed: ${failed.text}`);
}

function isExempt(field: string): boolean {
  return exemptFields.includes(field) || field.startsWith("x-ignore-");
}

/** A field that was not sent fulfils no condition, not even one that any value would. */
function holds(condition: FieldCondition, sent: string | undefined): boolean {
  if (sent === undefined) return false;
  if (condition.operator === "eq") return sent === condition.value;
  const values = condition.field === "content-type" ? sent.split(",") : [sent];
  return values.every((value) => value.trim().startsWith(condition.value));
}

function parseJson(encoded: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(encoded, "base64")),
    );
    if (isObject(document)) return document;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw invalidPolicy("Invalid JSON.");
}

function parseExpiration(value: unknown): Date {
  const text = typeof value === "string" ? value : "";
  const expiration = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(text) || Number.isNaN(expiration.getTime())) {
    throw invalidPolicy(`Invalid 'expiration' value: '${text}'`);
  }
  return expiration;
}

function parseCondition(condition: unknown): FieldCondition {
  if (Array.isArray(condition)) return parseListCondition(condition);
  if (!isObject(condition)) throw invalidPolicy("Invalid Condition: conditions must be objects or lists.");
  const members = Object.entries(condition);
  const [field, value] = members[0] ?? [];
  if (members.length !== 1 || field === undefined) {
    throw invalidPolicy("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
  }
  if (typeof value !== "string") throw invalidPolicy("Invalid Simple-Condition: value must be a string.");
  return fieldCondition("eq", field, value);
}

function parseListCondition(condition: readonly unknown[]): FieldCondition {
  const [operator, field, value] = condition;
  const name = typeof operator === "string" ? operator.toLowerCase() : operator;
  if (name !== "eq" && name !== "starts-with")
    throw invalidPolicy(`Invalid Condition: unknown operation '${operator}'.`);
  if (condition.length !== 3 || typeof field !== "string" || typeof value !== "string" || !field.startsWith("$")) {
    throw invalidPolicy(`Invalid Condition: '${name}' needs a field, beginning with $, and a string.`);
  }
  return fieldCondition(name, field.slice(1), value);
}

function fieldCondition(operator: FieldCondition["operator"], field: string, value: string): FieldCondition {
  const text = `[${[operator, `$${field}`, value].map((part) => JSON.stringify(part)).join(", ")}]`;
  return { operator, field: field.toLowerCase(), value, text };
}

function isRange(condition: unknown): condition is readonly unknown[] {
  return Array.isArray(condition) && `${condition[0]}`.toLowerCase() === "content-length-range";
}

function parseRange(condition: readonly unknown[]): { min: number; max: number } {
  const [min, max] = condition.slice(1).map(parseBytes);
  if (condition.length !== 3 || min === undefined || max === undefined || min > max) {
    throw invalidPolicy("Invalid content-length-range: it needs a smallest and a largest number of bytes.");
  }
  return { min, max };
}

/** A number, or one in quotes. */
function parseBytes(value: unknown): number | undefined {
  return /^\d{1,15}$/.test(`${value}`) ? Number(value) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalidPolicy(reason: string): S3Error {
  return s3Error("InvalidPolicyDocument", {}, { message: `Invalid Policy: ${reason}` });
}

function notAccording(reason: string): S3Error {
  return s3Error("AccessDenied", {}, { message: `Invalid according to Policy: ${reason}` });
}
