import { ACTION_ROWS, KEY_ROWS, RESOURCE_ROWS, SHARED_KEYS } from "./s3-actions.ts";

export type AccessLevel = "list" | "read" | "write" | "tagging" | "permissions";

/** One action of S3, as the Service Authorization Reference has it. */
export interface S3Action {
  readonly index: number;
  /** `s3:PutObject` */
  readonly name: string;
  /** Lower case: names of actions are not case-sensitive. */
  readonly lower: string;
  readonly level: AccessLevel;
  /** Empty for actions on the account, which need the resource `*`. */
  readonly resourceTypes: readonly string[];
  /** Lower-case `s3:` condition keys that requests for it can carry. */
  readonly keys: ReadonlySet<string>;
}

export type KeyType = "string" | "numeric" | "date" | "bool" | "ip" | "arn" | "string-list";

const LEVELS: Readonly<Record<string, AccessLevel>> = {
  L: "list",
  R: "read",
  W: "write",
  T: "tagging",
  P: "permissions",
};

const KEY_TYPES: Readonly<Record<string, KeyType>> = {
  String: "string",
  Numeric: "numeric",
  Date: "date",
  Bool: "bool",
  IPAddress: "ip",
  ARN: "arn",
  ArrayOfString: "string-list",
};

/** Resource type -> ARN template such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. */
export const RESOURCE_TEMPLATES: ReadonlyMap<string, string> = new Map(
  rowsOf(RESOURCE_ROWS).map(([name = "", template = ""]) => [name, template]),
);

const KEYS_OF_TYPE = new Map(rowsOf(RESOURCE_ROWS).map(([name = "", , keys = ""]) => [name, keysOf(keys)]));

export const S3_ACTIONS: readonly S3Action[] = rowsOf(ACTION_ROWS).map(
  ([name = "", level = "", types = "", keys = ""], index) => {
    const resourceTypes = listOf(types);
    return {
      index,
      name: `s3:${name}`,
      lower: `s3:${name.toLowerCase()}`,
      level: LEVELS[level] ?? "permissions",
      resourceTypes,
      keys: new Set([
        ...keysOf(keys),
        ...SHARED_KEYS.toLowerCase().split(" "),
        ...resourceTypes.flatMap((type) => KEYS_OF_TYPE.get(type) ?? []),
      ]),
    };
  },
);

const BY_NAME: ReadonlyMap<string, S3Action> = new Map(S3_ACTIONS.map((action) => [action.lower, action]));

const TYPE_OF_KEY: ReadonlyMap<string, KeyType> = new Map(
  rowsOf(KEY_ROWS).map(([key = "", type = ""]) => [nameWithoutTag(key.toLowerCase()), KEY_TYPES[type] ?? "string"]),
);

/** What a reader should see first, when a list of actions is long. */
const TELLING: readonly string[] = [
  "s3:PutObject",
  "s3:DeleteObject",
  "s3:GetObject",
  "s3:ListBucket",
  "s3:PutObjectAcl",
  "s3:PutBucketPolicy",
];

/** Puts the telling actions first and keeps the rest in their order. */
export function tellingFirst<T extends { readonly action: string }>(items: readonly T[]): T[] {
  const rank = ({ action }: T): number => (TELLING.includes(action) ? TELLING.indexOf(action) : TELLING.length);
  return items.toSorted((a, b) => rank(a) - rank(b));
}

/** By name in any case, with its `s3:`. */
export function s3Action(name: string): S3Action | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** The type of a condition key; undefined for keys that are neither global nor of S3. */
export function typeOfKey(key: string): KeyType | undefined {
  return TYPE_OF_KEY.get(nameWithoutTag(key.toLowerCase()));
}

/** Whether requests for the action can carry the `s3:` key. */
export function actionHasKey(action: S3Action, key: string): boolean {
  return action.keys.has(nameWithoutTag(key.toLowerCase()));
}

/** `aws:PrincipalTag/team` is one of a family; the table has `aws:principaltag/`. */
function nameWithoutTag(key: string): string {
  const slash = key.indexOf("/");
  return slash < 0 ? key : key.slice(0, slash + 1);
}

function keysOf(text: string): string[] {
  return listOf(text).map((key) => nameWithoutTag((key.includes(":") ? key : `s3:${key}`).toLowerCase()));
}

function listOf(text: string): string[] {
  return text === "-" ? [] : text.split(",");
}

function rowsOf(text: string): string[][] {
  return text
    .trim()
    .split("\n")
    .map((row) => row.split(" "));
}
