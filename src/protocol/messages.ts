/**
 * The JSON of `s3up-presign/1`: what a client and a presign endpoint say to each other.
 * These schemas are the one definition: the backend and the clients parse with them, the types and
 * `docs/protocol/*.schema.json` are derived from them. The rules in words stand in `docs/protocol.md`.
 *
 * Unknown members are ignored by both sides, so that either can be newer than the other.
 */
import * as v from "valibot";

const positiveInteger = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const byteCount = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const base64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]+={0,2}$/, "is not base64"), v.maxLength(88));
const stringMap = v.record(v.string(), v.string());

export const checksumAlgorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

export const checksumSchema = v.object({ algorithm: v.picklist(checksumAlgorithms), value: base64 });
export type Checksum = v.InferOutput<typeof checksumSchema>;

/** A request that is already signed: the sender sends exactly these headers, plus host and content-length. */
export const signedRequestSchema = v.object({
  method: v.picklist(["GET", "HEAD", "PUT", "POST", "DELETE"]),
  url: v.string(),
  headers: stringMap,
  /** Bytes of the body when the length is signed. */
  contentLength: v.optional(byteCount),
  /** Seconds for which the URL is good, counted from the moment of the answer. */
  expiresIn: positiveInteger,
});
export type SignedRequest = v.InferOutput<typeof signedRequestSchema>;

export const uploadModes = ["auto", "put", "post", "multipart"] as const;

// ── GET /presign ────────────────────────────────────────────────────────────────────────────────────────────

export const capabilitiesSchema = v.object({
  v: v.literal(1),
  service: v.literal("s3up-presign"),
  modes: v.array(v.string()),
  /** Largest object in bytes. */
  maxSize: positiveInteger,
  /** From this many bytes on `auto` answers with a multipart upload. */
  multipartThreshold: positiveInteger,
  partSize: v.object({ min: positiveInteger, default: positiveInteger, max: positiveInteger }),
  /** Most parts that one call signs. */
  maxBatch: positiveInteger,
  /** Life of a URL in seconds. */
  expiresIn: v.object({ default: positiveInteger, max: positiveInteger }),
  contentTypes: v.array(v.string()),
  checksums: v.object({ put: v.array(v.string()), multipart: v.array(v.string()) }),
  overwrite: v.string(),
  auth: v.picklist(["none", "jwt", "iam"]),
  region: v.string(),
  /** True when a second create with the same `clientToken` continues the first. */
  idempotentCreate: v.optional(v.boolean(), false),
});
export type Capabilities = v.InferOutput<typeof capabilitiesSchema>;

// ── POST /presign ───────────────────────────────────────────────────────────────────────────────────────────

/** The article's own two members; the size is not bounded here. */
export const articleRequestSchema = v.object({ fileName: v.string(), contentType: v.string() });

export const uploadRequestSchema = v.object({
  v: v.literal(1),
  mode: v.optional(v.picklist(uploadModes), "auto"),
  fileName: v.string(),
  contentType: v.string(),
  /** Exact bytes of the file. */
  size: v.optional(byteCount),
  checksum: v.optional(checksumSchema),
  overwrite: v.optional(v.boolean(), false),
  metadata: v.optional(stringMap, {}),
  /** Seconds; the server may cut it. */
  expiresIn: v.optional(positiveInteger),
  /** Wish of the client in bytes; the server decides. Multipart only. */
  partSize: v.optional(positiveInteger),
  /** Bounds of a form upload (mode post) in bytes. */
  maxSize: v.optional(positiveInteger),
  clientToken: v.optional(v.pipe(v.string(), v.minLength(8), v.maxLength(128))),
});
export type UploadRequest = v.InferOutput<typeof uploadRequestSchema>;

const common = {
  v: v.literal(1),
  bucket: v.string(),
  key: v.string(),
  expiresIn: positiveInteger,
  /** Informational only: clocks differ. */
  expiresAt: v.string(),
  serverTime: v.string(),
  region: v.string(),
};

export const putAnswerSchema = v.object({
  ...common,
  mode: v.literal("put"),
  uploadUrl: v.string(),
  method: v.literal("PUT"),
  headers: stringMap,
  contentLength: v.optional(byteCount),
  signedHeaders: v.array(v.string()),
  /** True when `if-none-match: *` is signed, so that a second use gets 412. */
  oneTime: v.boolean(),
});
export type PutAnswer = v.InferOutput<typeof putAnswerSchema>;

export const postAnswerSchema = v.object({
  ...common,
  mode: v.literal("post"),
  uploadUrl: v.string(),
  method: v.literal("POST"),
  /** Form fields in the order in which they must be sent, before the file. */
  fields: stringMap,
  fileField: v.literal("file"),
  minSize: byteCount,
  maxSize: positiveInteger,
});
export type PostAnswer = v.InferOutput<typeof postAnswerSchema>;

// ── POST /presign/multipart… ────────────────────────────────────────────────────────────────────────────────

const partNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(10_000));

export const signedPartSchema = v.object({
  partNumber,
  ...signedRequestSchema.entries,
  contentLength: positiveInteger,
});
export type SignedPart = v.InferOutput<typeof signedPartSchema>;

export const multipartAnswerSchema = v.object({
  ...common,
  mode: v.literal("multipart"),
  uploadId: v.string(),
  /** Bearer credential of this upload; every later call names it. */
  uploadToken: v.string(),
  tokenExpiresIn: positiveInteger,
  partSize: positiveInteger,
  partCount: v.pipe(positiveInteger, v.maxValue(10_000)),
  lastPartSize: positiveInteger,
  checksum: v.object({ algorithm: v.picklist(checksumAlgorithms), type: v.picklist(["FULL_OBJECT", "COMPOSITE"]) }),
  maxBatch: positiveInteger,
  parts: v.array(signedPartSchema),
  /** True when an earlier create with the same `clientToken` is continued. */
  resumed: v.boolean(),
});
export type MultipartAnswer = v.InferOutput<typeof multipartAnswerSchema>;

export const uploadAnswerSchema = v.variant("mode", [putAnswerSchema, postAnswerSchema, multipartAnswerSchema]);

export const partsRequestSchema = v.object({
  v: v.optional(v.literal(1), 1),
  uploadToken: v.string(),
  parts: v.pipe(v.array(v.object({ partNumber, checksum: v.optional(base64) })), v.minLength(1)),
});
export const problemSchema = v.object({
  error: v.string(),
  message: v.string(),
  field: v.optional(v.string()),
  limit: v.optional(v.number()),
  retryable: v.optional(v.boolean(), false),
  requestId: v.optional(v.string()),
  s3Code: v.optional(v.string()),
});
/** The body of every error answer. */
export type Problem = v.InferOutput<typeof problemSchema>;

export const partsAnswerSchema = v.object({
  parts: v.array(signedPartSchema),
  errors: v.array(v.object({ partNumber, ...problemSchema.entries })),
});

export type PartsAnswer = v.InferOutput<typeof partsAnswerSchema>;

export const listRequestSchema = v.object({ uploadToken: v.string(), marker: v.optional(byteCount) });
export const listedPartSchema = v.object({
  partNumber,
  size: byteCount,
  etag: v.string(),
  checksum: v.optional(base64),
});
export type ListedPart = v.InferOutput<typeof listedPartSchema>;
export const listAnswerSchema = v.object({
  parts: v.array(listedPartSchema),
  nextMarker: v.optional(byteCount),
  state: v.picklist(["open", "completed", "gone"]),
});
export type ListAnswer = v.InferOutput<typeof listAnswerSchema>;

export const completedPartSchema = v.object({ partNumber, etag: v.string(), checksum: v.optional(base64) });
export type CompletedPart = v.InferOutput<typeof completedPartSchema>;
export const completeRequestSchema = v.object({
  uploadToken: v.string(),
  parts: v.pipe(v.array(completedPartSchema), v.minLength(1), v.maxLength(10_000)),
  checksum: v.optional(checksumSchema),
  /** `client`: answer with a presigned complete request; `server`: complete it there. */
  via: v.optional(v.picklist(["client", "server"]), "client"),
});
export const completeViaClientAnswerSchema = v.object({
  v: v.literal(1),
  key: v.string(),
  bucket: v.string(),
  request: signedRequestSchema,
});
export type CompleteViaClientAnswer = v.InferOutput<typeof completeViaClientAnswerSchema>;
export const completedAnswerSchema = v.object({
  v: v.literal(1),
  bucket: v.string(),
  key: v.string(),
  etag: v.string(),
  versionId: v.optional(v.string()),
  checksum: v.optional(checksumSchema),
  size: byteCount,
});
export type CompletedAnswer = v.InferOutput<typeof completedAnswerSchema>;
export const completingAnswerSchema = v.object({ state: v.literal("completing"), retryAfter: positiveInteger });
export type CompletingAnswer = v.InferOutput<typeof completingAnswerSchema>;

export const abortRequestSchema = v.object({ uploadToken: v.string() });
