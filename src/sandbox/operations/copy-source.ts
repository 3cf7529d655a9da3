/** The object that `x-amz-copy-source` names. */
import type { Bucket } from "../bucket-store.ts";
import { checkCopySource } from "../conditional.ts";
import type { StorageContext } from "../context.ts";
import { notImitated } from "../operation.ts";
import { percentDecode } from "../received-request.ts";
import { s3Error } from "../s3-error.ts";
import type { StoredObject } from "../stored-object.ts";
import { MAX_PUT_BYTES } from "./store-object.ts";

export interface CopySource {
  readonly bucket: Bucket;
  readonly object: StoredObject;
}

/** @throws S3Error `InvalidArgument`, `NoSuchBucket`, `NoSuchKey`, `PreconditionFailed`, `NotImplemented` */
export function findCopySource({ request, buckets }: StorageContext): CopySource {
  const header = request.headers["x-amz-copy-source"] ?? "";
  if (header.startsWith("arn:")) throw notImitated("copies from access points", { Header: "x-amz-copy-source" });
  if (header.includes("?")) throw notImitated("copies of a version", { Header: "x-amz-copy-source" });
  const [, bucketName, key] = /^([^/]+)\/(.+)$/s.exec(percentDecode(header).replace(/^\//, "")) ?? [];
  if (bucketName === undefined || key === undefined) {
    throw s3Error(
      "InvalidArgument",
      { ArgumentName: "x-amz-copy-source", ArgumentValue: header },
      { message: "Copy Source must mention the source bucket and key: sourcebucket/sourcekey" },
    );
  }
  const bucket = buckets.find(bucketName);
  const object = bucket.objects.get(key);
  if (object === undefined) throw s3Error("NoSuchKey", { Key: key });
  checkCopySource(request.headers, object);
  return { bucket, object };
}

/** @param size of what is copied in one request */
export function requireCopySize(size: number): void {
  if (size <= MAX_PUT_BYTES) return;
  const message = `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_PUT_BYTES}`;
  throw s3Error("InvalidRequest", {}, { message });
}
