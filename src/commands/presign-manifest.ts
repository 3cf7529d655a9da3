import { S3upError } from "../errors.ts";
import type { ChecksumAlgorithm } from "../protocol/messages.ts";
import type { Report, Runtime, S3Access } from "../runtime.ts";
import { checksumTypeOf } from "../signing/s3-requests.ts";
import { checksumTypeAt, type StoreQuirks } from "../signing/store-quirks.ts";
import { objectHeaders } from "../signing/upload-headers.ts";
import { planUpload } from "../upload/plan.ts";
import { signManifest } from "../upload/sign-manifest.ts";
import type { FileSource } from "../upload/source.ts";
import type { PresignWish } from "./presign.ts";
import type { Presigned } from "./presign-output.ts";
import type { S3Address } from "./s3-address.ts";
import { refuseChecksum } from "./store-fitness.ts";

/** The checksums of CRC32 parts add up, so that the whole object's value can be signed into the completion. */
const defaultAlgorithm: ChecksumAlgorithm = "CRC32";

/** Begins a multipart upload and signs all of it ahead. */
export async function presignManifest(
  { bucket, key }: S3Address,
  source: FileSource,
  wish: PresignWish,
  s3: S3Access,
  runtime: Runtime,
  report: Report,
): Promise<Presigned> {
  const { contentType, ...object } = wish.object;
  const headers = objectHeaders(object);
  const limits = await s3.destination({ bucket, key, headers, ifNoneMatch: undefined }).limits(runtime.signal);
  const plan = planUpload(source, limits, { partSize: wish.multipart?.partSize, multipartThreshold: 1 });
  if (plan.kind === "single") throw emptyFile(source);

  report.emit({ type: "preparing", step: "checksum" });
  const manifest = await signManifest(
    {
      bucket,
      key,
      contentType: contentType ?? (await runtime.contentTypeOf(source.name)),
      headers,
      checksumAlgorithm: manifestAlgorithm(wish, s3.store),
      store: s3.store,
      expiresInSeconds: wish.expiresInSeconds,
      ...(wish.noOverwrite ? { ifNoneMatch: "*" as const } : {}),
    },
    plan,
    source,
    { signer: s3.signer, control: s3.control, now: () => runtime.now(), signal: runtime.signal },
  );
  const expiresIn = Math.min(...manifest.parts.map((part) => part.expiresIn), manifest.complete.expiresIn);
  return { kind: "manifest", manifest, bucket, key, file: source.path, expiresIn, askedSeconds: wish.expiresInSeconds };
}

/** Whoever uses the manifest knows nothing of the store, so the checksum of the whole has to be the usual one. */
function manifestAlgorithm({ checksum }: PresignWish, store: StoreQuirks): ChecksumAlgorithm | undefined {
  if (checksum?.kind !== "compute") {
    if (store.checksums === undefined) return undefined;
    return isUsualAt(store, defaultAlgorithm) ? defaultAlgorithm : "CRC64NVME";
  }
  const { algorithm } = checksum;
  refuseChecksum(algorithm, store);
  if (algorithm === undefined || isUsualAt(store, algorithm)) return algorithm;
  throw new S3upError("USAGE", `A manifest for ${store.title} cannot have --checksum ${algorithm.toLowerCase()}.`, {
    why: `${store.title} makes no checksum of the whole object from it.`,
    hint: "Leave --checksum out; crc64nvme is used then.",
  });
}

function isUsualAt(store: StoreQuirks, algorithm: ChecksumAlgorithm): boolean {
  return checksumTypeAt(store, algorithm) === checksumTypeOf(algorithm);
}

function emptyFile({ path }: FileSource): S3upError {
  return new S3upError("USAGE", `${path} is empty.`, {
    why: "An upload in parts needs at least one byte.",
    hint: "Leave --multipart out.",
  });
}
