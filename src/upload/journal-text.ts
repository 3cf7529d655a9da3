/**
 * A journal as text: one JSON object a line, each behind its own checksum, so that a line that was torn or damaged is
 * known as such and left out. The first line is the header; without it there is no journal.
 */
import * as v from "valibot";
import { checksumAlgorithms, checksumSchema } from "../protocol/messages.ts";
import { crc32 } from "./digest.ts";
import type { JournalHeader, SavedJournal, SavedPart } from "./journal.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const named = v.pipe(v.string(), v.minLength(1));

const headerSchema = v.object({
  v: v.literal(1),
  target: v.variant("via", [
    v.object({ via: v.literal("credentials"), s3Endpoint: v.optional(v.string()) }),
    v.object({ via: v.literal("endpoint"), url: v.string() }),
    v.object({ via: v.literal("manifest"), path: v.string() }),
  ]),
  wish: v.string(),
  file: v.object({ path: v.string(), size: count, mtimeMs: v.number(), inode: v.string(), fingerprint: v.string() }),
  asked: v.object({ partSize: positive, clientToken: v.string() }),
  upload: v.optional(
    v.object({
      bucket: v.optional(v.string()),
      key: named,
      uploadId: named,
      partSize: positive,
      checksumAlgorithm: v.optional(v.picklist(checksumAlgorithms)),
      uploadToken: v.optional(v.string()),
    }),
  ),
});

const partSchema = v.object({
  part: v.pipe(positive, v.maxValue(10_000)),
  size: positive,
  etag: named,
  checksum: v.optional(v.string()),
});

const completingSchema = v.object({ completing: v.object({ checksum: v.optional(checksumSchema) }) });

export function headerLine(header: JournalHeader): string {
  return line({ v: 1, ...header } satisfies v.InferInput<typeof headerSchema>);
}

export function partLine({ partNumber, ...part }: SavedPart): string {
  return line({ part: partNumber, ...part } satisfies v.InferInput<typeof partSchema>);
}

export function completingLine({ checksum }: NonNullable<SavedJournal["completing"]>): string {
  return line({ completing: { checksum } } satisfies v.InferInput<typeof completingSchema>);
}

/** Undefined for anything but a journal of this version. Never throws. */
export function parseJournal(text: string): SavedJournal | undefined {
  const [first, ...rest] = text.split("\n");
  const header = v.safeParse(headerSchema, readLine(first ?? ""));
  if (!header.success) return undefined;

  const parts = new Map<number, SavedPart>();
  let completing: SavedJournal["completing"];
  for (const each of rest) {
    const value = readLine(each);
    const part = v.safeParse(partSchema, value);
    if (part.success) parts.set(part.output.part, savedPart(part.output));
    const end = v.safeParse(completingSchema, value);
    if (end.success) completing = { checksum: end.output.completing.checksum };
  }
  const { v: _, ...saved } = header.output;
  return { ...saved, upload: savedUpload(saved.upload), parts, completing };
}

function savedPart({ part, size, etag, checksum }: v.InferOutput<typeof partSchema>): SavedPart {
  return { partNumber: part, size, etag, checksum };
}

function savedUpload(upload: v.InferOutput<typeof headerSchema>["upload"]): JournalHeader["upload"] {
  if (upload === undefined) return undefined;
  const { bucket, checksumAlgorithm, ...others } = upload;
  return { bucket, checksumAlgorithm, ...others };
}

function line(value: object): string {
  const json = JSON.stringify(value);
  return `${checksumOf(json)} ${json}\n`;
}

function readLine(text: string): unknown {
  const json = text.slice(9);
  if (text.charAt(8) !== " " || checksumOf(json) !== text.slice(0, 8)) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    // No line of ours, by a chance of one in four thousand million.
    return undefined;
  }
}

function checksumOf(json: string): string {
  return crc32(new TextEncoder().encode(json)).toString(16).padStart(8, "0");
}
