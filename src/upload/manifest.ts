/**
 * The upload manifest: everything that `s3up put --manifest` needs to store one file in parts without credentials.
 * `s3up presign --multipart` prints it. Each of its URLs is a bearer credential, so the file is one too.
 */
import * as v from "valibot";
import { S3upError } from "../errors.ts";
import { checksumAlgorithms, checksumSchema, signedPartSchema, signedRequestSchema } from "../protocol/messages.ts";

const positiveInteger = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

export const manifestSchema = v.object({
  v: v.literal(1),
  type: v.literal("s3up-manifest"),
  bucket: v.string(),
  key: v.pipe(v.string(), v.minLength(1)),
  uploadId: v.pipe(v.string(), v.minLength(1)),
  /** The one file that the parts are signed for. */
  file: v.object({ name: v.string(), size: positiveInteger, contentType: v.string() }),
  partSize: positiveInteger,
  /** Absent for an upload without checksums. */
  checksumAlgorithm: v.optional(v.picklist(checksumAlgorithms)),
  /** Of the whole file, for an algorithm whose parts add up. */
  checksum: v.optional(checksumSchema),
  /** Every part, ready to be sent; numbers ascend from 1. */
  parts: v.pipe(v.array(signedPartSchema), v.minLength(1), v.maxLength(10_000)),
  complete: signedRequestSchema,
  abort: signedRequestSchema,
  /** One for each thousand parts: S3 lists no more at a time. */
  list: v.pipe(v.array(signedRequestSchema), v.minLength(1)),
  /** Tells what stands under the key, for when the answer to the completion gets lost. */
  head: v.optional(signedRequestSchema),
  /** When the first URL expires; ISO 8601, by the clock of the machine that signed. */
  expiresAt: v.string(),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

/**
 * @param name of the file, for errors; its text is never repeated
 * @throws S3upError USAGE
 */
export function parseManifest(text: string, name: string): Manifest {
  const parsed = v.safeParse(manifestSchema, readJson(text, name));
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const place = v.getDotPath(issue);
  throw new S3upError("USAGE", `${name} is not an upload manifest.`, {
    why: place === null ? "It is no JSON object." : `Its member ${place} is missing or not as it should be.`,
    hint: "Make one with `s3up presign s3://bucket/key --multipart --file F`.",
  });
}

function readJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new S3upError("USAGE", `${name} is not an upload manifest.`, {
      why: "It is no JSON.",
      hint: "Make one with `s3up presign s3://bucket/key --multipart --file F`.",
      // The parser's own message quotes the text.
      cause: new Error(cause instanceof Error ? cause.name : "unreadable"),
    });
  }
}
