/**
 * The S3 requests that s3up signs, unsigned. Every header is meant to be signed as a header: S3 ignores a checksum that
 * travels in the query, so one there would protect nothing.
 */
import type { Checksum, ChecksumAlgorithm } from "../protocol/messages.ts";
import type { S3Request } from "./signer.ts";

interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

interface UploadAddress extends ObjectAddress {
  readonly uploadId: string;
}

type Headers = Readonly<Record<string, string>>;

export interface ConditionalWrite {
  /** `*`: refuse with 412 when the key exists, which makes a URL good for one use. */
  readonly ifNoneMatch?: "*" | undefined;
  /** ETag that the object must have at that moment. */
  readonly ifMatch?: string | undefined;
}

export interface PutObjectRequest extends ObjectAddress, ConditionalWrite {
  readonly contentType?: string | undefined;
  readonly contentLength?: number | undefined;
  readonly checksum?: Checksum | undefined;
  /** Of the body, in base64. */
  readonly md5?: string | undefined;
  /** More headers of the object, as `objectHeaders` makes them. */
  readonly headers?: Headers;
}

export function putObject(put: PutObjectRequest): S3Request {
  return {
    ...addressOf(put, "PUT"),
    headers: {
      ...put.headers,
      ...(put.contentType === undefined ? {} : { "content-type": put.contentType }),
      ...verifiedChecksum(put.checksum),
      ...contentMd5(put.md5),
      ...conditions(put),
    },
    ...lengthOf(put.contentLength),
  };
}

export interface GetObjectRequest extends ObjectAddress {
  readonly headers?: Headers;
  /** `response-content-disposition` and its like, which S3 honours only in a signed query. */
  readonly query?: Readonly<Record<string, string>>;
}

export function getObject(get: GetObjectRequest): S3Request {
  return { ...addressOf(get, "GET"), query: { ...get.query }, headers: { ...get.headers } };
}

export function headObject(head: ObjectAddress & { readonly headers?: Headers }): S3Request {
  return { ...addressOf(head, "HEAD"), headers: { ...head.headers } };
}

export function deleteObject(target: ObjectAddress): S3Request {
  return addressOf(target, "DELETE");
}

export interface CreateRequest extends ObjectAddress {
  /** Of the object, its content type among them. */
  readonly headers: Headers;
  /** Undefined for an upload without checksums. */
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** Of the algorithm, where the store has another than S3. */
  readonly checksumType?: ChecksumType | undefined;
}

/** Its answer is read by `readCreation`. */
export function createMultipartUpload(create: CreateRequest): S3Request {
  const { headers, checksumAlgorithm, checksumType } = create;
  return {
    ...addressOf(create, "POST"),
    query: { uploads: "" },
    headers: {
      ...(checksumAlgorithm === undefined
        ? {}
        : {
            "x-amz-checksum-algorithm": checksumAlgorithm,
            "x-amz-checksum-type": checksumType ?? checksumTypeOf(checksumAlgorithm),
          }),
      ...headers,
    },
  };
}

export interface UploadPartRequest extends UploadAddress {
  readonly partNumber: number;
  readonly contentLength: number;
  readonly checksum?: Checksum | undefined;
  /** Of the part, in base64. */
  readonly md5?: string | undefined;
  /** Of every request about the object, such as a customer's key. */
  readonly headers?: Headers;
}

export function uploadPart(part: UploadPartRequest): S3Request {
  return {
    ...addressOf(part, "PUT"),
    query: { partNumber: String(part.partNumber), uploadId: part.uploadId },
    headers: { ...part.headers, ...verifiedChecksum(part.checksum), ...contentMd5(part.md5) },
    contentLength: part.contentLength,
  };
}

export interface CompleteRequest extends UploadAddress, ConditionalWrite {
  /** Bytes of the whole object: S3 refuses parts with another sum. Undefined where the store does not compare it. */
  readonly objectSize: number | undefined;
  readonly checksum?: Checksum | undefined;
  /** Of every request about the object, such as a customer's key. */
  readonly headers?: Headers;
}

/** Its body is `completionBody(parts)`. */
export function completeMultipartUpload(complete: CompleteRequest): S3Request {
  return {
    ...addressOf(complete, "POST"),
    query: { uploadId: complete.uploadId },
    headers: {
      ...complete.headers,
      // Signed, because some servers refuse an unsigned content type that an HTTP client adds on its own.
      "content-type": "application/xml",
      ...(complete.objectSize === undefined ? {} : { "x-amz-mp-object-size": String(complete.objectSize) }),
      ...wholeChecksum(complete.checksum),
      ...conditions(complete),
    },
  };
}

export function abortMultipartUpload(upload: UploadAddress): S3Request {
  return { ...addressOf(upload, "DELETE"), query: { uploadId: upload.uploadId } };
}

export function listParts(upload: UploadAddress & { readonly marker?: number | undefined }): S3Request {
  const { uploadId, marker } = upload;
  return {
    ...addressOf(upload, "GET"),
    query: { uploadId, ...(marker === undefined ? {} : { "part-number-marker": String(marker) }) },
  };
}

/** Of an object of several parts: over all its bytes, or over the checksums of its parts. */
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

/** CRCs of parts combine into the object's; of SHA parts S3 keeps only a hash of hashes. */
export function checksumTypeOf(algorithm: ChecksumAlgorithm): ChecksumType {
  return algorithm.startsWith("CRC") ? "FULL_OBJECT" : "COMPOSITE";
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

function addressOf({ bucket, key }: ObjectAddress, method: S3Request["method"]): S3Request {
  return { method, bucket, key, query: {}, headers: {} };
}

/** Ceph RGW 20 compares the value only when the algorithm is named beside it, so it is always named. */
function verifiedChecksum(checksum: Checksum | undefined): Headers {
  if (checksum === undefined) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-sdk-checksum-algorithm": checksum.algorithm };
}

function contentMd5(md5: string | undefined): Headers {
  return md5 === undefined ? {} : { "content-md5": md5 };
}

function wholeChecksum(checksum: Checksum | undefined): Headers {
  if (checksum === undefined) return {};
  const { algorithm, value } = checksum;
  return { [checksumHeader(algorithm)]: value, "x-amz-checksum-type": checksumTypeOf(algorithm) };
}

function conditions({ ifNoneMatch, ifMatch }: ConditionalWrite): Headers {
  return {
    ...(ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch }),
    ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
  };
}

function lengthOf(contentLength: number | undefined): { readonly contentLength?: number } {
  return contentLength === undefined ? {} : { contentLength };
}
