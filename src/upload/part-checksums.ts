/** Digests over the parts of a file that is read once for them, and not sent. */
import type { ChecksumAlgorithm } from "../protocol/messages.ts";
import type { PartChecksum } from "./answer-checksum.ts";
import { type BlockPool, createBlockPool } from "./blocks.ts";
import { type Content, openContent } from "./content.ts";
import { createDigest } from "./digest.ts";
import { toHex } from "./hex.ts";
import type { ByteRange } from "./plan.ts";
import type { FileSource } from "./source.ts";

/** @throws S3upError FILE_CHANGED, FILE_UNREADABLE */
export async function hashParts(
  ranges: readonly ByteRange[],
  source: FileSource,
  algorithm: ChecksumAlgorithm,
  signal: AbortSignal,
): Promise<readonly PartChecksum[]> {
  const pool = createBlockPool(0);
  const checksums: PartChecksum[] = [];
  for (const range of ranges) {
    const content = await openContent(source, range, { keep: false, algorithm, pool, signal });
    checksums.push({ value: content.checksum?.value ?? "", length: content.size });
    content.release();
  }
  return checksums;
}

/** MD5 of each part in hexadecimal, which is its ETag where S3 encrypts with no key of KMS or of the customer. */
export async function md5OfParts(
  ranges: readonly ByteRange[],
  source: FileSource,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const pool: BlockPool = createBlockPool(0);
  const digests: string[] = [];
  for (const range of ranges) {
    const content = await openContent(source, range, { keep: false, algorithm: undefined, pool, signal });
    digests.push(await md5Of(content));
    content.release();
  }
  return digests;
}

/** In hexadecimal. */
export async function md5Of(content: Content): Promise<string> {
  const md5 = createDigest("MD5");
  for await (const block of content.body()) md5.update(block);
  return toHex(md5.digest());
}
