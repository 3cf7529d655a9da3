/**
 * A stream of unknown length, through lib-storage's `Upload`: it cuts the stream into parts and holds no more of it than
 * are under way. Four things it does otherwise than s3up promises, and they are put right here: it rejects before its
 * abort has reached S3, it goes on reading after a part has failed, it tells S3 nothing of the whole stream, and its
 * parts have one size. So each stage of part sizes is an `Upload` of its own, and all of them are one upload at S3.
 */
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandOutput,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { S3upError } from "../errors.ts";
import type { ChecksumAlgorithm, CompletedPart } from "../protocol/messages.ts";
import type { MultipartControl, StoredFacts } from "../signing/multipart-control.ts";
import { capacityOf, equalStages, growingStages, type StreamStage } from "../signing/part-growth.ts";
import { amazonS3, checksumTypeAt, type StoreQuirks } from "../signing/store-quirks.ts";
import { agree, storedOtherBytes } from "../upload/answer-checksum.ts";
import { leftBehind } from "../upload/discard.ts";
import type { Emit, StoredObject } from "../upload/events.ts";
import { orInterruption } from "../upload/interruption.ts";
import { readChecksum, readPartChecksum } from "./sdk-checksums.ts";
import { withSdkErrors } from "./sdk-errors.ts";
import { sendHeaders } from "./sdk-headers.ts";
import { asStreamError, contentMd5, lengthOf } from "./stream-part.ts";
import { createSlices } from "./stream-slices.ts";
import { createTally, readUntil, type Tally } from "./stream-tally.ts";

export interface StreamTarget {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  /** Of the object, besides its content type: lower-case names, as S3 takes them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of every request about the object: a customer's key, the owner that the bucket must have. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /** `*`: refuse when the key exists. */
  readonly ifNoneMatch: "*" | undefined;
  /** ETag that the object must have. */
  readonly ifMatch?: string | undefined;
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** Bytes of the first parts; later ones grow, since nobody knows the stream's length beforehand. */
  readonly partSize: number;
  /** AWS when left out. Of one that takes parts of one size only, 10,000 of them have to hold the stream. */
  readonly store?: StoreQuirks | undefined;
  /** True: each part says its MD5, in place of a checksum. */
  readonly md5?: boolean | undefined;
  readonly concurrency: number;
  /** Bytes of the stream in memory; of parts that are larger, one at a time. */
  readonly maxMemory?: number;
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
 * @param stages for tests; else they follow from the target
 * @throws S3upError TOO_LARGE for a stream that does not fit into 10,000 parts
 */
export async function uploadStream(
  bytes: AsyncIterable<Uint8Array>,
  target: StreamTarget,
  tools: StreamTools,
  stages: readonly StreamStage[] = (target.store?.equalParts ? equalStages : growingStages)(target.partSize),
): Promise<StoredObject> {
  const failed = new AbortController();
  const signal = AbortSignal.any([tools.signal, failed.signal]);
  const tally = createTally({ ...target, ...typeOf(target), capacity: capacityOf(stages) }, tools.emit);
  const s3 = createS3(target, tools, tally, { signal, fail: (error) => failed.abort(error) });
  const slices = createSlices(tally.count(readUntil(bytes, signal)));

  try {
    signal.throwIfAborted();
    let partsBefore = 0;
    for (const stage of stages) {
      if (partsBefore > 0 && !(await slices.more())) break;
      await sendStage(stage, slices.next(stage.partSize * stage.partCount), target, tools, s3.send(partsBefore));
      partsBefore += stage.partCount;
    }
    // A byte beyond the last stage is one too many, and the tally says so.
    await slices.more();
    const object = await s3.finish();
    tools.emit({ type: "completed", object });
    return object;
  } catch (error) {
    // The first failure is the reason of all that follow.
    const reason = asStreamError(
      orInterruption(failed.signal.aborted ? failed.signal.reason : error, tools.signal),
      target,
    );
    const abortError = await s3.abandon();
    throw abortError === undefined ? reason : leftBehind(s3.upload(), reason, abortError);
  }
}

/** Settles when all requests of the stage have ended. */
async function sendStage(
  { partSize }: StreamStage,
  slice: AsyncIterable<Uint8Array>,
  target: StreamTarget,
  { client }: StreamTools,
  send: (command: unknown) => Promise<unknown>,
): Promise<void> {
  const { bucket, key, checksumAlgorithm, concurrency, maxMemory = Number.POSITIVE_INFINITY } = target;
  const upload = new Upload({
    // It sends commands and reads a few settings; nothing else of a client is touched.
    client: { config: client.config, send } as unknown as S3Client,
    params: {
      Bucket: bucket,
      Key: key,
      Body: Readable.from(slice, { objectMode: false }),
      ...(checksumAlgorithm === undefined ? {} : { ChecksumAlgorithm: checksumAlgorithm }),
    },
    partSize,
    queueSize: Math.max(1, Math.min(concurrency, Math.floor(maxMemory / partSize))),
  });
  await upload.done();
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
  const { bucket, key, contentType, requestHeaders = {}, ifNoneMatch, ifMatch, checksumAlgorithm } = target;
  const headers = { ...target.headers, ...requestHeaders };
  const address = { bucket, key, requestHeaders };
  const parts: CompletedPart[] = [];
  let uploadId = "";
  let stored: StoredObject | undefined;
  let aborting: Promise<unknown> | undefined;

  async function create() {
    if (uploadId !== "") return { UploadId: uploadId };
    emit({ type: "preparing", step: "create" });
    uploadId = await control.create({
      ...address,
      headers: { ...headers, "content-type": contentType },
      checksumAlgorithm,
      ...typeOf(target),
    });
    emit({ type: "started", key, uploadId, partCount: undefined });
    return { UploadId: uploadId };
  }

  async function sendPart(input: PutObjectCommand["input"], partNumber: number) {
    const command = new UploadPartCommand({ ...input, UploadId: uploadId, PartNumber: partNumber });
    sendHeaders(command, { ...requestHeaders, ...contentMd5(input.Body, target.md5) });
    const answer = await withSdkErrors(
      { operation: "UploadPart", ...address },
      () => client.send(command, { abortSignal: signal }),
      signal,
    );
    const checksum = readPartChecksum(answer);
    parts.push({ partNumber, etag: answer.ETag ?? "", ...(checksum === undefined ? {} : { checksum }) });
    tally.partSent(lengthOf(input.Body));
    return answer;
  }

  async function put(command: PutObjectCommand): Promise<PutObjectCommandOutput> {
    emit({ type: "started", key, partCount: 1 });
    sendHeaders(command, {
      ...headers,
      "content-type": contentType,
      ...(ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch }),
      ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
      ...contentMd5(command.input.Body, target.md5),
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

  async function finish(): Promise<StoredObject> {
    if (stored !== undefined) return stored;
    emit({ type: "preparing", step: "complete" });
    const checksum = tally.checksum();
    return storedObject(
      await control
        .complete({
          ...address,
          uploadId,
          parts: parts.toSorted((a, b) => a.partNumber - b.partNumber),
          checksumAlgorithm,
          objectSize: tally.size(),
          ...(checksum === undefined ? {} : { checksum }),
          ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
          ...(ifMatch === undefined ? {} : { ifMatch }),
        })
        .catch((error: unknown) => lookAgain(error)),
    );
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

  async function abort(): Promise<unknown> {
    emit({ type: "preparing", step: "abort" });
    try {
      await control.abort({ ...address, uploadId });
      emit({ type: "aborted", uploadId, clean: true });
      return undefined;
    } catch (error) {
      emit({ type: "aborted", uploadId, clean: false });
      return error;
    }
  }

  /** Ends the upload, once, if there is one. @returns why it could not be */
  async function abandon(): Promise<unknown> {
    if (uploadId === "") return undefined;
    aborting ??= abort();
    return aborting;
  }

  function storedObject(facts: StoredFacts): StoredObject {
    const ours = tally.checksum();
    if (ours !== undefined && facts.checksum !== undefined && !agree(ours, facts.checksum)) {
      throw storedOtherBytes(key, ours, facts.checksum);
    }
    return { bucket, key, ...facts, size: tally.size() };
  }

  async function perform(command: unknown, partsBefore: number): Promise<unknown> {
    if (command instanceof AbortMultipartUploadCommand) return abandon();
    // The end of a stage, which is not the end of the upload.
    if (command instanceof CompleteMultipartUploadCommand) return {};
    signal.throwIfAborted();
    if (command instanceof CreateMultipartUploadCommand) return create();
    if (command instanceof UploadPartCommand) {
      return sendPart(command.input, partsBefore + (command.input.PartNumber ?? 0));
    }
    if (!(command instanceof PutObjectCommand)) throw new Error("lib-storage sent a command that nobody expected");
    // What fits into one part is one PUT, unless parts have gone before it.
    return partsBefore === 0 ? put(command) : sendPart(command.input, partsBefore + 1);
  }

  return {
    send: (partsBefore: number) => (command: unknown) =>
      perform(command, partsBefore).catch((error: unknown) => {
        fail(error);
        throw error;
      }),
    finish,
    abandon,
    upload: () => ({ ...address, uploadId }),
  };
}

function factsOf(answer: PutObjectCommandOutput): Omit<StoredFacts, "etag"> {
  const checksum = readChecksum(answer);
  return {
    ...(answer.VersionId === undefined ? {} : { versionId: answer.VersionId }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

function typeOf({ checksumAlgorithm, store = amazonS3 }: StreamTarget) {
  return checksumAlgorithm === undefined ? {} : { checksumType: checksumTypeAt(store, checksumAlgorithm) };
}
