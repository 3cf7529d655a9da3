import { S3Error } from "./s3-error.ts";

/** Operations on objects and uploads. `PostObject` is the browser's form. */
export type ObjectOperation =
  | "PutObject"
  | "PostObject"
  | "GetObject"
  | "HeadObject"
  | "CopyObject"
  | "DeleteObject"
  | "DeleteObjects"
  | "GetObjectAttributes"
  | "CreateMultipartUpload"
  | "UploadPart"
  | "UploadPartCopy"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload"
  | "ListParts";

export type BucketOperation =
  | "ListBuckets"
  | "CreateBucket"
  | "HeadBucket"
  | "DeleteBucket"
  | "GetBucketLocation"
  | "ListObjects"
  | "ListObjectsV2"
  | "ListMultipartUploads";

/** The `?cors`, `?policy`, … sub-resources of a bucket, and the account's public access block. */
export type SettingsOperation =
  | "GetBucketAcl"
  | "PutBucketAcl"
  | "GetBucketCors"
  | "PutBucketCors"
  | "DeleteBucketCors"
  | "GetBucketEncryption"
  | "PutBucketEncryption"
  | "DeleteBucketEncryption"
  | "GetBucketLifecycleConfiguration"
  | "PutBucketLifecycleConfiguration"
  | "DeleteBucketLifecycle"
  | "GetBucketLogging"
  | "PutBucketLogging"
  | "GetBucketOwnershipControls"
  | "PutBucketOwnershipControls"
  | "DeleteBucketOwnershipControls"
  | "GetBucketPolicy"
  | "PutBucketPolicy"
  | "DeleteBucketPolicy"
  | "GetBucketPolicyStatus"
  | "GetBucketTagging"
  | "PutBucketTagging"
  | "DeleteBucketTagging"
  | "GetBucketVersioning"
  | "PutBucketVersioning"
  | "GetBucketWebsite"
  | "PutBucketWebsite"
  | "DeleteBucketWebsite"
  | "GetPublicAccessBlock"
  | "PutPublicAccessBlock"
  | "DeletePublicAccessBlock"
  | "GetAccountPublicAccessBlock"
  | "PutAccountPublicAccessBlock"
  | "DeleteAccountPublicAccessBlock";

/** Everything that the sandbox knows. A request that is none of these is refused with 501. */
export type S3Operation = ObjectOperation | BucketOperation | SettingsOperation | "PreflightRequest";

/** What a request line and its headers say; nothing of the body. */
export interface RoutedRequest {
  readonly method: string;
  /** As it stood in the request line, still percent-encoded, without the query. */
  readonly rawPath: string;
  /** Decoded, in the order sent. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface Target {
  readonly operation: S3Operation;
  /** Empty for `ListBuckets` and the account's settings. */
  readonly bucket: string;
  /** Empty for bucket operations. */
  readonly key: string;
}
