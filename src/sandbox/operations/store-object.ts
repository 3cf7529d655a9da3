/** Bytes into a bucket: from a request, or from an object that is copied. */
import type { Readable } from "node:stream";
import type { Bucket } from "../bucket-store.ts";
import type { Checksum, ChecksumAlgorithm } from "../checksum.ts";
import { announcedChecksum } from "../checksum-headers.ts";
import type { WriteCondition } from "../conditional.ts";
import type { ObjectDescription, StoredObject } from "../stored-object.ts";
import { type BodyFacts, VerifyingStream } from "../verifying-stream.ts";

/** S3's limit for one request that stores bytes. */
export const MAX_PUT_BYTES = 5 * 1024 ** 3;

/** Since December 2024 S3 calculates this one where the client sent none. */
export const DEFAULT_CHECKSUM = "CRC64NVME" satisfies ChecksumAlgorithm;

export interface StoredBody {
  readonly file: string;
  readonly facts: BodyFacts;
}

interface FactualStream {
  readonly stream: Readable;
  facts(): BodyFacts;
}

/** Writes a body and then does with it what `use` does; when that fails, the bytes are gone again. */
export async function storeBody<T>(
  bucket: Bucket,
  body: FactualStream,
  use: (stored: StoredBody) => Promise<T>,
): Promise<T> {
  const file = await bucket.files.write(body.stream);
  try {
    return await use({ file, facts: body.facts() });
  } catch (error) {
    await bucket.files.remove([file]);
    throw error;
  }
}

/** What must be calculated because the client did not. */
export function missingChecksums(headers: Readonly<Record<string, string>>): readonly ChecksumAlgorithm[] {
  return announcedChecksum(headers) === undefined ? [DEFAULT_CHECKSUM] : [];
}

/** The bytes of an object, with the MD5 and the checksum that a copy of them needs. */
export function measured(source: Readable, algorithm: ChecksumAlgorithm): FactualStream {
  const stream = new VerifyingStream(source, {
    decoder: undefined,
    sha256: undefined,
    md5: undefined,
    checksum: undefined,
    also: [algorithm],
    size: { min: 0, max: MAX_PUT_BYTES },
  });
  return { stream, facts: () => stream.facts() };
}

/** An object that came in one piece, with the one checksum that is kept of it. */
export function onePieceObject(
  key: string,
  { file, facts }: StoredBody,
  description: ObjectDescription,
  now: Date,
): StoredObject {
  const checksum = keptChecksum(facts);
  const lastModified = now.toISOString();
  const { size, md5: etag } = facts;
  const part = { partNumber: 1, file, size, etag, checksums: { [checksum.algorithm]: checksum.value }, lastModified };
  return {
    key,
    size,
    etag,
    lastModified,
    description,
    checksum: { ...checksum, type: "FULL_OBJECT" },
    parts: [part],
    multipart: false,
  };
}

/** Puts it into its bucket, if the condition still holds. */
export async function keepObject(
  bucket: Bucket,
  object: StoredObject,
  condition: WriteCondition,
): Promise<StoredObject> {
  await bucket.objects.put(object, bucket.files, (current) => condition.checkAgain(current));
  return object;
}

function keptChecksum({ sent, checksums }: BodyFacts): Checksum {
  if (sent !== undefined) return sent;
  const [calculated] = checksums;
  if (calculated === undefined) throw new Error("A body was stored without a checksum.");
  return { algorithm: calculated[0], value: calculated[1] };
}
