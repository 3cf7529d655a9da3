/** How a file becomes one PUT or the parts of a multipart upload. Arithmetic only: nothing is opened or sent. */
import { S3upError } from "../errors.ts";
import { S3_LIMITS } from "../signing/part-layout.ts";
import type { SourceFacts } from "./source.ts";
import type { DestinationLimits } from "./transport.ts";

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/**
 * What s3up does where nobody wishes otherwise. Parts of 8 MiB: eight at a time fit into 64 MiB and fill a long line,
 * which half as many of twice the size would not; smaller ones cost more requests and are no faster.
 */
export const UPLOAD_DEFAULTS = { partSize: 8 * MiB, multipartThreshold: 16 * MiB } as const;

/** Half open: `end` is the first byte that is not part of it. */
export interface ByteRange {
  readonly partNumber: number;
  readonly start: number;
  readonly end: number;
}

/** Everything decided, nothing done. `--dry-run`, the progress total and the engine read it. */
export type UploadPlan = { readonly file: SourceFacts & { readonly path: string } } & (
  | { readonly kind: "single" }
  | { readonly kind: "multipart"; readonly partSize: number; readonly parts: readonly ByteRange[] }
);

/** What the user asked for, in bytes. */
export interface UploadWishes {
  readonly partSize?: number | undefined;
  readonly multipartThreshold?: number | undefined;
  /** Takes the place of the destination's default; made to fit where `partSize` would be refused. */
  readonly usualPartSize?: number | undefined;
}

/**
 * An empty file is always one PUT: a multipart upload has no part of 0 bytes.
 * @throws S3upError TOO_LARGE for more than the destination takes, USAGE for a part size that cannot be
 */
export function planUpload(
  file: SourceFacts & { readonly path: string },
  limits: DestinationLimits,
  wishes: UploadWishes = {},
): UploadPlan {
  refuseTooLarge(file, limits);
  if (file.size === 0 || !isMultipart(file.size, limits, wishes)) return { file, kind: "single" };

  const partSize = choosePartSize(file, limits, wishes);
  return { file, kind: "multipart", partSize, parts: splitIntoParts(file.size, partSize) };
}

/** Equal parts but for the last, numbered from 1; together they cover every byte once. */
export function splitIntoParts(size: number, partSize: number): readonly ByteRange[] {
  return Array.from({ length: Math.ceil(size / partSize) }, (_, index) => ({
    partNumber: index + 1,
    start: index * partSize,
    end: Math.min(size, (index + 1) * partSize),
  }));
}

/** The smallest part size of whole MiB with which `size` bytes fit into 10,000 parts. */
export function smallestPartSize(size: number): number {
  return Math.ceil(size / S3_LIMITS.maxParts / MiB) * MiB;
}

/** S3's own limits for every part but the last. */
export function withinPartLimits(partSize: number): number {
  return Math.min(Math.max(partSize, S3_LIMITS.minPartSize), S3_LIMITS.maxPartSize);
}

/** As a user would type it for `--part-size`: `16MiB` where it comes out even, else bytes. */
export function sizeText(bytes: number): string {
  for (const [unit, name] of [
    [GiB, "GiB"],
    [MiB, "MiB"],
    [KiB, "KiB"],
  ] as const) {
    if (bytes >= unit && bytes % unit === 0) return `${bytes / unit}${name}`;
  }
  return `${bytes} bytes`;
}

function isMultipart(size: number, limits: DestinationLimits, wishes: UploadWishes): boolean {
  if (!limits.multipart) return false;
  const threshold = Math.min(wishes.multipartThreshold ?? limits.multipartThreshold, S3_LIMITS.maxSinglePut + 1);
  return size >= threshold;
}

function choosePartSize(
  file: { readonly path: string; readonly size: number },
  limits: DestinationLimits,
  { partSize: wish, usualPartSize }: UploadWishes,
): number {
  const { min, max } = limits.partSize;
  const needed = smallestPartSize(file.size);

  if (wish === undefined) return Math.min(Math.max(usualPartSize ?? limits.partSize.default, needed, min), max);
  if (wish < min || wish > max) {
    throw new S3upError("USAGE", `A part size of ${sizeText(wish)} is not possible.`, {
      why: `The parts of this upload may have ${sizeText(min)} to ${sizeText(max)}; only the last may be smaller.`,
      hint: `Use --part-size ${sizeText(wish < min ? Math.max(min, needed) : max)}, or leave it out.`,
    });
  }
  const count = Math.ceil(file.size / wish);
  if (count > S3_LIMITS.maxParts) {
    throw new S3upError("USAGE", `${file.path} would need ${count} parts of ${sizeText(wish)}.`, {
      why: `S3 allows ${S3_LIMITS.maxParts} parts.`,
      hint: `Use --part-size ${sizeText(Math.max(needed, min))} or more, or leave it out.`,
    });
  }
  return wish;
}

function refuseTooLarge(file: { readonly path: string; readonly size: number }, limits: DestinationLimits): void {
  const ofS3 = limits.multipart ? S3_LIMITS.maxParts * limits.partSize.max : S3_LIMITS.maxSinglePut;
  if (file.size <= Math.min(limits.maxSize, ofS3)) return;

  if (limits.maxSize <= ofS3) {
    throw new S3upError("TOO_LARGE", `${file.path} is too large for this destination.`, {
      why: `It has ${file.size} bytes; at most ${limits.maxSize} are accepted.`,
      hint: "Ask whoever runs the endpoint for a higher limit, or send a smaller file.",
    });
  }
  throw new S3upError(
    "TOO_LARGE",
    `${file.path} is too large for ${limits.multipart ? "one object" : "a single PUT"}.`,
    {
      why: `It has ${file.size} bytes; ${ofS3} is the most that ${limits.multipart ? "10,000 parts hold" : "S3 takes in one PUT"}.`,
      hint: limits.multipart
        ? "Split the file."
        : "Use credentials, an endpoint or a multipart manifest: those send the file in parts.",
    },
  );
}
