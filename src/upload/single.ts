/** A file as one PUT. */
import type { ChecksumAlgorithm } from "../protocol/messages.ts";
import { agree, checksumIn, storedOtherBytes } from "./answer-checksum.ts";
import { type Doubt, type PersistentRequest, type Recovery, sendPersistently } from "./attempts.ts";
import { wholeBlocks } from "./blocks.ts";
import { type ChecksumChoice, checksumAlgorithmOf, hashBeside } from "./checksum.ts";
import { type Content, openContent, refuseChangedFile } from "./content.ts";
import type { StoredObject } from "./events.ts";
import { createProgress } from "./progress.ts";
import { judge, type Outcome } from "./retry.ts";
import type { FileSource } from "./source.ts";
import type { UploadTools } from "./tools.ts";
import type { Destination, SentAnswer, SignedPut } from "./transport.ts";

export async function uploadSingle(
  source: FileSource,
  destination: Destination,
  tools: UploadTools,
): Promise<StoredObject> {
  const { signal, settings, resources } = tools;
  const { pool, window } = resources;
  const { putChecksums } = await destination.limits(signal);
  const leave = await window.prepare(signal);
  try {
    const content = await openContent(
      source,
      { start: 0, end: source.size },
      {
        keep: wholeBlocks(source.size) <= pool.capacity,
        algorithm: hashBeside(chooseChecksum(settings.checksum, putChecksums), settings.checksum),
        pool,
        signal,
      },
    );
    try {
      await refuseChangedFile(source);
      return await sendFile(source, content, destination, tools);
    } finally {
      content.release();
    }
  } finally {
    leave();
  }
}

async function sendFile(
  source: FileSource,
  content: Content,
  destination: Destination,
  tools: UploadTools,
): Promise<StoredObject> {
  const { emit, clock, signal, settings } = tools;
  const progress = createProgress(content.size, emit, clock);
  const object = { fileName: source.name, contentType: settings.contentType, size: content.size, md5: content.md5 };
  let target: SignedPut | undefined;
  let unanswered = false;

  async function sign(): Promise<SignedPut["request"]> {
    const first = target === undefined;
    target = await destination.signPut(object, content.checksum, signal);
    if (first) emit({ type: "started", key: target.key, partCount: 1 });
    return target.request;
  }

  async function recover(outcome: Outcome): Promise<Recovery<StoredObject>> {
    if (outcome.kind === "failure") unanswered = true;
    if (judge(outcome) === "corrupt") await content.reread();
    if (!unanswered || target === undefined || statusOf(outcome) !== 412) return { act: "none" };
    const stored = await findOurs(destination, target, content, signal);
    return stored === undefined ? { act: "none" } : { act: "done", result: stored };
  }

  const request: PersistentRequest<StoredObject> = {
    subject: () => ({
      operation: "PutObject",
      partNumber: undefined,
      bucket: target?.bucket,
      key: target?.key,
      host: target === undefined ? destination.label : new URL(target.request.url).host,
    }),
    sign,
    contentLength: content.size,
    body: () => content.body(),
    accept: (answer) => acceptPut(answer, target as SignedPut, content),
    recover,
    onSent: progress.sent,
    onTakenBack: progress.takeBack,
  };
  const stored = await sendPersistently(request, tools, signal, tools.resources.window);
  progress.partDone();
  return stored;
}

/** After a try whose answer got lost, "exists already" may speak of our own object. */
async function findOurs(
  destination: Destination,
  target: SignedPut,
  content: Content,
  signal: AbortSignal,
): Promise<StoredObject | undefined> {
  const { bucket, key } = target;
  // Whoever stored it had this URL, and S3 let nothing through but the bytes whose checksum it signs.
  if (target.freshKey && content.checksum !== undefined) {
    return { bucket, key, size: content.size, etag: undefined, checksum: content.checksum };
  }

  const found = await destination.find?.(signal);
  const same = found?.size === content.size && found.checksum?.algorithm === content.checksum?.algorithm;
  return same && found.checksum !== undefined && agree(content.checksum, found.checksum) ? found : undefined;
}

function acceptPut(answer: SentAnswer, target: SignedPut, content: Content): { readonly result: StoredObject } | Doubt {
  const etag = answer.headers.etag;
  if (etag === undefined) return { doubt: "no ETag", corrupt: false };

  const checksum = checksumIn(answer, content.checksum?.algorithm);
  if (content.checksum !== undefined && checksum !== undefined && !agree(content.checksum, checksum)) {
    throw storedOtherBytes(target.key, content.checksum, checksum);
  }
  const versionId = answer.headers["x-amz-version-id"];
  return {
    result: {
      bucket: target.bucket,
      key: target.key,
      size: content.size,
      etag,
      ...(versionId === undefined ? {} : { versionId }),
      ...(checksum === undefined ? {} : { checksum }),
    },
  };
}

/** What the user asked for where the destination takes it, else the first that it does take. */
function chooseChecksum(choice: ChecksumChoice, accepted: readonly ChecksumAlgorithm[]): ChecksumAlgorithm | undefined {
  const wanted = checksumAlgorithmOf(choice);
  if (wanted === undefined || accepted.includes(wanted)) return wanted;
  return accepted[0];
}

function statusOf(outcome: Outcome): number | undefined {
  return outcome.kind === "answer" ? outcome.answer.status : undefined;
}
