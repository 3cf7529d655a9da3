/** Who carries out what: every operation on buckets and objects. */
import type { StorageHandler } from "../context.ts";
import type { BucketOperation, ObjectOperation, S3Operation } from "../operation.ts";
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from "./buckets.ts";
import { completeMultipartUpload } from "./complete-upload.ts";
import { copyObject } from "./copy-object.ts";
import { abortMultipartUpload, createMultipartUpload } from "./create-upload.ts";
import { deleteObject, deleteObjects } from "./delete-objects.ts";
import { getObject } from "./get-object.ts";
import { listObjects, listObjectsV2 } from "./list-objects.ts";
import { listParts } from "./list-parts.ts";
import { listMultipartUploads } from "./list-uploads.ts";
import { getObjectAttributes } from "./object-attributes.ts";
import { postObject, putObject } from "./put-object.ts";
import { uploadPart, uploadPartCopy } from "./upload-part.ts";

export type StorageOperation = BucketOperation | ObjectOperation;

export function isStorageOperation(operation: S3Operation): operation is StorageOperation {
  return Object.hasOwn(storageHandlers, operation);
}

export const storageHandlers: Readonly<Record<StorageOperation, StorageHandler>> = {
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CopyObject: copyObject,
  CreateBucket: createBucket,
  CreateMultipartUpload: createMultipartUpload,
  DeleteBucket: deleteBucket,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  GetBucketLocation: getBucketLocation,
  GetObject: getObject,
  GetObjectAttributes: getObjectAttributes,
  HeadBucket: headBucket,
  HeadObject: getObject,
  ListBuckets: listBuckets,
  ListMultipartUploads: listMultipartUploads,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListParts: listParts,
  PostObject: postObject,
  PutObject: putObject,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
};
