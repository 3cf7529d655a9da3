import type { ChecksumAlgorithm } from "../checksum.ts";
import { announcedChecksum } from "../checksum-headers.ts";
import type { S3Answer, StorageContext } from "../context.ts";
import type { MultipartUpload } from "../multipart-store.ts";
import { parseCopyRange, stretchesOf } from "../range.ts";
import { s3Error } from "../s3-error.ts";
import { quoted, type StoredPart } from "../stored-object.ts";
import { checksumElement, checksumHeaders, encryptionHeader, xmlAnswer } from "./answers.ts";
import { findCopySource, requireCopySize } from "./copy-source.ts";
import { DEFAULT_CHECKSUM, MAX_PUT_BYTES, measured, type StoredBody, storeBody } from "./store-object.ts";

export async function uploadPart(context: StorageContext): Promise<S3Answer> {
  const { bucket, upload, partNumber } = findUpload(context);
  const sent = announcedChecksum(context.request.headers)?.algorithm;
  refuseOtherChecksum(upload, sent);
  const algorithm = algorithmOfParts(upload);
  const body = context.body({
    also: sent === algorithm ? [] : [algorithm],
    lengthRequired: true,
    maxSize: MAX_PUT_BYTES,
  });
  const part = await storeBody(bucket, body, async (stored) => {
    const made = partOf(partNumber, stored, context.now());
    await bucket.uploads.keepPart(upload.uploadId, upload.key, made, bucket.files);
    return made;
  });
  return {
    status: 200,
    headers: { etag: quoted(part.etag), ...encryptionHeader, ...partChecksum(part, sent ?? algorithm) },
  };
}

export async function uploadPartCopy(context: StorageContext): Promise<S3Answer> {
  const { bucket, upload, partNumber } = findUpload(context);
  const source = findCopySource(context);
  const header = context.request.headers["x-amz-copy-source-range"];
  const range =
    header === undefined ? { start: 0, end: source.object.size } : parseCopyRange(header, source.object.size);
  requireCopySize(range.end - range.start);
  const algorithm = algorithmOfParts(upload);
  const bytes = source.bucket.files.read(stretchesOf(source.object.parts, range));
  try {
    const part = await storeBody(bucket, measured(bytes, algorithm), async (stored) => {
      const made = partOf(partNumber, stored, context.now());
      await bucket.uploads.keepPart(upload.uploadId, upload.key, made, bucket.files);
      return made;
    });
    const content = [
      ["LastModified", part.lastModified],
      ["ETag", quoted(part.etag)],
      [checksumElement(algorithm), upload.checksum && part.checksums[algorithm]],
    ] as const;
    return xmlAnswer("CopyPartResult", content, encryptionHeader);
  } finally {
    bytes.destroy();
  }
}

function findUpload({ request, buckets, bucket: name, key }: StorageContext) {
  const bucket = buckets.find(name);
  const number = request.query.get("partNumber") ?? "";
  const partNumber = Number(number);
  if (!/^\d{1,5}$/.test(number) || partNumber < 1 || partNumber > 10_000) {
    const message = "Part number must be an integer between 1 and 10000, inclusive";
    throw s3Error("InvalidArgument", { ArgumentName: "partNumber", ArgumentValue: number }, { message });
  }
  return { bucket, partNumber, upload: bucket.uploads.find(request.query.get("uploadId") ?? "", key) };
}

/** What S3 must know of each part to know the checksum of the whole. */
function algorithmOfParts({ checksum }: MultipartUpload): ChecksumAlgorithm {
  return checksum?.algorithm ?? DEFAULT_CHECKSUM;
}

/**
 * A part is sent with the checksum that the upload was begun with; it may be missing where S3 makes the whole object's
 * out of its own. Where the upload was begun without any, each part may have one of any kind: SDKs send a CRC32 by
 * default, also with parts of uploads for which they announced none.
 */
function refuseOtherChecksum({ checksum }: MultipartUpload, sent: ChecksumAlgorithm | undefined): void {
  if (checksum === undefined || sent === checksum.algorithm) return;
  if (sent === undefined && checksum.type === "FULL_OBJECT") return;
  const message = `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${sent?.toLowerCase() ?? "null"}`;
  throw s3Error("InvalidRequest", {}, { message });
}

function partOf(partNumber: number, { file, facts }: StoredBody, now: Date): StoredPart {
  const checksums = Object.fromEntries(facts.checksums);
  return { partNumber, file, size: facts.size, etag: facts.md5, checksums, lastModified: now.toISOString() };
}

function partChecksum({ checksums }: StoredPart, algorithm: ChecksumAlgorithm): Readonly<Record<string, string>> {
  const value = checksums[algorithm];
  return value === undefined ? {} : checksumHeaders(algorithm, value);
}
