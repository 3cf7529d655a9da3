import type { ChecksumAlgorithm } from "../checksum.ts";
import { isFullObjectAlgorithm } from "../checksum-combine.ts";
import type { S3Answer, StorageContext } from "../context.ts";
import type { MultipartUpload } from "../multipart-store.ts";
import { describeObject, refuseAcl } from "../object-description.ts";
import { s3Error } from "../s3-error.ts";
import type { ChecksumType } from "../stored-object.ts";
import { encryptionHeader, xmlAnswer } from "./answers.ts";
import { askedAlgorithm } from "./copy-object.ts";

export async function createMultipartUpload(context: StorageContext): Promise<S3Answer> {
  const { request, key } = context;
  const bucket = context.buckets.find(context.bucket);
  refuseAcl(request.headers, await context.settings.ownership(bucket.name));
  const checksum = askedChecksum(request.headers);
  const description = describeObject(request.headers, request.headers["content-encoding"]);
  await context.readText(1024);

  const now = context.now();
  // begins with its time, so that the uploads of one key are in the same order by age and by id
  const uploadId = `${now.getTime().toString(36).padStart(9, "0")}${context.newId()}`;
  await bucket.uploads.begin({ uploadId, key, initiated: now.toISOString(), description, checksum });
  const headers = checksum && { "x-amz-checksum-algorithm": checksum.algorithm, "x-amz-checksum-type": checksum.type };
  const content = [
    ["Bucket", bucket.name],
    ["Key", key],
    ["UploadId", uploadId],
  ] as const;
  return xmlAnswer("InitiateMultipartUploadResult", content, { ...encryptionHeader, ...headers });
}

export async function abortMultipartUpload({ request, bucket: name, key, buckets }: StorageContext): Promise<S3Answer> {
  const bucket = buckets.find(name);
  await bucket.uploads.abort(request.query.get("uploadId") ?? "", key, bucket.files);
  return { status: 204 };
}

/** Only some pairs of algorithm and type exist: a SHA of the whole cannot be made of those of the parts. */
function askedChecksum(headers: Readonly<Record<string, string>>): MultipartUpload["checksum"] {
  const algorithm = askedAlgorithm(headers["x-amz-checksum-algorithm"]);
  const type = headers["x-amz-checksum-type"];
  if (type !== undefined && !isChecksumType(type)) {
    throw invalid("Value for x-amz-checksum-type header is invalid.");
  }
  if (algorithm === undefined) {
    if (type === undefined) return undefined;
    throw invalid("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
  }
  const chosen = type ?? usualType(algorithm);
  const possible = chosen === "FULL_OBJECT" ? isFullObjectAlgorithm(algorithm) : algorithm !== "CRC64NVME";
  if (possible) return { algorithm, type: chosen };
  throw invalid(`The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`);
}

function usualType(algorithm: ChecksumAlgorithm): ChecksumType {
  return algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE";
}

function isChecksumType(text: string): text is ChecksumType {
  return text === "FULL_OBJECT" || text === "COMPOSITE";
}

function invalid(message: string): Error {
  return s3Error("InvalidRequest", {}, { message });
}
