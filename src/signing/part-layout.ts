/** How a size is cut into parts. */
const MiB = 1024 ** 2;

/** S3's own limits, in bytes. */
export const S3_LIMITS = {
  maxParts: 10_000,
  minPartSize: 5 * MiB,
  maxPartSize: 5 * 1024 * MiB,
  maxSinglePut: 5 * 1024 * MiB,
  maxObjectSize: 10_000 * 5 * 1024 * MiB,
} as const;

export interface PartLayout {
  /** Bytes of every part but the last. */
  readonly partSize: number;
  readonly partCount: number;
  readonly lastPartSize: number;
}

/**
 * All parts but the last are equal, as Cloudflare R2 insists. A size that would need more than 10,000 parts raises the
 * part size, to a whole MiB.
 * @param size at least 1
 */
export function layoutParts(size: number, wishedPartSize: number): PartLayout {
  const needed = Math.ceil(size / S3_LIMITS.maxParts / MiB) * MiB;
  const wished = Math.min(Math.max(wishedPartSize, S3_LIMITS.minPartSize), S3_LIMITS.maxPartSize);
  const partSize = Math.max(wished, needed);
  const partCount = Math.ceil(size / partSize);
  return { partSize, partCount, lastPartSize: size - (partCount - 1) * partSize };
}

/** Bytes of one part of the layout. */
export function partLength({ partSize, partCount, lastPartSize }: PartLayout, partNumber: number): number {
  return partNumber === partCount ? lastPartSize : partSize;
}
