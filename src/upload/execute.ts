/** Carries a plan out: the one way on which files leave, whatever the destination. */
import type { StoredObject } from "./events.ts";
import { watchExpiry } from "./expiry.ts";
import { orInterruption } from "./interruption.ts";
import { uploadMultipart } from "./multipart.ts";
import type { UploadPlan } from "./plan.ts";
import { uploadSingle } from "./single.ts";
import type { FileSource } from "./source.ts";
import type { UploadTools } from "./tools.ts";
import type { Destination } from "./transport.ts";

export type { UploadResources } from "./resources.ts";
export type { Clock, UploadSettings, UploadTools } from "./tools.ts";

/**
 * Settles only when every request has ended. When it rejects, nothing of a multipart upload is left at S3, or the error
 * says what is, how to go on with it and how to remove it.
 * @throws S3upError; an abort of the signal gives its reason, or INTERRUPTED
 */
export async function executeUpload(
  plan: UploadPlan,
  source: FileSource,
  destination: Destination,
  given: UploadTools,
): Promise<StoredObject> {
  const { signal, pace } = given;
  const emit = pace === undefined ? given.emit : watchExpiry(() => destination.expiry?.(), pace, given.emit);
  const tools: UploadTools = { ...given, emit, ...signatureOf(destination) };
  try {
    signal.throwIfAborted();
    const object =
      plan.kind === "single"
        ? await uploadSingle(source, destination, tools)
        : await uploadMultipart(plan, source, destination, tools);
    emit({ type: "completed", object });
    return object;
  } catch (error) {
    throw orInterruption(error, signal);
  }
}

function signatureOf({ signedBy, renew }: Destination): Pick<UploadTools, "signedBy" | "renew"> {
  return { ...(signedBy === undefined ? {} : { signedBy }), ...(renew === undefined ? {} : { renew }) };
}
