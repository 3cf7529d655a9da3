/** A file in parts: open the upload, bring every part there, complete; and what is left of a failure is told. */
import type { ChecksumAlgorithm } from "../protocol/messages.ts";
import { agree, checksumIn } from "./answer-checksum.ts";
import { type Doubt, sendPersistently } from "./attempts.ts";
import { hashBeside } from "./checksum.ts";
import { claimJournal } from "./claim-journal.ts";
import { completeUpload, type SentPart, wholeChecksum } from "./completion.ts";
import { connectAhead } from "./connect-ahead.ts";
import { type Content, refuseChangedFile } from "./content.ts";
import type { StoredObject } from "./events.ts";
import { refuseTooSlow } from "./expiry.ts";
import { orInterruption } from "./interruption.ts";
import type { UploadJournal } from "./journal.ts";
import { endFailed } from "./keep.ts";
import { type OpenUpload, openUpload, type UploadJob } from "./open-upload.ts";
import { openPart, type PartReading } from "./part-content.ts";
import { holdsSameBytes } from "./part-trust.ts";
import type { ByteRange, UploadPlan } from "./plan.ts";
import { createProgress, type Progress } from "./progress.ts";
import { judge } from "./retry.ts";
import type { FileSource } from "./source.ts";
import type { UploadTools } from "./tools.ts";
import type { Destination, SentAnswer } from "./transport.ts";

/** @throws S3upError */
export async function uploadMultipart(
  plan: UploadPlan & { readonly kind: "multipart" },
  source: FileSource,
  destination: Destination,
  tools: UploadTools,
): Promise<StoredObject> {
  void connectAhead({ plan, destination, tools }).catch(() => {});
  const journal = await claimJournal(source, destination, tools);
  try {
    return await carryOut({ plan, source, destination, journal, tools });
  } finally {
    await journal?.release();
  }
}

async function carryOut(job: UploadJob): Promise<StoredObject> {
  const { source, journal, tools } = job;
  const { emit, signal } = tools;
  const opened = await openUpload(job);
  if ("stored" in opened) {
    emit({ type: "found-stored", key: opened.stored.key });
    await journal?.clear();
    return opened.stored;
  }
  const { session, ranges, listed, isSaved } = opened;
  const { key, uploadId } = session;
  const atS3 = new Map([...listed].map(([partNumber, { size }]) => [partNumber, size]));
  const count = () => ({ parts: atS3.size, partCount: ranges.length, bytes: sum(atS3.values()) });

  try {
    signal.throwIfAborted();
    emit({ type: "started", key, uploadId, partCount: ranges.length });
    if (listed.size > 0) emit({ type: "resuming", uploadId, ...count(), totalBytes: source.size });

    if (tools.pace !== undefined) refuseTooSlow(job.destination.expiry?.(), source.size - count().bytes, tools.pace);

    const sent = await sendParts(opened, job, ({ partNumber, size }) => atS3.set(partNumber, size));
    await refuseChangedFile(source);
    signal.throwIfAborted();
    await journal?.completing(wholeChecksum(session, sent));
    const object = await completeUpload(session, sent, tools);
    await journal?.clear();
    return object;
  } catch (error) {
    throw await endFailed({ session, journal, isSaved, atS3: count }, orInterruption(error, signal), tools);
  } finally {
    await opened.early?.release();
  }
}

/** The parts as S3 has them, in order. When one fails for good, the others are stopped and have ended before this rejects. */
async function sendParts(
  { session, ranges, listed, early }: OpenUpload,
  { source, tools, journal }: UploadJob,
  onThere: (part: SentPart) => void,
): Promise<readonly SentPart[]> {
  const { emit, clock, resources } = tools;
  const failed = new AbortController();
  const signal = AbortSignal.any([tools.signal, failed.signal]);
  const progress = createProgress(source.size, emit, clock);
  const algorithm = hashBeside(session.checksumAlgorithm, tools.settings.checksum);
  const reading: PartReading = { source, partSize: session.partSize, algorithm, tools };
  const delivery: PartDelivery = { session, reading, tools, listed, journal, signal, progress };

  const sent: SentPart[] = [];
  const underWay = new Set<Promise<void>>();
  async function bring(range: ByteRange, leave: () => void, content?: Promise<Content>): Promise<void> {
    try {
      const part = await bringPart(range, delivery, content);
      sent.push(part);
      journal?.note(part);
      onThere(part);
    } catch (error) {
      failed.abort(error);
    } finally {
      leave();
    }
  }
  // One at a time asks for a place: so all files of a run take turns.
  for (const range of ranges) {
    const begun = early?.take(range);
    const leave = begun?.leave ?? (await resources.window.prepare(signal).catch(() => undefined));
    if (leave === undefined) break;
    const bringing = bring(range, leave, begun?.content);
    underWay.add(bringing);
    void bringing.then(() => underWay.delete(bringing));
  }
  await Promise.all(underWay);

  tools.signal.throwIfAborted();
  failed.signal.throwIfAborted();
  return sent.sort((a, b) => a.partNumber - b.partNumber);
}

interface PartDelivery extends Pick<OpenUpload, "session" | "listed"> {
  readonly reading: PartReading;
  readonly tools: UploadTools;
  readonly journal: UploadJournal | undefined;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * The part as S3 has it: sent, unless it is there already and holds the file's bytes.
 * @param early its content, where it was read before
 */
async function bringPart(range: ByteRange, delivery: PartDelivery, early?: Promise<Content>): Promise<SentPart> {
  // A signal of its own: Node warns when more than ten listen to one.
  const signal = AbortSignal.any([delivery.signal]);
  const content = await (early ?? openPart(range, delivery.reading, signal));
  try {
    signal.throwIfAborted();
    const { partNumber } = range;
    const etag =
      (await etagOfEarlier(partNumber, content, delivery)) ?? (await sendPart(range, content, delivery, signal));
    return { partNumber, size: content.size, etag, checksum: content.checksum?.value };
  } finally {
    content.release();
  }
}

/** Undefined when the part has to be sent. */
async function etagOfEarlier(
  partNumber: number,
  content: Content,
  { listed, journal, progress, tools }: PartDelivery,
): Promise<string | undefined> {
  const there = listed.get(partNumber);
  if (there === undefined) return undefined;
  if (!(await holdsSameBytes(there, content, journal?.saved?.parts.get(partNumber)))) {
    tools.emit({ type: "part-differs", partNumber });
    return undefined;
  }
  progress.reused(content.size);
  return there.etag;
}

/** @returns the ETag */
async function sendPart(
  { partNumber }: ByteRange,
  content: Content,
  { session, tools, progress }: PartDelivery,
  signal: AbortSignal,
): Promise<string> {
  const { size: contentLength, checksum, md5 } = content;
  const toSign = { partNumber, contentLength, checksum, md5 };
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
    tools.resources.window,
  );
  progress.partDone();
  return etag;
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

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
