/** What is kept of an object or a part, beside its bytes. */
import type { ChecksumAlgorithm } from "./checksum.ts";

export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Base64; `-N` after it when it is composite. */
  readonly value: string;
}

/** What the request that began an object says about it; given back with it. */
export interface ObjectDescription {
  /** `content-type`, `cache-control` and the like; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly tags: readonly (readonly [name: string, value: string])[];
}

export interface StoredPart {
  readonly partNumber: number;
  /** In the bucket's data files. */
  readonly file: string;
  readonly size: number;
  /** Hexadecimal MD5 of its bytes, without quotation marks. */
  readonly etag: string;
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
  /** ISO 8601. */
  readonly lastModified: string;
}

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** Without quotation marks. */
  readonly etag: string;
  /** ISO 8601. */
  readonly lastModified: string;
  readonly description: ObjectDescription;
  readonly checksum: StoredChecksum;
  /** In their order; one of them for an object that came in one piece. */
  readonly parts: readonly StoredPart[];
  /** True when it was put together from an upload, even from one part. */
  readonly multipart: boolean;
}

/** As S3 writes them in headers and XML. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}
