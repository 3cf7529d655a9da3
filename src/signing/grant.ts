/**
 * Request and limits in, grant or refusal out. What is not in a grant cannot end up in a URL; the server decides key,
 * part size and life, and a client can only ask for less.
 */
import type { Checksum, ChecksumAlgorithm, UploadRequest } from "../protocol/messages.ts";
import { refuseBadChecksum } from "./checksum-value.ts";
import { grantContentType } from "./content-type.ts";
import { grantMetadata } from "./granted-metadata.ts";
import { nameForMetadata, objectKey } from "./object-key.ts";
import { layoutParts, type PartLayout, S3_LIMITS } from "./part-layout.ts";
import { Refusal } from "./refusal.ts";

export type GrantMode = "put" | "post" | "multipart";

/** Sizes in bytes, lives in seconds. */
export interface SigningLimits {
  /** Without slash at its end. */
  readonly keyPrefix: string;
  readonly modes: readonly GrantMode[];
  readonly maxSize: number;
  readonly multipartThreshold: number;
  readonly partSize: number;
  readonly expiresIn: { readonly default: number; readonly max: number };
  readonly contentTypes: readonly string[];
  readonly putChecksums: readonly ChecksumAlgorithm[];
  readonly requireSize: boolean;
  readonly overwrite: "never" | "allowed";
}

/** What the core cannot know by itself: who asks, when, and a unique id for the key. */
export interface GrantPlace {
  readonly subjectHash: string | undefined;
  readonly date: Date;
  readonly id: string;
}

interface AnyGrant {
  readonly key: string;
  readonly contentType: string;
  readonly expiresInSeconds: number;
  /** Lower-case `x-amz-meta-…` headers. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface PutGrant extends AnyGrant {
  readonly mode: "put";
  /** Undefined only in the article's form. */
  readonly contentLength: number | undefined;
  readonly checksum: Checksum | undefined;
  /** True makes the URL good for one use. */
  readonly oneTime: boolean;
}

export interface PostGrant extends AnyGrant {
  readonly mode: "post";
  readonly minSize: number;
  readonly maxSize: number;
}

export interface MultipartGrant extends AnyGrant, PartLayout {
  readonly mode: "multipart";
  readonly size: number;
  readonly oneTime: boolean;
}

export type UploadGrant = PutGrant | PostGrant | MultipartGrant;

/** @throws Refusal */
export function grantUpload(request: UploadRequest, limits: SigningLimits, place: GrantPlace): UploadGrant {
  const { overwrite, expiresIn } = request;
  const contentType = grantContentType(request.contentType, limits.contentTypes);
  if (overwrite && limits.overwrite === "never") {
    throw new Refusal("forbidden", "This endpoint never overwrites an object.", { field: "overwrite" });
  }
  const grant: AnyGrant = {
    key: objectKey({ ...place, prefix: limits.keyPrefix }, request.fileName),
    contentType,
    expiresInSeconds: Math.min(expiresIn ?? limits.expiresIn.default, limits.expiresIn.max),
    metadata: { ...grantMetadata(request.metadata), "x-amz-meta-s3up-name": nameForMetadata(request.fileName) },
  };

  if (request.mode === "post") return grantPost(request, limits, grant);
  const size = sizeOf(request, limits);
  return chooseMode(request.mode, size, limits) === "put"
    ? grantPut(request, size, limits, grant)
    : grantMultipart(request, size, limits, grant);
}

/**
 * The article's own form: its client sends the content type and nothing else, so nothing else can be signed.
 * @throws Refusal
 */
export function grantArticle(
  request: { readonly fileName: string; readonly contentType: string },
  limits: SigningLimits,
  place: GrantPlace,
): PutGrant {
  if (limits.requireSize) {
    throw new Refusal("size_required", "This endpoint signs exact sizes only: send v, mode and size.", {
      field: "size",
    });
  }
  refuseMode("put", limits);
  return {
    mode: "put",
    key: objectKey({ ...place, prefix: limits.keyPrefix }, request.fileName),
    contentType: grantContentType(request.contentType, limits.contentTypes),
    contentLength: undefined,
    checksum: undefined,
    oneTime: false,
    metadata: {},
    expiresInSeconds: limits.expiresIn.default,
  };
}

function grantPut(request: UploadRequest, size: number, limits: SigningLimits, grant: AnyGrant): PutGrant {
  refuseLargerThan(Math.min(limits.maxSize, S3_LIMITS.maxSinglePut), size, "size");
  const { checksum } = request;
  if (checksum !== undefined) refuseBadChecksum(checksum, limits.putChecksums);
  return { ...grant, mode: "put", contentLength: size, checksum, oneTime: !request.overwrite };
}

/** A form cannot be conditional and S3 compares no checksum of it; both bounds of its size are signed. */
function grantPost(request: UploadRequest, limits: SigningLimits, grant: AnyGrant): PostGrant {
  refuseMode("post", limits);
  if (request.checksum !== undefined) {
    throw new Refusal("invalid_request", "A form upload takes no checksum; use mode put.", { field: "checksum" });
  }
  if (limits.requireSize && request.size === undefined) throw sizeRequired();
  const most = Math.min(limits.maxSize, S3_LIMITS.maxSinglePut);
  if (request.size !== undefined) {
    refuseLargerThan(Math.min(most, request.maxSize ?? most), request.size, "size");
    return { ...grant, mode: "post", minSize: request.size, maxSize: Math.max(request.size, 1) };
  }
  return { ...grant, mode: "post", minSize: 0, maxSize: Math.min(request.maxSize ?? most, most) };
}

function grantMultipart(request: UploadRequest, size: number, limits: SigningLimits, grant: AnyGrant): MultipartGrant {
  if (size === 0) {
    throw new Refusal("invalid_request", "An empty file has no parts; use mode put.", { field: "mode" });
  }
  const layout = layoutParts(size, request.partSize ?? limits.partSize);
  return { ...grant, ...layout, mode: "multipart", size, oneTime: !request.overwrite };
}

function sizeOf({ size }: UploadRequest, limits: SigningLimits): number {
  if (size === undefined) throw sizeRequired();
  refuseLargerThan(limits.maxSize, size, "size");
  return size;
}

function chooseMode(mode: UploadRequest["mode"], size: number, limits: SigningLimits): "put" | "multipart" {
  if (mode === "put" || mode === "multipart") {
    refuseMode(mode, limits);
    return mode;
  }
  const fitting = size < limits.multipartThreshold || size === 0 ? "put" : "multipart";
  if (limits.modes.includes(fitting)) return fitting;
  const other = fitting === "put" ? "multipart" : "put";
  refuseMode(other, limits);
  return other;
}

function refuseMode(mode: GrantMode, { modes }: SigningLimits): void {
  if (modes.includes(mode)) return;
  throw new Refusal("forbidden", `This endpoint does not offer mode ${mode}; it offers ${modes.join(", ")}.`, {
    field: "mode",
  });
}

function refuseLargerThan(limit: number, size: number, field: string): void {
  if (size <= limit) return;
  throw new Refusal("file_too_large", `${size} bytes is more than the limit of ${limit}.`, { field, limit });
}

function sizeRequired(): Refusal {
  return new Refusal("size_required", "size is missing: the exact number of bytes is signed.", { field: "size" });
}
