/**
 * What a bucket is for, put together: first what the user said, then what the signer's environment says, then what s3up itself
 * does by default.
 */
import { S3upError } from "../errors.ts";
import { uploadGrants } from "../policy/excess.ts";
import type { Intent } from "./intent.ts";
import { isOwnBackend } from "./own-backend.ts";
import { askedBucket } from "./partition.ts";
import type { BucketSnapshot } from "./snapshot.ts";

/** What flags and `s3up.config.json` say; what is left out was not said. */
export interface IntentOptions {
  readonly prefix?: string | undefined;
  readonly maxAgeSeconds?: number | undefined;
  readonly origins?: readonly string[] | undefined;
  readonly mode?: NonNullable<Intent["mode"]> | undefined;
  readonly signedHeaders?: readonly string[] | undefined;
  readonly trustedPrincipals?: readonly string[] | undefined;
  readonly encryption?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly objectLock?: boolean | undefined;
  readonly publicFunctionReason?: string | undefined;
}

export const defaultPrefix = "uploads/";
export const defaultMaxAgeSeconds = 900;

/** @throws S3upError USAGE for a prefix, an origin or an encryption that cannot be one */
export function intentFrom(options: IntentOptions, { arn, facets }: Pick<BucketSnapshot, "arn" | "facets">): Intent {
  const signer = facets.signer.state === "present" ? facets.signer.value.function : undefined;
  const environment = signer?.environment ?? {};
  const origins = (options.origins ?? []).map(originOf);
  const prefix = options.prefix === undefined ? prefixOfSigner(environment) : prefixOf(options.prefix);
  const { encryption, kmsKeyId } = options;
  refuseUnknownAlgorithm(encryption);
  return {
    prefix,
    maxAgeSeconds: options.maxAgeSeconds ?? defaultMaxAgeSeconds,
    origins,
    // a signer offers its modes to any client; that browsers use them is known from their origins only
    mode: options.mode ?? (origins.length > 0 ? modeOfSigner(environment) : undefined),
    signedHeaders: (options.signedHeaders ?? headersOfSigner(environment)).map((header) => header.toLowerCase()),
    wanted: [...uploadGrants(askedBucket(arn), prefix), ...keyGrants(encryption, kmsKeyId, arn)],
    trustedPrincipals: options.trustedPrincipals ?? [],
    encryption,
    kmsKeyId,
    objectLock: options.objectLock ?? false,
    publicFunctionReason: options.publicFunctionReason,
  };
}

/** `uploads`, `uploads/` and `/uploads/` are the same prefix; an empty one is the whole bucket. */
function prefixOf(text: string): string {
  const prefix = text.replace(/^\/+|\/+$/g, "");
  if (prefix === "") return "";
  const isSafe = prefix.split("/").every((part) => /^[\p{L}\p{N}!_.() @=+,:&-]+$/u.test(part) && !/^\.+$/.test(part));
  if (isSafe) return `${prefix}/`;
  throw new S3upError("USAGE", `"${text}" cannot be the prefix of uploads.`, {
    why: "It has an empty, . or .. part, or a character that a policy or a shell reads in its own way.",
    hint: "Write the prefix as it stands in keys, such as uploads/ or team/incoming/.",
  });
}

function originOf(text: string): string {
  const origin = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = origin !== undefined && /^https?:$/.test(origin.protocol) && !text.includes("*");
  if (isWeb && origin.pathname === "/" && origin.search === "" && origin.hash === "" && origin.username === "") {
    return origin.origin;
  }
  throw new S3upError("USAGE", `"${text}" is no web origin.`, {
    why: "An origin is a scheme, a host and perhaps a port, without a path or a wildcard.",
    hint: "Write it as the browser sends it, such as https://app.example.com.",
  });
}

const algorithms = ["AES256", "aws:kms", "aws:kms:dsse"];

function refuseUnknownAlgorithm(encryption: string | undefined): void {
  if (encryption === undefined || algorithms.includes(encryption)) return;
  throw new S3upError("USAGE", `"${encryption}" is no encryption that a bucket can have by default.`, {
    why: `S3 knows ${algorithms.join(", ")}.`,
    hint: "Leave it out where any will do.",
  });
}

type Environment = Readonly<Record<string, string>>;

function prefixOfSigner({ KEY_PREFIX }: Environment): string {
  const prefix = KEY_PREFIX?.replace(/^\/+|\/+$/g, "");
  return prefix === undefined || prefix === "" ? defaultPrefix : `${prefix}/`;
}

/** The mode that asks most of the bucket, of those that the backend offers. */
function modeOfSigner(environment: Environment): Intent["mode"] {
  if (!isOwnBackend(environment)) return undefined;
  const modes = (environment.MODES ?? "multipart").split(",").map((mode) => mode.trim());
  return (["multipart", "put", "post"] as const).find((mode) => modes.includes(mode));
}

/** Every browser sends the type of what it uploads; s3up's backend signs a checksum and a condition besides. */
function headersOfSigner(environment: Environment): readonly string[] {
  if (!isOwnBackend(environment)) return ["content-type"];
  return ["content-type", "if-none-match", "x-amz-checksum-crc32", "x-amz-checksum-sha256"];
}

/** To write with a KMS key takes GenerateDataKey; to put parts together, Decrypt. */
function keyGrants(encryption: string | undefined, keyId: string | undefined, arn: string): Intent["wanted"] {
  if (!encryption?.startsWith("aws:kms")) return [];
  const resource = keyId?.startsWith("arn:") ? keyId : `arn:${askedBucket(arn).partition}:kms:*:*:key/${keyId ?? "*"}`;
  return ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => ({ action, resource }));
}
