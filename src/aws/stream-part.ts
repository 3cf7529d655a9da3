/** What is said of a stream and its parts; lib-storage hands them over as bytes. */
import { S3upError } from "../errors.ts";
import { createHasher } from "../upload/checksum.ts";

/** The header that says its MD5, where that is wanted. */
export function contentMd5(body: unknown, wanted: boolean | undefined): Readonly<Record<string, string>> {
  if (wanted !== true || !(body instanceof Uint8Array)) return {};
  const hasher = createHasher("MD5");
  hasher.update(body);
  return { "content-md5": hasher.digest() };
}

export function lengthOf(body: unknown): number {
  return body instanceof Uint8Array ? body.byteLength : 0;
}

/** What lib-storage says of a stream, in the form of s3up's errors. */
export function asStreamError(
  error: unknown,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): unknown {
  if (error instanceof S3upError || !(error instanceof Error)) return error;
  return new S3upError("S3_ERROR", `The stream could not be stored as s3://${bucket}/${key}.`, {
    why: error.message,
    hint: "Run the same command again; --debug shows more.",
    cause: error,
  });
}
