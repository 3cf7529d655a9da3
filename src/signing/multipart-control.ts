/**
 * The port for the control calls of a multipart upload: everything but the parts' own bytes, which travel in signed
 * requests. The one implementation is `aws/multipart.ts`.
 */
import type { Checksum, ChecksumAlgorithm, CompletedPart, ListedPart } from "../protocol/messages.ts";
import type { ChecksumType } from "./s3-requests.ts";

export interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  /** Of every request about the object: a customer's key, the owner that the bucket must have. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

export interface MultipartToCreate {
  readonly bucket: string;
  readonly key: string;
  /** Lower-case headers of the object to be: `content-type`, metadata, encryption (`signing/upload-headers.ts`). */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for an upload without checksums. CRC32, CRC32C and CRC64NVME are FULL_OBJECT, the SHAs COMPOSITE. */
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** Undefined: as said above. */
  readonly checksumType?: ChecksumType;
  /** Told when the request went out more than once: S3 may have begun another upload for a try that nobody heard of. */
  readonly onRepeated?: () => void;
}

export interface MultipartToComplete extends MultipartUpload {
  /** In ascending order of their numbers. */
  readonly parts: readonly CompletedPart[];
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** The whole object's checksum; S3 compares it with the parts'. */
  readonly checksum?: Checksum;
  /** Bytes of the whole object; S3 refuses another sum of the parts. */
  readonly objectSize?: number;
  /** `*`: refuse when the key exists. */
  readonly ifNoneMatch?: "*";
  /** ETag that the object must have at that moment. */
  readonly ifMatch?: string;
}

/** An object as S3 describes it after it was stored. */
export interface StoredFacts {
  readonly etag: string;
  readonly size?: number;
  readonly versionId?: string;
  /** Undefined where the server returned none. */
  readonly checksum?: Checksum;
}

export interface PartsPage {
  readonly parts: readonly ListedPart[];
  readonly nextMarker: number | undefined;
  /** Of the upload; undefined for one without checksums, and where the server does not tell. */
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  readonly checksumType?: string;
}

export interface PendingUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date | undefined;
}

export interface MultipartControl {
  /** @returns the upload id */
  create(upload: MultipartToCreate, signal?: AbortSignal): Promise<string>;
  /** One page, after part number `marker`. @throws S3upError UPLOAD_NOT_FOUND */
  listPage(upload: MultipartUpload, marker: number | undefined, signal?: AbortSignal): Promise<PartsPage>;
  /** All pages. @throws S3upError UPLOAD_NOT_FOUND */
  listParts(upload: MultipartUpload, signal?: AbortSignal): Promise<readonly ListedPart[]>;
  /** @throws S3upError OBJECT_EXISTS, UPLOAD_NOT_FOUND, CHECKSUM_MISMATCH, … */
  complete(upload: MultipartToComplete, signal?: AbortSignal): Promise<StoredFacts>;
  /**
   * Aborts until S3 lists no part any more: one that was in flight can arrive after the first abort and would be billed.
   * Succeeds also when the upload is already gone.
   */
  abort(upload: MultipartUpload): Promise<void>;
  /** Incomplete uploads whose key starts with `prefix`, all pages. */
  listUploads(bucket: string, prefix: string, signal?: AbortSignal): Promise<readonly PendingUpload[]>;
  /** Undefined when there is no such object. */
  head(object: Omit<MultipartUpload, "uploadId">, signal?: AbortSignal): Promise<StoredFacts | undefined>;
}
