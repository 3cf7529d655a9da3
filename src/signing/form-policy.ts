/** Reads the policy of a browser form (presigned POST): what S3 will insist on, and what it leaves open. */
import { readSignedUrl } from "./signed-url.ts";
import { addressDefects, type Defect, isLoopback, keyDefect } from "./url-defects.ts";

export interface FormPolicy {
  readonly expiresAt: Date | undefined;
  readonly bucket: string | undefined;
  /** The exact key, or the beginning that it must have. */
  readonly key: { readonly rule: "exact" | "starts-with"; readonly value: string } | undefined;
  /** The exact content type, or the beginning that it must have; undefined: S3 takes none. */
  readonly contentType: { readonly rule: "exact" | "starts-with"; readonly value: string } | undefined;
  readonly sizes: { readonly least: number; readonly most: number } | undefined;
}

type Condition = readonly [operator: string, field: string, value: string];

/** @returns undefined when the text is no policy in base64 */
export function readFormPolicy(base64: string): FormPolicy | undefined {
  const policy = parseObject(Buffer.from(base64, "base64").toString("utf8"));
  if (policy === undefined || !Array.isArray(policy.conditions)) return undefined;

  const rules = policy.conditions.flatMap(readCondition);
  const range = policy.conditions.find(
    (condition: unknown) => Array.isArray(condition) && condition[0] === "content-length-range",
  );
  const expiresAt = new Date(String(policy.expiration));
  return {
    expiresAt: Number.isNaN(expiresAt.getTime()) ? undefined : expiresAt,
    bucket: rules.find(([operator, field]) => field === "bucket" && operator === "eq")?.[2],
    key: ruleFor("key", rules),
    contentType: ruleFor("content-type", rules),
    sizes: Array.isArray(range) ? { least: Number(range[1]), most: Number(range[2]) } : undefined,
  };
}

function ruleFor(field: string, rules: readonly Condition[]): FormPolicy["key"] {
  const rule = rules.find(([, candidate]) => candidate === field);
  return rule === undefined ? undefined : { rule: rule[0] === "eq" ? "exact" : "starts-with", value: rule[2] };
}

/** @param key the form's field of that name, which the policy judges */
export function formDefects(
  policy: FormPolicy | undefined,
  { action, key }: { readonly action: string; readonly key: string | undefined },
  now: Date,
): readonly Defect[] {
  if (policy === undefined) {
    return [
      {
        id: "not-signed",
        message: "The form has no readable policy: S3 would take it for an anonymous upload.",
        fix: "Presign it, for instance with `s3up presign --method post`.",
      },
    ];
  }
  return [
    ...lifeDefects(policy, now),
    ...keyDefects(policy, key),
    ...typeDefects(policy),
    ...sizeDefects(policy),
    ...transportDefects(action),
  ];
}

function lifeDefects({ expiresAt }: FormPolicy, now: Date): readonly Defect[] {
  if (expiresAt === undefined) {
    return [
      { id: "incomplete-signature", message: "The policy names no expiry; S3 refuses it.", fix: "Sign it again." },
    ];
  }
  const leftSeconds = (expiresAt.getTime() - now.getTime()) / 1000;
  if (leftSeconds <= 0) return [{ id: "expired", message: "The form has expired.", fix: "Sign a new one." }];
  if (leftSeconds <= 900) return [];
  return [
    {
      id: "long-life",
      message: "The form lives longer than 15 minutes, and so does every copy of it.",
      fix: "Sign it just before use, with a few minutes (--expires-in 5m).",
    },
  ];
}

function keyDefects({ key }: FormPolicy, field: string | undefined): readonly Defect[] {
  if (key === undefined) {
    return [
      {
        id: "no-key-condition",
        message: "The policy does not bind the key; S3 refuses it.",
        fix: "Name the key in the policy.",
      },
    ];
  }
  const odd = [keyDefect(key.value) ?? keyDefect(field ?? "")].filter((found) => found !== undefined);
  if (key.rule === "exact") return odd;
  return [
    ...odd,
    {
      id: "starts-with-key",
      message: `The sender chooses the key: anything that starts with "${key.value}", also the name of an object that exists.`,
      fix: "Bind the exact key.",
    },
  ];
}

function typeDefects({ contentType }: FormPolicy): readonly Defect[] {
  if (contentType?.rule !== "starts-with") return [];
  const beginning = contentType.value === "" ? "any type" : `any type that starts with "${contentType.value}"`;
  return [
    {
      id: "unsigned-content-type",
      message: `The sender may store ${beginning}.`,
      fix: "Bind the exact content type.",
    },
  ];
}

function sizeDefects({ sizes }: FormPolicy): readonly Defect[] {
  if (sizes !== undefined) return [];
  return [
    {
      id: "no-length-range",
      message: "The policy has no content-length-range: the sender may store up to 5 GiB.",
      fix: "Sign with --max-size.",
    },
  ];
}

function transportDefects(action: string): readonly Defect[] {
  const address = readSignedUrl(action);
  if (address === undefined) return [];
  const found = addressDefects(address);
  if (address.protocol === "https" || isLoopback(address.host)) return found;
  return [...found, { id: "plain-http", message: "The form goes over plain HTTP.", fix: "Use https." }];
}

/** Both spellings: `{"key": "a"}` and `["eq", "$key", "a"]`. */
function readCondition(condition: unknown): readonly Condition[] {
  if (Array.isArray(condition)) {
    const [operator, field, value] = condition.map(String);
    if (operator === undefined || field === undefined || value === undefined || !field.startsWith("$")) return [];
    return [[operator.toLowerCase(), field.slice(1).toLowerCase(), value]];
  }
  if (typeof condition !== "object" || condition === null) return [];
  return Object.entries(condition).map(([field, value]) => ["eq", field.toLowerCase(), String(value)] as const);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Not JSON means not a policy, which is the answer that was asked for.
    return undefined;
  }
}
