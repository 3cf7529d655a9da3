/** A file in parts: begin, send the parts, complete; and nothing left behind when that fails. */
import type { ChecksumAlgorithm } from "../protocol/messages.ts";
import { agree, checksumIn } from "./answer-checksum.ts";
import { type Doubt, sendPersistently } from "./attempts.ts";
import { wholeBlocks } from "./blocks.ts";
import { checksumAlgorithmOf } from "./checksum.ts";
import { completeUpload, type SentPart } from "./completion.ts";
import { type Content, openContent, refuseChangedFile } from "./content.ts";
import { discard } from "./discard.ts";
import type { StoredObject } from "./events.ts";
import { orInterruption } from "./interruption.ts";
import { type ByteRange, splitIntoParts, type UploadPlan } from "./plan.ts";
import { createProgress, type Progress } from "./progress.ts";
import { judge } from "./retry.ts";
import type { FileSource } from "./source.ts";
import type { UploadTools } from "./tools.ts";
import type { Destination, MultipartSession, SentAnswer } from "./transport.ts";

export async function uploadMultipart(
  plan: UploadPlan & { readonly kind: "multipart" },
  source: FileSource,
  destination: Destination,
  tools: UploadTools,
): Promise<StoredObject> {
  const { emit, signal, settings } = tools;
  emit({ type: "preparing", step: "create" });
  const object = { fileName: source.name, contentType: settings.contentType, size: source.size };
  const wish = { partSize: plan.partSize, checksumAlgorithm: checksumAlgorithmOf(settings.checksum) };
  const session = await destination.createMultipart(object, wish, signal);

  try {
    signal.throwIfAborted();
    const parts = splitIntoParts(source.size, session.partSize);
    emit({ type: "started", key: session.key, uploadId: session.uploadId, partCount: parts.length });

    const sent = await sendParts(parts, session, source, tools);
    await refuseChangedFile(source);
    signal.throwIfAborted();
    return await completeUpload(session, sent, tools);
  } catch (error) {
    throw await discard(session, orInterruption(error, signal), tools);
  }
}

/** The parts as S3 has them, in order. When one fails for good, the others are stopped and have ended before this rejects. */
async function sendParts(
  parts: readonly ByteRange[],
  session: MultipartSession,
  source: FileSource,
  tools: UploadTools,
): Promise<readonly SentPart[]> {
  const { emit, clock, resources } = tools;
  const failed = new AbortController();
  const signal = AbortSignal.any([tools.signal, failed.signal]);
  const delivery = { session, source, tools, signal, progress: createProgress(source.size, emit, clock) };

  const sent: SentPart[] = [];
  const underWay = new Set<Promise<void>>();
  async function send(part: ByteRange, leave: () => void): Promise<void> {
    try {
      sent.push(await sendPart(part, delivery));
    } catch (error) {
      failed.abort(error);
    } finally {
      leave();
    }
  }
  // One at a time asks for a place: so all files of a run take turns.
  for (const part of parts) {
    const leave = await resources.window.prepare(signal).catch(() => undefined);
    if (leave === undefined) break;
    const sending = send(part, leave);
    underWay.add(sending);
    void sending.then(() => underWay.delete(sending));
  }
  await Promise.all(underWay);

  tools.signal.throwIfAborted();
  failed.signal.throwIfAborted();
  return sent.sort((a, b) => a.partNumber - b.partNumber);
}

interface PartDelivery {
  readonly session: MultipartSession;
  readonly source: FileSource;
  readonly tools: UploadTools;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

async function sendPart(part: ByteRange, delivery: PartDelivery): Promise<SentPart> {
  const { session, source, tools, progress } = delivery;
  const { pool, window } = tools.resources;
  const { partNumber } = part;
  // A signal of its own: Node warns when more than ten listen to one.
  const signal = AbortSignal.any([delivery.signal]);
  signal.throwIfAborted();

  const content = await openContent(source, part, {
    keep: wholeBlocks(session.partSize) <= pool.capacity,
    algorithm: session.checksumAlgorithm,
    pool,
    signal,
  });
  try {
    const toSign = { partNumber, contentLength: content.size, checksum: content.checksum };
    let host = "S3";
    const etag = await sendPersistently(
      {
        subject: () => ({ operation: "UploadPart", partNumber, bucket: session.bucket, key: session.key, host }),
        sign: async () => {
          const signed = await session.signPart(toSign, signal);
          host = new URL(signed.url).host;
          return signed;
        },
        contentLength: content.size,
        body: () => content.body(),
        accept: (answer) => acceptPart(answer, content, session.checksumAlgorithm),
        recover: async (outcome) => {
          if (judge(outcome) === "corrupt") await content.reread();
          return { act: "none" };
        },
        onSent: progress.sent,
        onTakenBack: progress.takeBack,
      },
      tools,
      signal,
      window,
    );
    progress.partDone();
    return { partNumber, size: content.size, etag, checksum: content.checksum?.value };
  } finally {
    content.release();
  }
}

function acceptPart(
  answer: SentAnswer,
  content: Content,
  algorithm: ChecksumAlgorithm | undefined,
): { readonly result: string } | Doubt {
  const etag = answer.headers.etag;
  if (etag === undefined) return { doubt: "no ETag", corrupt: false };
  if (!agree(content.checksum, checksumIn(answer, algorithm))) return { doubt: "another checksum", corrupt: true };
  return { result: etag };
}
