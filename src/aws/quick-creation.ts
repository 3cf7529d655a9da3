/**
 * Begins a multipart upload with a request that is signed here, as those of its parts are. If that does not do at once,
 * the SDK begins it, with all that it knows about refusals, regions, clocks and waiting.
 */
import type { MultipartControl } from "../signing/multipart-control.ts";
import { readCreation } from "../signing/s3-answers.ts";
import { createMultipartUpload } from "../signing/s3-requests.ts";
import type { Signer } from "../signing/signer.ts";
import { type PartSender, SendFailure } from "../upload/transport.ts";

export interface QuickCreationOptions {
  readonly signer: Signer;
  readonly sender: PartSender;
  /** Asked when the quick way did not lead to an upload. */
  readonly create: MultipartControl["create"];
}

/** It is sent at once. */
const lifeSeconds = 15 * 60;
/** Of these nothing reached S3. */
const neverSent: readonly SendFailure["reason"][] = ["connect", "dns", "tls", "descriptors"];

export function createQuickly({ signer, sender, create }: QuickCreationOptions): MultipartControl["create"] {
  return async (upload, signal = new AbortController().signal) => {
    const request = await signer.sign(createMultipartUpload(upload), lifeSeconds);
    const tried = await tryOnce(request, sender, signal);
    signal.throwIfAborted();
    if (typeof tried === "object") return tried.uploadId;
    if (tried === "unknown") upload.onRepeated?.();
    return create(upload, signal);
  };
}

/** `unknown`: S3 may have begun an upload. */
async function tryOnce(
  request: Parameters<PartSender["send"]>[0],
  sender: PartSender,
  signal: AbortSignal,
): Promise<{ readonly uploadId: string } | "refused" | "unknown"> {
  try {
    const { status, body } = await sender.send(request, undefined, { signal, contentLength: 0 });
    const uploadId = status === 200 ? readCreation(body) : undefined;
    if (uploadId !== undefined) return { uploadId };
    return status >= 300 && status < 500 ? "refused" : "unknown";
  } catch (error) {
    return error instanceof SendFailure && !neverSent.includes(error.reason) ? "unknown" : "refused";
  }
}
