/**
 * The IAM action that allows an S3 operation, where its name is not `s3:` and the operation's.
 * Source: the service authorization reference of Amazon S3.
 */
const actionOf: Readonly<Record<string, string>> = {
  CreateMultipartUpload: "s3:PutObject",
  UploadPart: "s3:PutObject",
  CompleteMultipartUpload: "s3:PutObject",
  ListParts: "s3:ListMultipartUploadParts",
  ListMultipartUploads: "s3:ListBucketMultipartUploads",
  HeadObject: "s3:GetObject",
  DeleteObjects: "s3:DeleteObject",
  HeadBucket: "s3:ListBucket",
  ListObjects: "s3:ListBucket",
  ListObjectsV2: "s3:ListBucket",
  ListBuckets: "s3:ListAllMyBuckets",
  GetBucketCors: "s3:GetBucketCORS",
  GetBucketEncryption: "s3:GetEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "s3:GetLifecycleConfiguration",
  GetBucketNotificationConfiguration: "s3:GetBucketNotification",
  GetBucketReplication: "s3:GetReplicationConfiguration",
  GetObjectLockConfiguration: "s3:GetBucketObjectLockConfiguration",
  GetPublicAccessBlock: "s3:GetBucketPublicAccessBlock",
};

/** @param operation in the SDK's spelling, such as `ListParts` */
export function iamActionOf(operation: string): string {
  return actionOf[operation] ?? `s3:${operation}`;
}
