import { type Command, Option } from "commander";
import { S3upError } from "../errors.ts";
import { cannedAcls, type Encryption, type ObjectOptions, storageClasses } from "../signing/upload-headers.ts";
import { oneOf, parseGrant, parsePairs } from "./option-types.ts";

export interface ObjectFlags {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tag?: Readonly<Record<string, string>>;
  readonly storageClass?: ObjectOptions["storageClass"];
  readonly sse?: Encryption["kind"];
  readonly sseKmsKeyId?: string;
  readonly sseKmsContext?: Readonly<Record<string, string>>;
  readonly sseBucketKey?: boolean;
  readonly acl?: ObjectOptions["acl"];
  readonly grants?: ObjectOptions["grants"];
}

const group = "The stored object:";
const encryptions = ["AES256", "aws:kms", "aws:kms:dsse"] as const;

/** What is stored with the bytes; the names are those of `aws s3 cp`. */
export function addObjectOptions(command: Command): Command {
  const options = [
    new Option("--content-type <type>", "media type (default: by the file's extension)"),
    new Option("--cache-control <text>", "Cache-Control of later downloads"),
    new Option("--content-disposition <text>", "Content-Disposition of later downloads"),
    new Option("--content-encoding <text>", "Content-Encoding of later downloads"),
    new Option("--content-language <text>", "Content-Language of later downloads"),
    new Option("--metadata <key=value,…>", "user metadata; may be repeated").argParser(parsePairs),
    new Option("--tag <key=value,…>", "tags; may be repeated").argParser(parsePairs),
    new Option("--storage-class <class>", "such as STANDARD_IA").argParser(oneOf(storageClasses)),
    new Option("--sse <kind>", "encryption: AES256, aws:kms or aws:kms:dsse").argParser(oneOf(encryptions)),
    new Option("--sse-kms-key-id <key>", "KMS key, with --sse aws:kms"),
    new Option("--sse-kms-context <key=value,…>", "encryption context, with --sse aws:kms").argParser(parsePairs),
    new Option("--sse-bucket-key", "use the bucket's own data key, with --sse aws:kms"),
    new Option(
      "--grants <permission=grantee>",
      "read, readacl, writeacl or full to id=…, uri=… or emailaddress=…; may be repeated",
    ).argParser(parseGrant),
    new Option("--acl <name>", "canned ACL, for buckets that still have ACLs").argParser(oneOf(cannedAcls)),
  ];
  for (const option of options) command.addOption(option.helpGroup(group));
  return command;
}

/** @throws S3upError USAGE for a key id without KMS encryption */
export function objectOptions(flags: ObjectFlags): ObjectOptions {
  return {
    contentType: flags.contentType,
    cacheControl: flags.cacheControl,
    contentDisposition: flags.contentDisposition,
    contentEncoding: flags.contentEncoding,
    contentLanguage: flags.contentLanguage,
    metadata: flags.metadata,
    tags: flags.tag,
    storageClass: flags.storageClass,
    encryption: encryptionOf(flags),
    acl: flags.acl,
    grants: flags.grants,
  };
}

/** The flags that were used, as they are written; for modes in which none of them can be honoured. */
export function usedObjectFlags(flags: ObjectFlags): readonly string[] {
  const names: Readonly<Record<keyof ObjectFlags, string>> = {
    contentType: "--content-type",
    cacheControl: "--cache-control",
    contentDisposition: "--content-disposition",
    contentEncoding: "--content-encoding",
    contentLanguage: "--content-language",
    metadata: "--metadata",
    tag: "--tag",
    storageClass: "--storage-class",
    sse: "--sse",
    sseKmsKeyId: "--sse-kms-key-id",
    sseKmsContext: "--sse-kms-context",
    sseBucketKey: "--sse-bucket-key",
    acl: "--acl",
    grants: "--grants",
  };
  return Object.entries(names).flatMap(([key, name]) => (flags[key as keyof ObjectFlags] === undefined ? [] : [name]));
}

function encryptionOf({ sse, sseKmsKeyId, sseKmsContext, sseBucketKey }: ObjectFlags): Encryption | undefined {
  const ofKms = {
    "--sse-kms-key-id": sseKmsKeyId,
    "--sse-kms-context": sseKmsContext,
    "--sse-bucket-key": sseBucketKey,
  };
  const [unfit] = Object.entries(ofKms).find(([, value]) => value !== undefined) ?? [];
  if (unfit !== undefined && (sse === undefined || sse === "AES256")) {
    throw new S3upError("USAGE", `${unfit} needs --sse aws:kms.`, {
      why: sse === undefined ? "Without --sse the bucket's own encryption is used." : "AES256 has no key to choose.",
      hint: `Add --sse aws:kms, or leave ${unfit} out.`,
    });
  }
  if (sse === undefined) return undefined;
  if (sse === "AES256") return { kind: sse };
  return { kind: sse, keyId: sseKmsKeyId, context: sseKmsContext, bucketKey: sseBucketKey };
}
