/** ETags, which S3 writes in quotes. */
import { createDigest } from "./digest.ts";
import { fromHex, toHex } from "./hex.ts";

export function bareEtag(etag: string): string {
  return etag.replaceAll('"', "");
}

/**
 * What S3 gives an object of these parts, without quotes: MD5 of the parts' MD5s and their number. Not so for parts
 * encrypted with a customer's key; those never match.
 */
export function etagOfParts(etags: readonly string[]): string {
  const md5 = createDigest("MD5");
  for (const etag of etags) md5.update(fromHex(bareEtag(etag)));
  return `${toHex(md5.digest())}-${etags.length}`;
}
