/**
 * `s3up.config.json`: settings that a project shares. The keys are the long options in camel case; `docs/schemas/config.schema.json`
 * is made from this schema. What names one file, one URL or a secret is no setting and is not taken from here.
 */
import * as v from "valibot";
import { S3upError } from "../errors.ts";

export const configFileName = "s3up.config.json";

const text = (description: string) => v.optional(v.pipe(v.string(), v.minLength(1), v.description(description)));
const number = (description: string) =>
  v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.description(description)));
const size = (description: string) =>
  v.optional(
    v.pipe(v.union([v.string(), v.pipe(v.number(), v.safeInteger(), v.minValue(0))]), v.description(description)),
  );
const flag = (description: string) => v.optional(v.pipe(v.boolean(), v.description(description)));
const list = (description: string) => {
  const word = v.pipe(v.string(), v.minLength(1));
  return v.optional(v.pipe(v.union([word, v.array(word)]), v.description(description)));
};
const pairs = (description: string) => v.optional(v.pipe(v.record(v.string(), v.string()), v.description(description)));

/** A finding that the project has decided to live with. */
const suppression = v.strictObject({
  rule: v.pipe(v.string(), v.minLength(1), v.description("Id of the rule, such as versioning.")),
  bucket: text("Name of the bucket, with * and ? as wildcards; left out: every bucket."),
  reason: v.pipe(v.string(), v.minLength(1), v.description("Why the finding is accepted; reports show it.")),
  expires: text("The last day on which it counts, such as 2027-03-31; it is a finding afterwards."),
});
const suppressions = v.optional(
  v.pipe(v.array(suppression), v.description("Findings of s3up audit that are accepted.")),
);

/** What buckets are for, and what is known of them. The keys are the options of `s3up audit`, and what has no option. */
const auditSettings = v.strictObject({
  endpoint: text("A presign endpoint to probe as well."),
  function: text("Name or ARN of the Lambda function that signs."),
  role: text("Name or ARN of the role that signs."),
  prefix: text("Uploads go below it, such as uploads/."),
  origin: list("Web origins that may upload, such as https://app.example.com."),
  maxAge: size("Longest life of a presigned URL, such as 15m."),
  mode: v.optional(v.pipe(v.picklist(["put", "post", "multipart"]), v.description("How browsers upload."))),
  encryption: text("The encryption that buckets must have by default: AES256, aws:kms or aws:kms:dsse."),
  kmsKeyId: text("Id or ARN of the KMS key that buckets must use."),
  signedHeaders: v.optional(
    v.pipe(v.array(v.string()), v.description("Headers that the signer signs and browsers must be allowed to send.")),
  ),
  trust: list("Account ids and principal ARNs outside the account that are meant to have access."),
  publicFunctionReason: text("Why the function URL may be open to everyone."),
  failOn: v.optional(
    v.pipe(
      v.picklist(["critical", "high", "medium", "low", "info", "none"]),
      v.description("The mildest failure that counts for the exit code."),
    ),
  ),
  rule: list("Only these rules."),
  skip: list("All rules but these."),
  suppressions,
});

export const configSchema = v.strictObject({
  $schema: text("Address or path of this schema."),

  endpoint: text("The presign endpoint, ending in /presign."),
  tokenCommand: text(
    "A program that prints an access token for the endpoint. Only taken from a file named by --config.",
  ),
  auth: v.optional(v.pipe(v.picklist(["none", "token", "iam"]), v.description("How the endpoint is convinced."))),

  profile: text("Profile of the AWS config file."),
  region: text("Region of the bucket."),
  endpointUrl: text("Address of an S3 server other than AWS."),
  pathStyle: flag("Put the bucket into the path instead of the host."),
  store: text("Whose S3 it is: aws, r2, b2, minio, ceph or gcs."),

  expiresIn: size("Life of a presigned URL, such as 15m."),
  partSize: size("Size of one part, such as 16MiB."),
  multipartThreshold: size("Files of this size and more are sent in parts."),
  concurrency: number("Requests at a time, over all files; left out: as many as make it faster."),
  jobs: number("Files at a time; left out: as many as make it faster."),
  followSymlinks: flag("Follow symbolic links to directories too, with --recursive."),
  maxMemory: size("Most file content held in memory, such as 256MiB."),
  bwlimit: size("Most bytes a second over all files, such as 10MiB."),
  checksum: text("crc32, crc32c, crc64nvme, sha256, md5 or none."),
  noOverwrite: flag("Refuse when the key exists."),
  onFailure: v.optional(
    v.pipe(v.picklist(["keep", "abort"]), v.description("What becomes of an upload that fails and could be resumed.")),
  ),
  verify: flag("Ask S3 for the stored object afterwards and compare."),
  maxAttempts: number("Tries of one request."),
  stallTimeout: size("A request without progress for so long is tried again, such as 30s."),
  connectTimeout: size("Time for a connection to come about, such as 5s."),

  cacheControl: text("Cache-Control of the stored object."),
  metadata: pairs("Metadata of the stored object."),
  tag: pairs("Tags of the stored object."),
  storageClass: text("Storage class, such as INTELLIGENT_TIERING."),
  sse: text("Server-side encryption: AES256, aws:kms or aws:kms:dsse."),
  sseKmsKeyId: text("Key of the server-side encryption."),
  sseKmsContext: pairs("Encryption context of the server-side encryption, with aws:kms."),
  sseBucketKey: flag("Use the bucket's own data key, with aws:kms."),
  expectedBucketOwner: text("Account that the bucket must belong to."),

  suppressions,

  quiet: flag("Show nothing but errors and results."),
  noProgress: flag("Show no progress."),

  audit: v.optional(auditSettings),
});
export type S3upConfig = v.InferOutput<typeof configSchema>;

/** The names of all settings, `$schema` aside. */
export const configKeys: readonly string[] = Object.keys(configSchema.entries).filter((key) => key !== "$schema");

/** The names of the settings of `s3up audit` alone. */
export const auditConfigKeys: readonly string[] = Object.keys(auditSettings.entries);

export interface ConfigOrigin {
  readonly path: string;
  /** True when the user named the file; false when it was found. */
  readonly named: boolean;
}

/** @throws S3upError CONFIG_INVALID */
export function parseConfig(source: string, origin: ConfigOrigin): S3upConfig {
  const document = parseJson(source, origin.path);
  if (Array.isArray(document)) throw invalid(origin.path, "It is a list, not an object");
  const parsed = v.safeParse(configSchema, document);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw invalid(origin.path, describeIssue(issue), undefined, hintFor(issue));
  }
  if (parsed.output.tokenCommand !== undefined && !origin.named) {
    throw new S3upError("CONFIG_INVALID", `${origin.path} sets tokenCommand.`, {
      why: "It runs a program, so it is not taken from a file that merely lies in a directory above.",
      hint: `Name the file with --config ${origin.path}, or set S3UP_TOKEN_COMMAND.`,
    });
  }
  return parsed.output;
}

function parseJson(source: string, path: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw invalid(path, "It is not JSON", cause);
  }
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const key = v.getDotPath(issue) ?? "the document";
  if (issue.type === "strict_object" && issue.expected === "never") return `There is no setting "${key}"`;
  if (issue.type === "strict_object" && issue.received === "undefined") return `"${key}" is missing`;
  if (issue.type === "min_length") return `"${key}" is empty`;
  return `"${key}" should be ${issue.expected ?? "another value"} and is ${issue.received}`;
}

function invalid(path: string, what: string, cause?: unknown, hint = allSettings()): S3upError {
  return new S3upError("CONFIG_INVALID", `${path} cannot be used.`, {
    why: `${what}.`,
    hint,
    cause,
  });
}

function allSettings(): string {
  return `The settings are: ${configKeys.join(", ")}.`;
}

/** The members of the object in which the mistake is. */
function hintFor(issue: v.BaseIssue<unknown>): string {
  const places = (issue.path ?? []).map(({ key }) => String(key));
  if (places.includes("suppressions")) {
    return `The settings of a suppression are: ${Object.keys(suppression.entries).join(", ")}.`;
  }
  if (places[0] !== "audit") return allSettings();
  return `The settings of audit are: ${Object.keys(auditSettings.entries).join(", ")}.`;
}
