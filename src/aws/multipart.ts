/** The control calls of multipart uploads through the SDK. ETags are kept as S3 writes them, in quotes. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  type ListPartsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { S3upError } from "../errors.ts";
import { type Checksum, checksumAlgorithms, type ListedPart } from "../protocol/messages.ts";
import type {
  MultipartControl,
  MultipartToComplete,
  MultipartToCreate,
  MultipartUpload,
  PartsPage,
  PendingUpload,
  StoredFacts,
} from "../signing/multipart-control.ts";
import { checksumTypeOf } from "../signing/s3-requests.ts";
import { amazonS3, type StoreQuirks } from "../signing/store-quirks.ts";
import { checksumMembers, readChecksum, readPartChecksum } from "./sdk-checksums.ts";
import { withSdkErrors } from "./sdk-errors.ts";
import { sendHeaders } from "./sdk-headers.ts";

/** A part in flight can land after an abort; this often the list is asked whether one did, with growing pauses. */
const ABORT_CHECKS = 5;
const FIRST_PAUSE_MS = 200;

export interface MultipartOptions {
  readonly client: S3Client;
  /** AWS when left out. */
  readonly store?: StoreQuirks;
  /** Waits between two checks of an abort; a test hands in one that does not. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** A try without an answer for so long is over; 60 seconds when left out. Completions have all the time of the client. */
  readonly answerTimeoutMs?: number | undefined;
}

const usualAnswerTimeoutMs = 60_000;

export function createMultipartControl({
  client,
  pause = sleep,
  store = amazonS3,
  ...given
}: MultipartOptions): MultipartControl {
  const requestTimeout = given.answerTimeoutMs ?? usualAnswerTimeoutMs;
  const options = (signal?: AbortSignal) => ({ ...abortable(signal), requestTimeout });

  async function create(upload: MultipartToCreate, signal?: AbortSignal): Promise<string> {
    const { bucket, key, headers } = upload;
    const command = new CreateMultipartUploadCommand({ Bucket: bucket, Key: key, ...checksumWish(upload) });
    sendHeaders(command, headers);
    const send = () => client.send(command, options(signal));
    const { UploadId, $metadata } = await call("CreateMultipartUpload", upload, send, signal);
    if (($metadata.attempts ?? 1) > 1) upload.onRepeated?.();
    if (UploadId === undefined) throw unreadable("CreateMultipartUpload", "an upload id");
    return UploadId;
  }

  async function listPage(
    upload: MultipartUpload,
    marker: number | undefined,
    signal?: AbortSignal,
  ): Promise<PartsPage> {
    const { bucket, key, uploadId } = upload;
    const command = new ListPartsCommand({
      Bucket: bucket,
      Key: key,
      UploadId: uploadId,
      ...(marker === undefined ? {} : { PartNumberMarker: String(marker) }),
    });
    sendHeaders(command, upload.requestHeaders);
    const page = await call("ListParts", upload, () => client.send(command, options(signal)), signal);
    const algorithm = checksumAlgorithms.find((name) => name === page.ChecksumAlgorithm);
    return {
      parts: partsOf(page),
      nextMarker: nextMarkerOf(page, marker),
      ...(algorithm === undefined ? {} : { checksumAlgorithm: algorithm }),
      ...(page.ChecksumType === undefined ? {} : { checksumType: page.ChecksumType }),
    };
  }

  async function listParts(upload: MultipartUpload, signal?: AbortSignal): Promise<readonly ListedPart[]> {
    const parts: ListedPart[] = [];
    let marker: number | undefined;
    do {
      const page = await listPage(upload, marker, signal);
      parts.push(...page.parts);
      marker = page.nextMarker;
    } while (marker !== undefined);
    return parts;
  }

  async function complete(upload: MultipartToComplete, signal?: AbortSignal): Promise<StoredFacts> {
    const command = new CompleteMultipartUploadCommand(completionOf(upload, store));
    sendHeaders(command, upload.requestHeaders);
    const done = await call("CompleteMultipartUpload", upload, () => client.send(command, abortable(signal)), signal);
    if (done.ETag === undefined) throw unreadable("CompleteMultipartUpload", "an ETag");
    const checksum = readChecksum(done);
    return {
      etag: done.ETag,
      ...(upload.objectSize === undefined ? {} : { size: upload.objectSize }),
      ...(done.VersionId === undefined ? {} : { versionId: done.VersionId }),
      ...(checksum === undefined ? {} : { checksum }),
    };
  }

  async function abort(upload: MultipartUpload): Promise<void> {
    for (let check = 0; check < ABORT_CHECKS; check += 1) {
      if (check > 0) await pause(FIRST_PAUSE_MS * 2 ** (check - 1));
      await abortOnce(upload);
      if (await isGone(upload)) return;
    }
    throw new S3upError(
      "S3_ERROR",
      `The multipart upload of s3://${upload.bucket}/${upload.key} keeps getting parts.`,
      {
        why: "S3 still lists parts after several aborts; they are billed until they are gone.",
        hint: "Abort it once more with `s3up uploads abort`.",
      },
    );
  }

  async function abortOnce(upload: MultipartUpload): Promise<void> {
    const { bucket, key, uploadId } = upload;
    const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId });
    await call("AbortMultipartUpload", upload, () => client.send(command, options())).catch(ignoreGone);
  }

  async function isGone(upload: MultipartUpload): Promise<boolean> {
    try {
      const { parts } = await listPage(upload, undefined);
      return parts.length === 0;
    } catch (error) {
      // Whoever may abort need not be allowed to list; then S3's word on the abort has to do.
      if (error instanceof S3upError && ["UPLOAD_NOT_FOUND", "ACCESS_DENIED"].includes(error.code)) return true;
      throw error;
    }
  }

  async function listUploads(bucket: string, prefix: string, signal?: AbortSignal): Promise<readonly PendingUpload[]> {
    const uploads: PendingUpload[] = [];
    let from: { readonly KeyMarker?: string; readonly UploadIdMarker?: string } | undefined = {};
    while (from !== undefined) {
      const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
        Bucket: bucket,
        Prefix: prefix,
        ...from,
      });
      const page = await call("ListMultipartUploads", { bucket }, () => client.send(command, options(signal)), signal);
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (Key !== undefined && UploadId !== undefined) {
          uploads.push({ key: Key, uploadId: UploadId, initiated: Initiated });
        }
      }
      from = page.IsTruncated ? markersOf(page) : undefined;
    }
    return uploads;
  }

  async function head(
    object: Omit<MultipartUpload, "uploadId">,
    signal?: AbortSignal,
  ): Promise<StoredFacts | undefined> {
    const command = new HeadObjectCommand({
      Bucket: object.bucket,
      Key: object.key,
      ...(store.checksums === undefined ? {} : { ChecksumMode: "ENABLED" }),
    });
    sendHeaders(command, object.requestHeaders);
    const found = await call("HeadObject", object, () => client.send(command, options(signal)).catch(absent), signal);
    if (found?.ETag === undefined) return undefined;
    const checksum = readChecksum(found);
    return {
      etag: found.ETag,
      ...(found.ContentLength === undefined ? {} : { size: found.ContentLength }),
      ...(found.VersionId === undefined ? {} : { versionId: found.VersionId }),
      ...(checksum === undefined ? {} : { checksum }),
    };
  }

  return { create, listPage, listParts, complete, abort, listUploads, head };
}

function call<T>(
  operation: string,
  { bucket, key }: { readonly bucket: string; readonly key?: string },
  run: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return withSdkErrors({ operation, bucket, ...(key === undefined ? {} : { key }) }, run, signal);
}

function abortable(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

function checksumWish({ checksumAlgorithm: algorithm, checksumType }: MultipartToCreate) {
  if (algorithm === undefined) return {};
  return { ChecksumAlgorithm: algorithm, ChecksumType: checksumType ?? checksumTypeOf(algorithm) };
}

function completionOf(upload: MultipartToComplete, { takesObjectSize }: StoreQuirks) {
  const { bucket, key, uploadId, parts, checksumAlgorithm, checksum, objectSize, ifNoneMatch, ifMatch } = upload;
  return {
    Bucket: bucket,
    Key: key,
    UploadId: uploadId,
    MultipartUpload: {
      Parts: parts.map((part) => ({
        PartNumber: part.partNumber,
        ETag: part.etag,
        ...(checksumAlgorithm === undefined || part.checksum === undefined
          ? {}
          : checksumMembers({ algorithm: checksumAlgorithm, value: part.checksum })),
      })),
    },
    ...wholeChecksum(checksum),
    ...(objectSize === undefined || !takesObjectSize ? {} : { MpuObjectSize: objectSize }),
    ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }),
    ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
  };
}

function wholeChecksum(checksum: Checksum | undefined) {
  return checksum === undefined
    ? {}
    : { ...checksumMembers(checksum), ChecksumType: checksumTypeOf(checksum.algorithm) };
}

function partsOf(page: ListPartsCommandOutput): readonly ListedPart[] {
  return (page.Parts ?? []).map((part) => {
    if (part.PartNumber === undefined || part.ETag === undefined || part.Size === undefined) {
      throw unreadable("ListParts", "number, size and ETag of a part");
    }
    const checksum = readPartChecksum(part);
    return {
      partNumber: part.PartNumber,
      size: part.Size,
      etag: part.ETag,
      ...(checksum === undefined ? {} : { checksum }),
    };
  });
}

/** A server that says "truncated" without moving on would be asked for ever. */
function nextMarkerOf(page: ListPartsCommandOutput, marker: number | undefined): number | undefined {
  if (page.IsTruncated !== true) return undefined;
  const next = Number(page.NextPartNumberMarker ?? page.Parts?.at(-1)?.PartNumber);
  if (!Number.isSafeInteger(next) || next <= (marker ?? 0)) throw unreadable("ListParts", "where its next page begins");
  return next;
}

function markersOf(page: ListMultipartUploadsCommandOutput) {
  const { NextKeyMarker, NextUploadIdMarker } = page;
  if (NextKeyMarker === undefined) throw unreadable("ListMultipartUploads", "where its next page begins");
  return {
    KeyMarker: NextKeyMarker,
    ...(NextUploadIdMarker === undefined ? {} : { UploadIdMarker: NextUploadIdMarker }),
  };
}

function unreadable(operation: string, missing: string): S3upError {
  return new S3upError("S3_ERROR", `The answer to ${operation} cannot be used.`, {
    why: `It does not tell ${missing}.`,
    hint: "Check that the endpoint is an S3 server; --debug shows more.",
  });
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof S3upError && error.code === "UPLOAD_NOT_FOUND")) throw error;
}

function absent(error: unknown): undefined {
  const metadata: unknown = error instanceof Error ? Reflect.get(error, "$metadata") : undefined;
  const isAbsent = typeof metadata === "object" && metadata !== null && Reflect.get(metadata, "httpStatusCode") === 404;
  if (!isAbsent) throw error;
  return undefined;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
