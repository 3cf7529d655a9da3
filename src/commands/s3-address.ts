import { S3upError } from "../errors.ts";

export interface S3Address {
  readonly bucket: string;
  /** Empty for the bucket itself; ends in a slash where it is a prefix. */
  readonly key: string;
}

export function isS3Address(text: string): boolean {
  return /^s3:\/\//i.test(text);
}

/**
 * `s3://bucket/key`. The key is taken as it stands: no decoding, no resolving of dots.
 * @throws S3upError USAGE
 */
export function parseS3Address(text: string): S3Address {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]*)\/?([\s\S]*)$/i.exec(text) ?? [];
  if (!/^(arn:[^\s/]+|[A-Za-z0-9][A-Za-z0-9._-]{1,254})$/.test(bucket)) {
    throw new S3upError("USAGE", `"${text}" names no bucket.`, {
      why: bucket === "" ? "After s3:// comes the name of a bucket." : `"${bucket}" cannot be the name of a bucket.`,
      hint: "Write s3://bucket/key, or s3://bucket/prefix/ to keep the file's name.",
    });
  }
  if (Buffer.byteLength(key) > 1024) {
    throw new S3upError("USAGE", "The key is too long.", {
      why: `It has ${Buffer.byteLength(key)} bytes; S3 takes 1024.`,
      hint: "Choose a shorter key.",
    });
  }
  return { bucket, key };
}
