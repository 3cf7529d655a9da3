/** Uploads with a manifest: every request is signed already, so nothing can be signed again and nobody is asked. */
import { S3upError } from "../errors.ts";
import { checksumAlgorithms, type SignedRequest } from "../protocol/messages.ts";
import { S3_LIMITS } from "../signing/part-layout.ts";
import { readS3Error } from "../signing/s3-answers.ts";
import { s3ErrorFrom } from "../signing/s3-errors.ts";
import { checksumHeader } from "../signing/s3-requests.ts";
import { checksumIn } from "../upload/answer-checksum.ts";
import type { Manifest } from "../upload/manifest.ts";
import {
  type Destination,
  type MultipartSession,
  type ObjectToStore,
  type PartSender,
  type PartToSign,
  SendFailure,
  type SentAnswer,
  type UploadStatus,
} from "../upload/transport.ts";
import { type Answerer, checkSignedRequest } from "../upload/trust.ts";
import { readListedParts } from "./listed-parts.ts";

export interface ManifestDestinationOptions {
  readonly manifest: Manifest;
  /** Of the manifest's file, for errors. */
  readonly name: string;
  /** Where that file is, for a later run; the name when not given. */
  readonly path?: string;
  readonly sender: PartSender;
  readonly now: () => Date;
}

/** Tries of a list, a look or an abort; the engine's own requests have the engine's. */
const attempts = 3;
/** A list of a thousand parts with their checksums. */
const keptAnswer = 1024 * 1024;

/** @throws S3upError ENDPOINT_UNTRUSTWORTHY for a manifest whose requests are not what it says they are */
export function createManifestDestination(options: ManifestDestinationOptions): Destination {
  const { manifest, name } = options;
  checkManifest(manifest, { name: `The manifest ${name}` });
  const { bucket, key, partSize } = manifest;

  return {
    label: `s3://${bucket}/${key}`,
    signedBy: "manifest",

    limits: async () => ({
      maxSize: manifest.file.size,
      multipartThreshold: 0,
      partSize: { min: partSize, default: partSize, max: partSize },
      multipart: true,
      putChecksums: [],
    }),

    signPut: async (object) => {
      throw otherFile(manifest, name, object);
    },

    async createMultipart(object) {
      if (object.size !== manifest.file.size) throw otherFile(manifest, name, object);
      refuseExpired(options);
      return createSession(options);
    },

    expiry: () => {
      const at = Date.parse(manifest.expiresAt);
      return Number.isNaN(at) ? undefined : { of: "manifest", at };
    },

    resumable: {
      target: { via: "manifest", path: options.path ?? name },
      place: ["manifest", bucket, key, manifest.uploadId],
      wish: [],
      async resume(object) {
        if (object.size !== manifest.file.size) throw otherFile(manifest, name, object);
        return createSession(options);
      },
    },
  };
}

function createSession(options: ManifestDestinationOptions): MultipartSession {
  const { manifest, name, sender } = options;
  const { bucket, key, uploadId, partSize, checksumAlgorithm } = manifest;
  const parts = new Map(manifest.parts.map((part) => [part.partNumber, part]));

  return {
    bucket,
    key,
    uploadId,
    partSize,
    checksumAlgorithm,
    continued: true,

    signPart: async (part) => {
      const { partNumber: _, ...request } = parts.get(part.partNumber) as Manifest["parts"][number];
      refuseOtherBytes(request, part, manifest, name);
      return request;
    },

    signComplete: async () => manifest.complete,

    async status(signal): Promise<UploadStatus> {
      const listed = [];
      for (const request of manifest.list) {
        const answer = await ask(sender, request, signal);
        if (isGone(answer)) return whatIsThere(options, signal);
        const page = answer.status === 200 ? readListedParts(answer.body) : undefined;
        if (page === undefined) throw refused(answer, "ListParts", manifest);
        listed.push(...page);
      }
      return { state: "open", parts: listed };
    },

    async abort() {
      const answer = await ask(sender, manifest.abort, new AbortController().signal);
      if (answer.status >= 300 && !isGone(answer)) throw refused(answer, "AbortMultipartUpload", manifest);
    },
  };
}

async function whatIsThere(
  { manifest, sender }: ManifestDestinationOptions,
  signal: AbortSignal,
): Promise<UploadStatus> {
  if (manifest.head === undefined) return { state: "gone" };
  const answer = await ask(sender, manifest.head, signal);
  const { bucket, key } = manifest;
  if (answer.status !== 200) return { state: "gone" };

  const checksum = checksumIn(answer, manifest.checksumAlgorithm);
  const versionId = answer.headers["x-amz-version-id"];
  return {
    state: "completed",
    object: {
      bucket,
      key,
      size: Number(answer.headers["content-length"] ?? -1),
      etag: answer.headers.etag,
      ...(versionId === undefined ? {} : { versionId }),
      ...(checksum === undefined ? {} : { checksum }),
    },
  };
}

async function ask(sender: PartSender, request: SignedRequest, signal: AbortSignal): Promise<SentAnswer> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await sender.send(request, undefined, { signal, contentLength: 0, keptAnswer });
      if (answer.status < 500 || tries >= attempts) return answer;
    } catch (error) {
      if (!(error instanceof SendFailure)) throw error;
      if (tries >= attempts) {
        throw new S3upError("NETWORK", `${new URL(request.url).host} could not be reached.`, {
          why: `The last of ${tries} tries ended with: ${error.reason}.`,
          hint: "Check the network and run the same command again.",
          cause: error,
        });
      }
    }
  }
}

function isGone({ status, body }: SentAnswer): boolean {
  return status === 404 && readS3Error(body)?.code !== "NoSuchBucket";
}

function refused(answer: SentAnswer, operation: string, { bucket, key }: Manifest): S3upError {
  const said = readS3Error(answer.body);
  return s3ErrorFrom({
    status: answer.status,
    code: said?.code,
    message: said?.message,
    operation,
    bucket,
    key,
    signature: { by: "manifest", headers: {} },
  });
}

/** The manifest may have been changed on its way: each request must be what it is used for. */
function checkManifest(manifest: Manifest, from: Answerer): void {
  const { key, uploadId, parts, partSize, file } = manifest;
  const query = { uploadId };
  const count = Math.ceil(file.size / partSize);
  if (parts.length !== count || count > S3_LIMITS.maxParts) {
    throw new S3upError("ENDPOINT_UNTRUSTWORTHY", `${from.name} does not fit together; nothing was sent.`, {
      why: `It has ${parts.length} parts where ${file.size} bytes make ${count} of ${partSize}.`,
      hint: "Make a new one with `s3up presign --multipart`.",
    });
  }
  for (const [index, part] of parts.entries()) {
    const partNumber = index + 1;
    const contentLength = Math.min(partSize, file.size - index * partSize);
    const expected = { ...query, partNumber: String(partNumber) };
    checkSignedRequest(part, { method: "PUT", key, contentLength, query: expected }, from);
  }
  const { complete, abort, list, head } = manifest;
  const notInQuery = ["partNumber"];
  checkSignedRequest(complete, { method: "POST", key, query, notInQuery, checksum: manifest.checksum }, from);
  checkSignedRequest(abort, { method: "DELETE", key, query, notInQuery }, from);
  for (const request of list) checkSignedRequest(request, { method: "GET", key, query, notInQuery }, from);
  if (head !== undefined) {
    checkSignedRequest(head, { method: "HEAD", key, notInQuery: ["partNumber", "uploadId"] }, from);
  }
}

function refuseOtherBytes(request: SignedRequest, part: PartToSign, manifest: Manifest, name: string): void {
  const signed = checksumAlgorithms.find((algorithm) => request.headers[checksumHeader(algorithm)] !== undefined);
  if (signed === undefined || part.checksum?.algorithm !== signed) return;
  if (request.headers[checksumHeader(signed)] === part.checksum.value) return;
  throw new S3upError("CHECKSUM_MISMATCH", `The file is not the one that ${name} was made for.`, {
    why: `Part ${part.partNumber} of ${manifest.file.name} had another ${signed} when it was signed.`,
    hint: "Use that file, or make a new manifest for this one.",
  });
}

function refuseExpired({ manifest, name, now }: ManifestDestinationOptions): void {
  const expiry = Date.parse(manifest.expiresAt);
  if (Number.isNaN(expiry) || expiry > now().getTime()) return;
  throw new S3upError("URL_EXPIRED", `The manifest ${name} has expired.`, {
    why: `Its first URL was good until ${new Date(expiry).toISOString()}.`,
    hint: "Make a new one with `s3up presign --multipart`.",
  });
}

function otherFile(manifest: Manifest, name: string, object: ObjectToStore): S3upError {
  return new S3upError("USAGE", `${object.fileName} is not the file that ${name} was made for.`, {
    why: `It has ${object.size} bytes; ${manifest.file.name} had ${manifest.file.size}.`,
    hint: "Use that file, or make a new manifest for this one.",
  });
}
