/** Uploads with AWS credentials: control calls through the SDK, every byte in requests that are signed here. */
import { S3upError } from "../errors.ts";
import { checksumAlgorithms } from "../protocol/messages.ts";
import { customerKeyHeader } from "../signing/customer-key.ts";
import type { MultipartControl, StoredFacts } from "../signing/multipart-control.ts";
import { S3_LIMITS } from "../signing/part-layout.ts";
import { type ConditionalWrite, completeMultipartUpload, putObject, uploadPart } from "../signing/s3-requests.ts";
import type { Signer } from "../signing/signer.ts";
import { amazonS3, checksumTypeAt, type StoreQuirks } from "../signing/store-quirks.ts";
import type { StoredObject } from "../upload/events.ts";
import { UPLOAD_DEFAULTS } from "../upload/plan.ts";
import { otherPartSize, partSizeOf, refuseUnfit } from "../upload/resume.ts";
import type { Destination, MultipartSession, Resumable, UploadStatus } from "../upload/transport.ts";

export interface CredentialsDestinationOptions extends ConditionalWrite {
  readonly signer: Signer;
  readonly control: MultipartControl;
  /** Told of each refusal; true: sign again. */
  readonly renew?: Destination["renew"];
  /** When the credentials end that nobody renews. */
  readonly endOfCredentials?: () => Date | undefined;
  /** Scheme and host of the bucket. */
  readonly origin?: () => Promise<string>;
  readonly bucket: string;
  readonly key: string;
  /** Of the object, besides its content type: lower-case names, as S3 takes them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a server other than AWS, to tell its buckets from those of others. */
  readonly s3Endpoint?: string | undefined;
  /** AWS when left out. */
  readonly store?: StoreQuirks;
  /** Of every request about the object: a customer's key, the owner that the bucket must have. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

/** Requests are signed just before they are sent; this only has to outlast a wait for a connection. */
const lifeSeconds = 15 * 60;

export function createCredentialsDestination(options: CredentialsDestinationOptions): Destination {
  const { signer, control, renew, origin, bucket, key, requestHeaders } = options;
  const { ifNoneMatch, ifMatch, store = amazonS3 } = options;
  const headers = { ...options.headers, ...requestHeaders };

  return {
    label: `s3://${bucket}/${key}`,

    expiry: () => {
      const end = options.endOfCredentials?.();
      return end && { of: "credentials", at: end.getTime() };
    },

    ...(renew === undefined ? {} : { renew }),
    ...(origin === undefined ? {} : { origin }),

    limits: async () => ({
      maxSize: S3_LIMITS.maxObjectSize,
      multipartThreshold: UPLOAD_DEFAULTS.multipartThreshold,
      partSize: { min: S3_LIMITS.minPartSize, default: UPLOAD_DEFAULTS.partSize, max: S3_LIMITS.maxPartSize },
      multipart: true,
      putChecksums: store.checksums === undefined ? [] : checksumAlgorithms,
    }),

    async signPut({ contentType, size, md5 }, checksum) {
      const put = putObject({
        bucket,
        key,
        contentType,
        contentLength: size,
        checksum,
        md5,
        headers,
        ifNoneMatch,
        ifMatch,
      });
      return { request: await signer.sign(put, lifeSeconds), bucket, key, freshKey: false };
    },

    async createMultipart({ contentType }, wish) {
      let isRepeated = false;
      const { partSize } = wish;
      const checksumAlgorithm = store.checksums === undefined ? undefined : wish.checksumAlgorithm;
      const asked = {
        bucket,
        key,
        headers: { ...headers, "content-type": contentType },
        ...checksumsOf(checksumAlgorithm, store),
      };
      const onRepeated = () => {
        isRepeated = true;
      };
      const uploadId = await control.create({ ...asked, onRepeated }).catch(async (error: unknown) => {
        throw await withBegun(error, options);
      });
      const session = createSession(options, { uploadId, partSize, checksumAlgorithm });
      if (!isRepeated) return session;
      // Where they may not be listed, they cannot be named.
      const open = await openUploads(options).catch(() => []);
      return { ...session, strays: open.filter((id) => id !== uploadId) };
    },

    async find(signal) {
      const facts = await lookAt(options, signal);
      return facts === undefined ? undefined : storedObject(options, facts);
    },

    resumable: resumableOf(options),
  };
}

/** The error of a creation that S3 may have carried out all the same, with the ids of what it may have begun. */
async function withBegun(error: unknown, options: CredentialsDestinationOptions): Promise<unknown> {
  if (!(error instanceof S3upError) || (error.code !== "NETWORK" && error.code !== "S3_ERROR")) return error;
  const open = await openUploads(options).catch(() => []);
  if (open.length === 0) return error;
  return new S3upError(error.code, error.message, {
    why: `${error.why ?? ""} S3 may have begun an upload all the same; open for this key: ${open.join(", ")}.`.trim(),
    hint: `${error.hint ?? ""} What nobody works on is removed by \`s3up uploads abort\`.`.trim(),
    cause: error,
  });
}

/** Of this very key. Whose they are cannot be told. */
async function openUploads(
  { control, bucket, key }: CredentialsDestinationOptions,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const pending = await control.listUploads(bucket, key, signal);
  return pending.filter((upload) => upload.key === key).map(({ uploadId }) => uploadId);
}

function resumableOf(options: CredentialsDestinationOptions): Resumable {
  const { control, bucket, key, headers = {}, requestHeaders = {}, s3Endpoint, store = amazonS3 } = options;
  const { [customerKeyHeader]: _, ...tellable } = requestHeaders;
  return {
    target: { via: "credentials", s3Endpoint },
    place: ["credentials", s3Endpoint ?? "", bucket, key],
    // Another key makes another object; of the key itself nothing is written down but what S3 calls it by, its MD5.
    wish: Object.entries({ ...headers, ...tellable })
      .map(([name, value]) => `${name}: ${value}`)
      .sort(),
    resume: async (_object, { upload }) => createSession(options, { ...upload, continued: true }),

    openUploads: (signal) => openUploads(options, signal),

    async adopt({ fileName, size }, { uploadId, usualPartSize, partSize: asked }, signal) {
      const upload = { bucket, key, uploadId };
      const { checksumAlgorithm, checksumType } = await control.listPage(
        { ...upload, requestHeaders },
        undefined,
        signal,
      );
      if (
        checksumAlgorithm !== undefined &&
        (checksumType ?? checksumTypeAt(store, checksumAlgorithm)) !== checksumTypeAt(store, checksumAlgorithm)
      ) {
        refuseUnfit(fileName, uploadId, `It was begun with ${checksumAlgorithm} checksums of type ${checksumType}.`);
      }
      const listed = await control.listParts({ ...upload, requestHeaders }, signal);
      const partSize = partSizeOf(listed, size, asked ?? usualPartSize);
      if (partSize === undefined) {
        refuseUnfit(fileName, uploadId, `Its ${listed.length} parts are not parts of a file of ${size} bytes.`);
      }
      if (asked !== undefined && asked !== partSize) refuseUnfit(fileName, uploadId, otherPartSize(partSize, asked));
      return createSession(options, { uploadId, partSize, checksumAlgorithm, continued: true });
    },
  };
}

function createSession(
  options: CredentialsDestinationOptions,
  begun: Pick<MultipartSession, "uploadId" | "partSize" | "checksumAlgorithm" | "continued">,
): MultipartSession {
  const { signer, control, bucket, key, requestHeaders = {}, ifNoneMatch, ifMatch, store = amazonS3 } = options;
  const { uploadId, partSize, checksumAlgorithm, continued = false } = begun;
  const upload = { bucket, key, uploadId };

  return {
    ...upload,
    partSize,
    ...checksumsOf(checksumAlgorithm, store),
    continued,
    signPart: (part) => signer.sign(uploadPart({ ...upload, ...part, headers: requestHeaders }), lifeSeconds),

    signComplete: ({ checksum, size }) =>
      signer.sign(
        completeMultipartUpload({
          ...upload,
          objectSize: store.takesObjectSize ? size : undefined,
          checksum,
          ifNoneMatch,
          ifMatch,
          headers: requestHeaders,
        }),
        lifeSeconds,
      ),

    async status(signal): Promise<UploadStatus> {
      try {
        return { state: "open", parts: await control.listParts({ ...upload, requestHeaders }, signal) };
      } catch (error) {
        if (!(error instanceof S3upError && error.code === "UPLOAD_NOT_FOUND")) throw error;
      }
      const facts = await lookAt(options, signal);
      return facts === undefined ? { state: "gone" } : { state: "completed", object: storedObject(options, facts) };
    },

    abort: () => control.abort(upload),
  };
}

function checksumsOf(checksumAlgorithm: MultipartSession["checksumAlgorithm"], store: StoreQuirks) {
  if (checksumAlgorithm === undefined) return { checksumAlgorithm };
  return { checksumAlgorithm, checksumType: checksumTypeAt(store, checksumAlgorithm) };
}

function lookAt(options: CredentialsDestinationOptions, signal: AbortSignal) {
  const { control, bucket, key, requestHeaders } = options;
  return control.head({ bucket, key, ...(requestHeaders === undefined ? {} : { requestHeaders }) }, signal);
}

function storedObject({ bucket, key }: CredentialsDestinationOptions, facts: StoredFacts): StoredObject {
  const { etag, size, versionId, checksum } = facts;
  return {
    bucket,
    key,
    // A server that tells no size matches no file.
    size: size ?? -1,
    etag,
    ...(versionId === undefined ? {} : { versionId }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}
