/** What a user can say about an object, as the headers of the request that creates it. */
import { S3upError } from "../errors.ts";

export const storageClasses = [
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "GLACIER_IR",
  "DEEP_ARCHIVE",
  "OUTPOSTS",
  "SNOW",
  "EXPRESS_ONEZONE",
] as const;
export type StorageClass = (typeof storageClasses)[number];

export const cannedAcls = [
  "private",
  "public-read",
  "public-read-write",
  "authenticated-read",
  "aws-exec-read",
  "bucket-owner-read",
  "bucket-owner-full-control",
] as const;
export type CannedAcl = (typeof cannedAcls)[number];

export type Encryption =
  | { readonly kind: "AES256" }
  /** Without `keyId` the AWS managed key is used. */
  | {
      readonly kind: "aws:kms" | "aws:kms:dsse";
      readonly keyId?: string | undefined;
      /** What the key's policy and log see of the object; S3 adds its ARN. */
      readonly context?: Readonly<Record<string, string>> | undefined;
      /** True: one key of the bucket for many objects, which costs fewer calls of KMS. */
      readonly bucketKey?: boolean | undefined;
    };

/** Who is given what besides the owner, in S3's words: `id="…"`, `uri="…"`, `emailAddress="…"`. */
export interface Grants {
  readonly read?: string | undefined;
  readonly readacl?: string | undefined;
  readonly writeacl?: string | undefined;
  readonly full?: string | undefined;
}

export interface ObjectOptions {
  readonly contentType?: string | undefined;
  readonly cacheControl?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
  /** Names in any case: S3 keeps them in lower case. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly storageClass?: StorageClass | undefined;
  readonly encryption?: Encryption | undefined;
  readonly acl?: CannedAcl | undefined;
  readonly grants?: Grants | undefined;
}

const options: Readonly<Record<string, string>> = {
  "content-type": "--content-type",
  "cache-control": "--cache-control",
  "content-disposition": "--content-disposition",
  "content-encoding": "--content-encoding",
  "content-language": "--content-language",
  "x-amz-storage-class": "--storage-class",
  "x-amz-tagging": "--tag",
  "x-amz-acl": "--acl",
  "x-amz-server-side-encryption": "--sse",
  "x-amz-server-side-encryption-aws-kms-key-id": "--sse-kms-key-id",
  "x-amz-server-side-encryption-context": "--sse-kms-context",
  "x-amz-server-side-encryption-bucket-key-enabled": "--sse-bucket-key",
  "x-amz-grant-read": "--grants",
  "x-amz-grant-read-acp": "--grants",
  "x-amz-grant-write-acp": "--grants",
  "x-amz-grant-full-control": "--grants",
};

/** The option that sets a header; undefined for one that no option sets. */
export function optionOfHeader(header: string): string | undefined {
  return header.startsWith("x-amz-meta-") ? "--metadata" : options[header];
}

/** S3 counts names and values of user metadata together. */
const MAX_METADATA_BYTES = 2048;
const MAX_TAGS = 10;
const MAX_TAG_NAME = 128;
const MAX_TAG_VALUE = 256;

/** @throws S3upError USAGE for what S3 would refuse, or would store other than written */
export function objectHeaders(options: ObjectOptions): Readonly<Record<string, string>> {
  return withoutUndefined({
    "content-type": plain("--content-type", options.contentType),
    "cache-control": plain("--cache-control", options.cacheControl),
    "content-disposition": plain("--content-disposition", options.contentDisposition),
    "content-encoding": plain("--content-encoding", options.contentEncoding),
    "content-language": plain("--content-language", options.contentLanguage),
    "x-amz-storage-class": options.storageClass,
    "x-amz-acl": options.acl,
    "x-amz-grant-read": plain("--grants", options.grants?.read),
    "x-amz-grant-read-acp": plain("--grants", options.grants?.readacl),
    "x-amz-grant-write-acp": plain("--grants", options.grants?.writeacl),
    "x-amz-grant-full-control": plain("--grants", options.grants?.full),
    "x-amz-tagging": tagging(options.tags),
    ...encryptionHeaders(options.encryption),
    ...metadataHeaders(options.metadata ?? {}),
  });
}

/** @throws S3upError USAGE */
export function metadataHeaders(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  let bytes = 0;
  for (const [written, value] of Object.entries(metadata)) {
    const name = written.toLowerCase();
    if (!/^[a-z0-9][a-z0-9_.-]*$/.test(name))
      throw badMetadata(`The metadata name "${shown(written)}" cannot be sent.`);
    if (headers[`x-amz-meta-${name}`] !== undefined) throw badMetadata(`The metadata name "${name}" is there twice.`);
    headers[`x-amz-meta-${name}`] = plain("--metadata", value) ?? "";
    bytes += name.length + value.length;
  }
  if (bytes > MAX_METADATA_BYTES) {
    throw badMetadata(`The metadata has ${bytes} bytes; S3 takes ${MAX_METADATA_BYTES}.`);
  }
  return headers;
}

function badMetadata(message: string): S3upError {
  return new S3upError("USAGE", message, {
    why: "User metadata travels in headers: names of a-z, 0-9, '-', '_' and '.', values of printable ASCII, 2 KiB in all.",
    hint: "Write --metadata name=value; encode other characters, for instance with percent signs.",
  });
}

function tagging(tags: Readonly<Record<string, string>> | undefined): string | undefined {
  const entries = Object.entries(tags ?? {});
  if (entries.length === 0) return undefined;
  const bad = entries.find(([name, value]) => !isTag(name, MAX_TAG_NAME, 1) || !isTag(value, MAX_TAG_VALUE, 0));
  if (bad !== undefined || entries.length > MAX_TAGS) {
    const what =
      bad === undefined ? `${entries.length} tags are too many.` : `The tag "${shown(bad[0])}" cannot be set.`;
    throw new S3upError("USAGE", what, {
      why: "S3 takes 10 tags; names have 1 to 128 and values up to 256 letters, digits, spaces and + - = . _ : / @, no name begins with aws:.",
      hint: "Write --tag name=value.",
    });
  }
  return entries.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
}

function isTag(text: string, longest: number, shortest: number): boolean {
  const length = [...text].length;
  return length >= shortest && length <= longest && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text) && !/^aws:/i.test(text);
}

function encryptionHeaders(encryption: Encryption | undefined): Readonly<Record<string, string | undefined>> {
  if (encryption === undefined) return {};
  const { kind } = encryption;
  if (kind === "AES256") return { "x-amz-server-side-encryption": kind };
  const { keyId, context, bucketKey } = encryption;
  return {
    "x-amz-server-side-encryption": kind,
    "x-amz-server-side-encryption-aws-kms-key-id": plain("--sse-kms-key-id", keyId),
    "x-amz-server-side-encryption-context":
      context === undefined ? undefined : Buffer.from(JSON.stringify(context)).toString("base64"),
    "x-amz-server-side-encryption-bucket-key-enabled": bucketKey === undefined ? undefined : String(bucketKey),
  };
}

/** A header value that arrives as it was sent: HTTP trims its ends and has no characters beyond ASCII. */
function plain(flag: string, value: string | undefined): string | undefined {
  if (value === undefined || /^$|^[!-~](?:[ -~]*[!-~])?$/.test(value)) return value;
  throw new S3upError("USAGE", `The value of ${flag} cannot be sent in a header.`, {
    why: "It has a character that is not printable ASCII, or a space at its beginning or end.",
    hint: "Encode such characters, for instance with percent signs.",
  });
}

function shown(text: string): string {
  return text.replace(/[^ -~]/g, "?").slice(0, 60);
}

function withoutUndefined(headers: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
