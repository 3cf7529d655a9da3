import type { Bucket } from "../bucket-store.ts";
import { compositeChecksum, fullObjectChecksum, isFullObjectAlgorithm, multipartEtag } from "../checksum-combine.ts";
import { announcedChecksum, checksumHeader } from "../checksum-headers.ts";
import { writeCondition } from "../conditional.ts";
import type { S3Answer, StorageContext } from "../context.ts";
import type { MultipartUpload } from "../multipart-store.ts";
import { s3Error } from "../s3-error.ts";
import { refuseSizesLike } from "../store-manner.ts";
import { quoted, type StoredChecksum, type StoredObject, type StoredPart } from "../stored-object.ts";
import { checksumElement, encryptionHeader, xmlAnswer } from "./answers.ts";
import { type CompletedPart, matchParts, parseCompletedParts } from "./completed-parts.ts";
import { DEFAULT_CHECKSUM, keepObject } from "./store-object.ts";

/** 10,000 parts with all that can be said of them are less. */
const maxDocumentBytes = 2 * 1024 ** 2;

/** No byte is moved: the object is the list of its parts. */
export async function completeMultipartUpload(context: StorageContext): Promise<S3Answer> {
  const { request, key, buckets } = context;
  const bucket = buckets.find(context.bucket);
  const condition = writeCondition(request.headers, key);
  const named = parseCompletedParts(await context.readText(maxDocumentBytes, { checksumHeaders: false }));
  const uploadId = request.query.get("uploadId") ?? "";

  const object = await bucket.uploads.complete(uploadId, key, bucket.files, async (upload, stored) => {
    condition.check(bucket.objects.get(key));
    const assembled = await assemble(context, upload, named, stored);
    return await keepObject(bucket, assembled, condition);
  });
  // What is completed already is only told again to who speaks of the same object.
  checkSize(request.headers["x-amz-mp-object-size"], object.size);
  checkChecksum(request.headers, object.checksum);
  return xmlAnswer("CompleteMultipartUploadResult", result(context, bucket, object), encryptionHeader);
}

async function assemble(
  { request, now, like }: StorageContext,
  upload: MultipartUpload,
  named: readonly CompletedPart[],
  stored: readonly StoredPart[],
): Promise<StoredObject> {
  const parts = matchParts(upload, named, stored);
  refuseSizesLike(
    like,
    parts.map((part) => part.size),
  );
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  checkSize(request.headers["x-amz-mp-object-size"], size);
  const checksum = await checksumOf(upload, parts);
  checkChecksum(request.headers, checksum);
  return {
    key: upload.key,
    size,
    etag: multipartEtag(parts.map(({ etag }) => etag)),
    lastModified: now().toISOString(),
    description: upload.description,
    checksum,
    parts,
    multipart: true,
  };
}

async function checksumOf({ checksum }: MultipartUpload, parts: readonly StoredPart[]): Promise<StoredChecksum> {
  const { algorithm, type } = checksum ?? { algorithm: DEFAULT_CHECKSUM, type: "FULL_OBJECT" };
  const values = parts.map(({ checksums, size }) => ({ value: checksums[algorithm] ?? "", size }));
  const combined =
    type === "FULL_OBJECT" && isFullObjectAlgorithm(algorithm)
      ? fullObjectChecksum(algorithm, values)
      : await compositeChecksum(algorithm, values);
  return { ...combined, type };
}

/** @throws S3Error `InvalidRequest` when the object is not as long as the client believes */
function checkSize(header: string | undefined, size: number): void {
  if (header === undefined) return;
  if (!/^\d{1,16}$/.test(header)) {
    throw s3Error("InvalidRequest", {}, { message: `Value for x-amz-mp-object-size header is invalid: '${header}'` });
  }
  if (Number(header) === size) return;
  const message = `The provided 'x-amz-mp-object-size' header value ${header} does not match what was computed: ${size}`;
  throw s3Error("InvalidRequest", {}, { message });
}

/** The client's checksum of the whole, held against what the parts make. @throws S3Error `BadDigest`, `InvalidRequest` */
function checkChecksum(headers: Readonly<Record<string, string>>, { algorithm, type, value }: StoredChecksum): void {
  const askedType = headers["x-amz-checksum-type"];
  if (askedType !== undefined && askedType !== type) {
    const message = `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`;
    throw s3Error("BadDigest", {}, { message });
  }
  // the number of parts may stand behind a composite checksum, as it does in S3's own answers
  const withoutCount = ([name, text]: readonly [string, string]) => [name, text.replace(/-\d{1,5}$/, "")];
  const sent = announcedChecksum(Object.fromEntries(Object.entries(headers).map(withoutCount)));
  if (sent === undefined) return;
  if (sent.algorithm !== algorithm) {
    const message = `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${sent.algorithm.toLowerCase()}`;
    throw s3Error("InvalidRequest", {}, { message });
  }
  const asSent = headers[checksumHeader(algorithm)];
  if (asSent === value || asSent === value.replace(/-\d+$/, "")) return;
  throw s3Error(
    "BadDigest",
    {},
    { message: `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.` },
  );
}

function result({ request }: StorageContext, { name }: Bucket, { key, etag, checksum }: StoredObject) {
  const path = `${name}/${key}`.split("/").map(encodeURIComponent).join("/");
  return [
    ["Location", `http://${request.headers.host ?? "localhost"}/${path}`],
    ["Bucket", name],
    ["Key", key],
    ["ETag", quoted(etag)],
    [checksumElement(checksum.algorithm), checksum.value],
    ["ChecksumType", checksum.type],
  ] as const;
}
