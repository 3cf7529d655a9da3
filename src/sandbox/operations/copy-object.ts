import { type ChecksumAlgorithm, checksumAlgorithmNamed } from "../checksum.ts";
import { writeCondition } from "../conditional.ts";
import type { S3Answer, StorageContext } from "../context.ts";
import { describeObject, refuseAcl } from "../object-description.ts";
import { stretchesOf } from "../range.ts";
import { s3Error } from "../s3-error.ts";
import { type ObjectDescription, quoted, type StoredObject } from "../stored-object.ts";
import { checksumElement, encryptionHeader, xmlAnswer } from "./answers.ts";
import { findCopySource, requireCopySize } from "./copy-source.ts";
import { keepObject, measured, onePieceObject, storeBody } from "./store-object.ts";

/** The bytes are copied, never shared: the copy is one piece with an ETag and a checksum of its own, as in S3. */
export async function copyObject(context: StorageContext): Promise<S3Answer> {
  const { request, key } = context;
  const bucket = context.buckets.find(context.bucket);
  refuseAcl(request.headers, await context.settings.ownership(bucket.name));
  const source = findCopySource(context);
  requireCopySize(source.object.size);
  const description = descriptionOfCopy(context, source.object);
  if (source.bucket === bucket && source.object.key === key) refuseIdleCopy(context, source.object, description);
  const condition = writeCondition(request.headers, key);
  condition.check(bucket.objects.get(key));

  const bytes = source.bucket.files.read(stretchesOf(source.object.parts, { start: 0, end: source.object.size }));
  const algorithm = askedAlgorithm(request.headers["x-amz-checksum-algorithm"]) ?? source.object.checksum.algorithm;
  try {
    const copy = await storeBody(bucket, measured(bytes, algorithm), (stored) =>
      keepObject(bucket, onePieceObject(key, stored, description, context.now()), condition),
    );
    return xmlAnswer("CopyObjectResult", copyResult(copy), encryptionHeader);
  } finally {
    bytes.destroy();
  }
}

function copyResult({ etag, lastModified, checksum }: StoredObject) {
  return [
    ["LastModified", lastModified],
    ["ETag", quoted(etag)],
    [checksumElement(checksum.algorithm), checksum.value],
    ["ChecksumType", checksum.type],
  ] as const;
}

/** Metadata and tags come along unless a directive says otherwise; the storage class never does. */
function descriptionOfCopy({ request }: StorageContext, source: StoredObject): ObjectDescription {
  const asked = describeObject(request.headers, request.headers["content-encoding"]);
  const keepsMetadata = readDirective(request.headers, "x-amz-metadata-directive") === "COPY";
  const keepsTags = readDirective(request.headers, "x-amz-tagging-directive") === "COPY";
  const { headers, metadata } = keepsMetadata ? source.description : asked;
  return {
    headers,
    metadata,
    storageClass: asked.storageClass,
    tags: keepsTags ? source.description.tags : asked.tags,
  };
}

function readDirective(headers: Readonly<Record<string, string>>, name: string): "COPY" | "REPLACE" {
  const directive = headers[name] ?? "COPY";
  if (directive === "COPY" || directive === "REPLACE") return directive;
  throw s3Error("InvalidArgument", { ArgumentName: name, ArgumentValue: directive }, { message: "Unknown directive." });
}

function refuseIdleCopy({ request }: StorageContext, source: StoredObject, description: ObjectDescription): void {
  const replaces = readDirective(request.headers, "x-amz-metadata-directive") === "REPLACE";
  const encrypts = request.headers["x-amz-server-side-encryption"] !== undefined;
  if (replaces || encrypts || description.storageClass !== source.description.storageClass) return;
  const message =
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
  throw s3Error("InvalidRequest", {}, { message });
}

/** @throws S3Error `InvalidRequest` for an algorithm that S3 does not have */
export function askedAlgorithm(header: string | undefined): ChecksumAlgorithm | undefined {
  if (header === undefined) return undefined;
  const algorithm = checksumAlgorithmNamed(header);
  if (algorithm !== undefined) return algorithm;
  throw s3Error(
    "InvalidRequest",
    {},
    {
      message:
        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
    },
  );
}
