/** The checksums in S3's answers, compared with our own. */
import { S3upError } from "../errors.ts";
import { type Checksum, type ChecksumAlgorithm, checksumAlgorithms } from "../protocol/messages.ts";
import { checksumHeader, checksumTypeOf } from "../signing/s3-requests.ts";
import { fromBase64 } from "./base64.ts";
import { checksumOf } from "./checksum.ts";
import { combineChecksums, type PartChecksum } from "./crc-combine.ts";

export type { PartChecksum } from "./crc-combine.ts";

import type { SentAnswer } from "./transport.ts";

/** The checksum that S3 names in the headers of an answer; the one of `preferred` when it names several. */
export function checksumIn(answer: SentAnswer, preferred: ChecksumAlgorithm | undefined): Checksum | undefined {
  const order = preferred === undefined ? checksumAlgorithms : [preferred, ...checksumAlgorithms];
  for (const algorithm of order) {
    const value = answer.headers[checksumHeader(algorithm)];
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}

/** False only when both are of one algorithm and differ. */
export function agree(ours: Checksum | undefined, theirs: Checksum | undefined): boolean {
  if (ours === undefined || theirs === undefined || ours.algorithm !== theirs.algorithm) return true;
  // S3 appends the number of parts to a checksum of checksums; not every server does.
  return withoutPartCount(ours.value) === withoutPartCount(theirs.value);
}

/** What S3 will say of an object that is made of these parts, in order. */
export function checksumOfParts(
  algorithm: ChecksumAlgorithm,
  parts: readonly PartChecksum[],
  type = checksumTypeOf(algorithm),
): Checksum {
  if (type === "FULL_OBJECT") return combineChecksums(algorithm, parts) as Checksum;
  const { value } = checksumOf(algorithm, ...parts.map((part) => fromBase64(part.value)));
  return { algorithm, value: `${value}-${parts.length}` };
}

/** For an object that is stored and yet not the one that was sent. */
export function storedOtherBytes(key: string, ours: Checksum, theirs: Checksum): S3upError {
  return new S3upError("CHECKSUM_MISMATCH", `S3 stored other bytes under ${key} than those that were sent.`, {
    why: `Their ${theirs.algorithm} is ${theirs.value}; that of the file is ${ours.value}.`,
    hint: "Delete the object and upload again; if it happens twice, suspect the memory of this machine.",
  });
}

/** A checksum of the parts' checksums, by the number of parts that S3 writes behind it. */
export function isComposite({ value }: Checksum): boolean {
  return /-\d+$/.test(value);
}

function withoutPartCount(value: string): string {
  return value.replace(/-\d+$/, "");
}
