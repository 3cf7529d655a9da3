/** Makes an upload manifest: reads the file once for its checksums, begins the upload and signs everything ahead. */
import type { Checksum, ChecksumAlgorithm, SignedRequest } from "../protocol/messages.ts";
import type { MultipartControl } from "../signing/multipart-control.ts";
import {
  abortMultipartUpload,
  type ConditionalWrite,
  checksumTypeOf,
  completeMultipartUpload,
  headObject,
  listParts,
  uploadPart,
} from "../signing/s3-requests.ts";
import type { S3Request, Signer } from "../signing/signer.ts";
import { amazonS3, type StoreQuirks } from "../signing/store-quirks.ts";
import { checksumOfParts, type PartChecksum } from "./answer-checksum.ts";
import { refuseChangedFile } from "./content.ts";
import type { Manifest } from "./manifest.ts";
import { hashParts } from "./part-checksums.ts";
import type { UploadPlan } from "./plan.ts";
import type { FileSource } from "./source.ts";

export interface ManifestToSign extends ConditionalWrite {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  /** Of the object, besides its content type: lower-case names, as S3 takes them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** AWS when left out. */
  readonly store?: StoreQuirks;
  readonly expiresInSeconds: number;
}

export interface ManifestTools {
  readonly signer: Signer;
  readonly control: MultipartControl;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** S3 lists a thousand parts at a time. */
const partsPerList = 1_000;

/**
 * An upload that was begun and could not be signed to the end is aborted again.
 * @throws S3upError FILE_CHANGED, or what S3 answers
 */
export async function signManifest(
  wish: ManifestToSign,
  plan: UploadPlan & { readonly kind: "multipart" },
  source: FileSource,
  tools: ManifestTools,
): Promise<Manifest> {
  const { control, signal } = tools;
  const { bucket, key, contentType, headers, checksumAlgorithm } = wish;
  const checksums =
    checksumAlgorithm === undefined ? [] : await hashParts(plan.parts, source, checksumAlgorithm, signal);
  await refuseChangedFile(source);

  const uploadId = await control.create({
    bucket,
    key,
    headers: { ...headers, "content-type": contentType },
    checksumAlgorithm,
  });
  const upload = { bucket, key, uploadId };
  try {
    signal.throwIfAborted();
    return await signAll(wish, plan, { source, checksums, upload }, tools);
  } catch (error) {
    await control.abort(upload);
    throw error;
  }
}

interface Begun {
  readonly source: FileSource;
  /** One for each part; empty for an upload without checksums. */
  readonly checksums: readonly PartChecksum[];
  readonly upload: { readonly bucket: string; readonly key: string; readonly uploadId: string };
}

async function signAll(
  wish: ManifestToSign,
  plan: UploadPlan & { readonly kind: "multipart" },
  { source, checksums, upload }: Begun,
  { signer, now }: ManifestTools,
): Promise<Manifest> {
  const { checksumAlgorithm: algorithm, contentType, ifNoneMatch, ifMatch, expiresInSeconds } = wish;
  const { store = amazonS3 } = wish;
  const signedAt = now();
  const sign = (request: S3Request) => signer.sign(request, expiresInSeconds);
  const whole = wholeChecksum(algorithm, checksums);

  const parts = await Promise.all(
    plan.parts.map(async ({ partNumber, start, end }) => {
      const value = checksums[partNumber - 1]?.value;
      const checksum = algorithm === undefined || value === undefined ? undefined : { algorithm, value };
      const contentLength = end - start;
      return {
        partNumber,
        ...(await sign(uploadPart({ ...upload, partNumber, contentLength, checksum }))),
        contentLength,
      };
    }),
  );
  const complete = await sign(
    completeMultipartUpload({
      ...upload,
      objectSize: store.takesObjectSize ? source.size : undefined,
      checksum: whole,
      ifNoneMatch,
      ifMatch,
    }),
  );
  const pages = Array.from({ length: Math.ceil(parts.length / partsPerList) }, (_, page) => page * partsPerList);
  const all = [complete, ...parts];

  return {
    v: 1,
    type: "s3up-manifest",
    ...upload,
    file: { name: source.name, size: source.size, contentType },
    partSize: plan.partSize,
    ...(algorithm === undefined ? {} : { checksumAlgorithm: algorithm }),
    ...(whole === undefined ? {} : { checksum: whole }),
    parts,
    complete,
    abort: await sign(abortMultipartUpload(upload)),
    list: await Promise.all(pages.map((marker) => sign(listParts({ ...upload, ...(marker === 0 ? {} : { marker }) })))),
    head: await sign(
      headObject({ ...upload, headers: store.checksums === undefined ? {} : { "x-amz-checksum-mode": "ENABLED" } }),
    ),
    expiresAt: new Date(signedAt.getTime() + shortestLife(all) * 1000).toISOString(),
  };
}

/** Only a value over all bytes can be signed into the completion. */
function wholeChecksum(algorithm: ChecksumAlgorithm | undefined, parts: readonly PartChecksum[]): Checksum | undefined {
  if (algorithm === undefined || checksumTypeOf(algorithm) === "COMPOSITE") return undefined;
  return checksumOfParts(algorithm, parts);
}

function shortestLife(requests: readonly SignedRequest[]): number {
  return Math.min(...requests.map(({ expiresIn }) => expiresIn));
}
