import { S3upError } from "../errors.ts";
import type { FoundFile } from "../upload/selection.ts";

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
  refuseLongKey(key, "The key is too long.");
  return { bucket, key };
}

/** @throws S3upError USAGE for a key that S3 does not take */
export function refuseLongKey(key: string, message: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes <= 1024) return;
  throw new S3upError("USAGE", message, {
    why: `It has ${bytes} bytes; S3 takes 1024.`,
    hint: "Choose a shorter key.",
  });
}

/** The key of a file: the address as it stands where it names one, else the file's name below it. */
export function keyOf({ key }: S3Address, { name, within, path }: FoundFile): string {
  if (!within && key !== "" && !key.endsWith("/")) return key;
  const whole = key === "" || key.endsWith("/") ? `${key}${name}` : `${key}/${name}`;
  refuseLongKey(whole, `The key of ${path} would be too long.`);
  return whole;
}
