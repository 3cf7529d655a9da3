import type { Capabilities } from "../../protocol/messages.ts";
import { S3_LIMITS } from "../../signing/part-layout.ts";
import type { Call, Outcome } from "./call.ts";

/** Parts of a multipart upload are checked with this one: it combines into the object's own checksum. */
export const PART_CHECKSUM = "CRC32";

export async function capabilities({ settings, ports }: Call): Promise<Outcome> {
  const body: Capabilities = {
    v: 1,
    service: "s3up-presign",
    modes: [...settings.modes],
    maxSize: settings.maxSize,
    multipartThreshold: settings.multipartThreshold,
    partSize: { min: S3_LIMITS.minPartSize, default: settings.partSize, max: S3_LIMITS.maxPartSize },
    maxBatch: settings.maxBatch,
    expiresIn: settings.expiresIn,
    contentTypes: [...settings.contentTypes],
    checksums: { put: [...settings.putChecksums], multipart: [PART_CHECKSUM] },
    overwrite: settings.overwrite,
    auth: settings.auth,
    region: ports.signer.region,
    idempotentCreate: settings.idempotentCreate,
  };
  return { status: 200, body };
}
