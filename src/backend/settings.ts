/**
 * The environment variables of the backend. One table: the values are read with it and the table in `docs/backend-settings.md`
 * is written from it.
 */
import { S3upError } from "../errors.ts";
import type { ChecksumAlgorithm } from "../protocol/messages.ts";
import type { GrantMode, SigningLimits } from "../signing/grant.ts";
import { S3_LIMITS } from "../signing/part-layout.ts";
import {
  bucketName,
  bytesBetween,
  contentTypePattern,
  keyPrefix,
  kmsKeyArn,
  listOf,
  numberBetween,
  oneOf,
  secret,
  yesOrNo,
} from "./setting-values.ts";

export interface BackendSettings extends SigningLimits {
  readonly bucket: string;
  /** Most parts that one call signs. */
  readonly maxBatch: number;
  /** `none`: anyone who reaches the endpoint; otherwise the gateway has verified a subject. */
  readonly auth: "none" | "jwt" | "iam";
  /** The first signs upload tokens, all verify them; empty where multipart is not offered, or `tokenKey` gives them. */
  readonly tokenSecrets: readonly string[];
  /** Where the secrets are derived from when the function starts (`token-key.ts`). */
  readonly tokenKey: TokenKey | undefined;
  /** Seconds. */
  readonly tokenLife: number;
  /** A create with a known `clientToken` continues the earlier upload; needs `s3:ListBucketMultipartUploads`. */
  readonly idempotentCreate: boolean;
}

export interface TokenKey {
  readonly arn: string;
  /** From 1; the one before is still accepted. */
  readonly generation: number;
}

/** Computed by every browser and by `zlib`; the first is the one that a client should prefer. */
const putChecksums: readonly ChecksumAlgorithm[] = ["SHA256", "CRC32"];
/** A URL that lives longer outlives the reason for which it was given out. */
const MAX_EXPIRY = 12 * 60 * 60;

export interface Setting<T> {
  readonly name: string;
  /** As it would be written in the environment; undefined: there is none. */
  readonly fallback: string | undefined;
  readonly required: boolean;
  /** Unit or form of the value. */
  readonly unit: string;
  readonly meaning: string;
  readonly parse: (text: string) => T;
}

const required = <T>(name: string, unit: string, meaning: string, parse: (text: string) => T): Setting<T> => ({
  name,
  unit,
  meaning,
  parse,
  fallback: undefined,
  required: true,
});
const optional = <T>(
  name: string,
  fallback: string | undefined,
  unit: string,
  meaning: string,
  parse: (text: string) => T,
): Setting<T> => ({ name, fallback, unit, meaning, parse, required: false });

const modes: readonly GrantMode[] = ["put", "post", "multipart"];

/** The whole list, in the order of the documentation. */
export const settingTable = {
  bucket: required("BUCKET", "name or access point ARN", "The bucket that takes the uploads.", bucketName),
  auth: required(
    "AUTH",
    "`none`, `jwt`, `iam`",
    "How the gateway in front verifies its callers. `none` lets anyone upload and belongs behind throttling.",
    oneOf(["none", "jwt", "iam"]),
  ),
  keyPrefix: optional(
    "KEY_PREFIX",
    "uploads",
    "path",
    "Every key begins with it; the role is limited to it.",
    keyPrefix,
  ),
  modes: optional("MODES", modes.join(","), "list", "The ways to upload that are offered.", listOf(oneOf(modes))),
  maxSize: optional(
    "MAX_SIZE",
    "5GiB",
    "bytes, or with KiB … TiB",
    "Largest object.",
    bytesBetween(1, S3_LIMITS.maxObjectSize),
  ),
  multipartThreshold: optional(
    "MULTIPART_THRESHOLD",
    "16MiB",
    "bytes, or with KiB … TiB",
    "From this size on, mode `auto` answers with a multipart upload.",
    bytesBetween(1, S3_LIMITS.maxSinglePut),
  ),
  partSize: optional(
    "PART_SIZE",
    "16MiB",
    "bytes, or with KiB … TiB",
    "Size of a part where the client wishes none; huge files get larger parts.",
    bytesBetween(S3_LIMITS.minPartSize, S3_LIMITS.maxPartSize),
  ),
  maxBatch: optional("MAX_BATCH", "200", "parts", "Most parts that one call signs.", numberBetween(1, 1000, "parts")),
  expiresInDefault: optional(
    "EXPIRES_IN_DEFAULT",
    "300",
    "seconds",
    "Life of a signed URL where the client asks for none.",
    numberBetween(1, MAX_EXPIRY, "seconds"),
  ),
  expiresInMax: optional(
    "EXPIRES_IN_MAX",
    "900",
    "seconds",
    "Longest life that a client can ask for.",
    numberBetween(1, MAX_EXPIRY, "seconds"),
  ),
  contentTypes: optional(
    "ALLOWED_CONTENT_TYPES",
    "*/*",
    "list",
    "Media types, or patterns such as `image/*`. Types that a browser would run (HTML, SVG, XML, JavaScript) are allowed only by their own name.",
    listOf(contentTypePattern),
  ),
  requireSize: optional(
    "REQUIRE_SIZE",
    "false",
    "`true`, `false`",
    "Refuse requests without an exact size, such as the short form `{fileName, contentType}`.",
    yesOrNo,
  ),
  overwrite: optional(
    "OVERWRITE",
    "never",
    "`never`, `allowed`",
    "Whether a client may ask for a URL that can be used more than once.",
    oneOf(["never", "allowed"]),
  ),
  tokenSecret: optional(
    "TOKEN_SECRET",
    undefined,
    "32 characters or more",
    "Signs upload tokens; this or TOKEN_KEY is needed where MODES has `multipart`.",
    secret,
  ),
  tokenSecretPrevious: optional(
    "TOKEN_SECRET_PREVIOUS",
    undefined,
    "32 characters or more",
    "Still accepted, so that a rotation ends no upload that is under way.",
    secret,
  ),
  tokenKey: optional(
    "TOKEN_KEY",
    undefined,
    "ARN of an HMAC key in KMS",
    "Instead of TOKEN_SECRET, in Lambda only: the secret is derived with this key at each start and stands nowhere. The role needs `kms:GenerateMac` on it.",
    kmsKeyArn,
  ),
  tokenKeyGeneration: optional(
    "TOKEN_KEY_GENERATION",
    "1",
    "number",
    "One more is a new secret from the same TOKEN_KEY; tokens of the generation before are still accepted.",
    numberBetween(1, 1_000_000, ""),
  ),
  tokenLife: optional(
    "TOKEN_LIFE",
    "86400",
    "seconds",
    "How long a multipart upload can be continued.",
    numberBetween(60, 7 * 86_400, "seconds"),
  ),
  idempotentCreate: optional(
    "IDEMPOTENT_CREATE",
    "false",
    "`true`, `false`",
    "Continue the upload that an earlier request with the same `clientToken` began. Needs TOKEN_SECRET or TOKEN_KEY, and `s3:ListBucketMultipartUploads` on the bucket.",
    yesOrNo,
  ),
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws S3upError CONFIG_INVALID naming every bad variable, never the value of a secret */
export function backendSettings(env: Environment): BackendSettings {
  const faults: string[] = [];
  const values = readTable(env, faults);
  const tokenSecrets = [values.tokenSecret, values.tokenSecretPrevious].filter((text) => text !== undefined);
  faults.push(...contradictions(values));
  if (faults.length > 0) throw invalid(faults);

  const { expiresInDefault, expiresInMax, tokenSecret, tokenSecretPrevious, tokenKeyGeneration, ...rest } = values;
  const tokenKey = values.tokenKey === undefined ? undefined : { arn: values.tokenKey, generation: tokenKeyGeneration };
  return { ...rest, expiresIn: { default: expiresInDefault, max: expiresInMax }, putChecksums, tokenSecrets, tokenKey };
}

type Table = typeof settingTable;
/** What was read; a value with a fault is missing, which is never seen because the faults are thrown first. */
type Values = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer T>
    ? Name extends "tokenSecret" | "tokenSecretPrevious" | "tokenKey"
      ? T | undefined
      : T
    : never;
};

function readTable(env: Environment, faults: string[]): Values {
  const entries = Object.entries(settingTable).map(([name, setting]) => [name, readOne(setting, env, faults)]);
  return Object.fromEntries(entries) as Values;
}

function readOne(setting: Setting<unknown>, env: Environment, faults: string[]): unknown {
  // An empty variable is how a deployment tool writes one that is not set.
  const text = env[setting.name] || setting.fallback;
  if (text === undefined) {
    if (setting.required) faults.push(`${setting.name} is missing (${setting.unit})`);
    return undefined;
  }
  try {
    return setting.parse(text);
  } catch (error) {
    faults.push(`${setting.name} ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function contradictions(values: Values): readonly string[] {
  const { expiresInDefault, expiresInMax, tokenSecret, tokenSecretPrevious, tokenKey } = values;
  const isSecretMissing = tokenSecret === undefined && tokenKey === undefined;
  return [
    expiresInDefault > expiresInMax && "EXPIRES_IN_DEFAULT is more than EXPIRES_IN_MAX",
    isSecretMissing && values.modes?.includes("multipart") && "TOKEN_SECRET is missing (MODES has multipart)",
    isSecretMissing && values.idempotentCreate && "TOKEN_SECRET is missing (IDEMPOTENT_CREATE needs it)",
    tokenKey !== undefined &&
      (tokenSecret ?? tokenSecretPrevious) !== undefined &&
      "TOKEN_KEY is set beside a TOKEN_SECRET; one of them signs",
    tokenSecretPrevious !== undefined &&
      tokenSecretPrevious === tokenSecret &&
      "TOKEN_SECRET_PREVIOUS is the same as TOKEN_SECRET",
  ].filter((fault) => typeof fault === "string");
}

function invalid(faults: readonly string[]): S3upError {
  return new S3upError("CONFIG_INVALID", "The settings of the presign backend cannot be used.", {
    why: `${faults.join("; ")}.`,
    hint: "Every variable is listed in docs/backend-settings.md.",
  });
}
