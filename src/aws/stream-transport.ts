/**
 * A stream of unknown length, through lib-storage's `Upload`: it cuts the stream into parts and holds no more of it than
 * are under way. Three things it does otherwise than s3up promises, and they are put right here: it rejects before its
 * abort has reached S3, it goes on reading after a part has failed, and it tells S3 nothing of the whole stream.
 */
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandOutput,
  type S3Client,
  type CompletedPart as SdkCompletedPart,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { S3upError } from "../errors.ts";
import type { ChecksumAlgorithm } from "../protocol/messages.ts";
import type { MultipartControl, StoredFacts } from "../signing/multipart-control.ts";
import { agree, storedOtherBytes } from "../upload/answer-checksum.ts";
import { leftBehind } from "../upload/discard.ts";
import type { Emit, StoredObject } from "../upload/events.ts";
import { orInterruption } from "../upload/interruption.ts";
import { readChecksum, readPartChecksum } from "./sdk-checksums.ts";
import { withSdkErrors } from "./sdk-errors.ts";
import { sendHeaders } from "./sdk-headers.ts";
import { createTally, readUntil, type Tally } from "./stream-tally.ts";

export interface StreamTarget {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  /** Of the object, besides its content type: lower-case names, as S3 takes them. */
  readonly headers: Readonly<Record<string, string>>;
  /** `*`: refuse when the key exists. */
  readonly ifNoneMatch: "*" | undefined;
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** Bytes. With it 10,000 parts have to hold the stream, since nobody knows its length beforehand. */
  readonly partSize: number;
  readonly concurrency: number;
}

export interface StreamTools {
  /** Made without `Expect: 100-continue`, which costs a round trip for each part. */
  readonly client: S3Client;
  readonly control: MultipartControl;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Settles only when every request has ended; when it rejects, nothing is left at S3, or the error says what is.
 * @throws S3upError TOO_LARGE for a stream that does not fit into 10,000 parts
 */
export async function uploadStream(
  bytes: AsyncIterable<Uint8Array>,
  target: StreamTarget,
  tools: StreamTools,
): Promise<StoredObject> {
  const failed = new AbortController();
  const signal = AbortSignal.any([tools.signal, failed.signal]);
  const tally = createTally(target, tools.emit);
  const s3 = createS3(target, tools, tally, { signal, fail: (error) => failed.abort(error) });

  const upload = new Upload({
    // It sends commands and reads a few settings; nothing else of a client is touched.
    client: { config: tools.client.config, send: s3.send } as unknown as S3Client,
    params: {
      Bucket: target.bucket,
      Key: target.key,
      Body: Readable.from(tally.count(readUntil(bytes, signal)), { objectMode: false }),
      ...(target.checksumAlgorithm === undefined ? {} : { ChecksumAlgorithm: target.checksumAlgorithm }),
    },
    partSize: target.partSize,
    queueSize: target.concurrency,
  });
  try {
    signal.throwIfAborted();
    await upload.done();
    const object = s3.stored();
    tools.emit({ type: "completed", object });
    return object;
  } catch (error) {
    // The first failure is the reason of all that follow.
    const reason = orInterruption(failed.signal.aborted ? failed.signal.reason : error, tools.signal);
    throw s3.abortError === undefined
      ? asError(reason, target)
      : leftBehind(s3.upload(), asError(reason, target), s3.abortError);
  }
}

interface Course {
  readonly signal: AbortSignal;
  readonly fail: (error: unknown) => void;
}

/** What lib-storage takes for a client: its five commands, each done the way s3up does it. */
function createS3(
  target: StreamTarget,
  { client, control, emit }: StreamTools,
  tally: Tally,
  { signal, fail }: Course,
) {
  const { bucket, key, contentType, headers, ifNoneMatch, checksumAlgorithm } = target;
  const address = { bucket, key };
  let uploadId = "";
  let stored: StoredObject | undefined;
  let abortError: unknown;

  async function create() {
    emit({ type: "preparing", step: "create" });
    uploadId = await control.create({
      ...address,
      headers: { ...headers, "content-type": contentType },
      checksumAlgorithm,
    });
    emit({ type: "started", key, uploadId, partCount: undefined });
    return { UploadId: uploadId };
  }

  async function sendPart(command: UploadPartCommand) {
    const answer = await withSdkErrors(
      { operation: "UploadPart", ...address },
      () => client.send(command, { abortSignal: signal }),
      signal,
    );
    tally.partSent(lengthOf(command.input.Body));
    return answer;
  }

  async function put(command: PutObjectCommand): Promise<PutObjectCommandOutput> {
    emit({ type: "started", key, partCount: 1 });
    sendHeaders(command, {
      ...headers,
      "content-type": contentType,
      ...(ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch }),
    });
    const answer = await withSdkErrors(
      { operation: "PutObject", ...address },
      () => client.send(command, { abortSignal: signal }),
      signal,
    );
    tally.partSent(lengthOf(command.input.Body));
    stored = storedObject({ etag: answer.ETag ?? "", ...factsOf(answer) });
    return answer;
  }

  async function complete(command: CompleteMultipartUploadCommand) {
    emit({ type: "preparing", step: "complete" });
    const parts = (command.input.MultipartUpload?.Parts ?? []).map(completedPart);
    const checksum = tally.checksum();
    stored = storedObject(
      await control
        .complete({
          ...address,
          uploadId,
          parts,
          checksumAlgorithm,
          objectSize: tally.size(),
          ...(checksum === undefined ? {} : { checksum }),
          ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
        })
        .catch((error: unknown) => lookAgain(error)),
    );
    return {};
  }

  /** An answer that got lost: what stands there now is ours if size and checksum say so. */
  async function lookAgain(error: unknown): Promise<StoredFacts> {
    if (!(error instanceof S3upError) || (error.code !== "UPLOAD_NOT_FOUND" && error.code !== "OBJECT_EXISTS"))
      throw error;
    const facts = await control.head(address);
    const checksum = tally.checksum();
    const ours =
      facts?.size === tally.size() &&
      checksum !== undefined &&
      facts.checksum?.algorithm === checksum.algorithm &&
      agree(checksum, facts.checksum);
    if (!ours) throw error;
    return facts;
  }

  async function abort() {
    emit({ type: "preparing", step: "abort" });
    try {
      await control.abort({ ...address, uploadId });
      emit({ type: "aborted", uploadId, clean: true });
    } catch (error) {
      abortError = error;
      emit({ type: "aborted", uploadId, clean: false });
    }
    return {};
  }

  function storedObject(facts: StoredFacts): StoredObject {
    const ours = tally.checksum();
    if (ours !== undefined && facts.checksum !== undefined && !agree(ours, facts.checksum)) {
      throw storedOtherBytes(key, ours, facts.checksum);
    }
    return { ...address, ...facts, size: tally.size() };
  }

  async function perform(command: unknown): Promise<unknown> {
    if (command instanceof AbortMultipartUploadCommand) return abort();
    if (command instanceof CompleteMultipartUploadCommand) return complete(command);
    signal.throwIfAborted();
    if (command instanceof CreateMultipartUploadCommand) return create();
    if (command instanceof UploadPartCommand) return sendPart(command);
    if (command instanceof PutObjectCommand) return put(command);
    throw new Error("lib-storage sent a command that nobody expected");
  }

  return {
    send: (command: unknown) =>
      perform(command).catch((error: unknown) => {
        fail(error);
        throw error;
      }),
    stored: () => stored as StoredObject,
    upload: () => ({ ...address, uploadId }),
    get abortError() {
      return abortError;
    },
  };
}

function factsOf(answer: PutObjectCommandOutput): Omit<StoredFacts, "etag"> {
  const checksum = readChecksum(answer);
  return {
    ...(answer.VersionId === undefined ? {} : { versionId: answer.VersionId }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

function completedPart(part: SdkCompletedPart) {
  const checksum = readPartChecksum(part);
  return {
    partNumber: part.PartNumber ?? 0,
    etag: part.ETag ?? "",
    ...(checksum === undefined ? {} : { checksum }),
  };
}

/** lib-storage hands over parts as bytes. */
function lengthOf(body: unknown): number {
  return body instanceof Uint8Array ? body.byteLength : 0;
}

function asError(error: unknown, { bucket, key }: StreamTarget): unknown {
  if (error instanceof S3upError || !(error instanceof Error)) return error;
  return new S3upError("S3_ERROR", `The stream could not be stored as s3://${bucket}/${key}.`, {
    why: error.message,
    hint: "Run the same command again; --debug shows more.",
    cause: error,
  });
}
