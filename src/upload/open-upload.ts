/** The multipart upload to send into: the one of an earlier run where that can be gone on with, else a new one. */
import { S3upError } from "../errors.ts";
import type { ListedPart } from "../protocol/messages.ts";
import { checksumAlgorithmOf, hashBeside } from "./checksum.ts";
import { completionOf } from "./completion.ts";
import { discard } from "./discard.ts";
import type { RestartReason, StoredObject } from "./events.ts";
import { digestOfWords, fingerprintOf } from "./fingerprint.ts";
import { orInterruption } from "./interruption.ts";
import type { JournalHeader, SavedFile, SavedJournal, SavedRequest, SavedUpload, UploadJournal } from "./journal.ts";
import { endFailed } from "./keep.ts";
import { type EarlyParts, readEarly } from "./part-content.ts";
import { isFile } from "./part-trust.ts";
import { type ByteRange, splitIntoParts, type UploadPlan } from "./plan.ts";
import { bytesOf, fittingParts, whyAnew } from "./resume.ts";
import type { ResumeTools } from "./resume-tools.ts";
import { shellWord } from "./shell-word.ts";
import type { FileSource } from "./source.ts";
import type { UploadTools } from "./tools.ts";
import type { Completion, Destination, MultipartSession, ObjectToStore, Resumable, UploadStatus } from "./transport.ts";

export interface OpenUpload {
  readonly session: MultipartSession;
  readonly ranges: readonly ByteRange[];
  /** Parts that S3 has, by number; each is to be compared with the file before it is used. */
  readonly listed: ReadonlyMap<number, ListedPart>;
  /** False: no later run could find it again. */
  readonly isSaved: boolean;
  /** To be released by whoever sends the parts. */
  readonly early?: EarlyParts;
}

/** What an upload is opened for. */
export interface UploadJob {
  readonly plan: UploadPlan & { readonly kind: "multipart" };
  readonly source: FileSource;
  readonly destination: Destination;
  /** Undefined where there is none, or none can be kept. */
  readonly journal: UploadJournal | undefined;
  readonly tools: UploadTools;
}

/**
 * An earlier upload that cannot be gone on with is aborted.
 * @returns the object when an earlier run had stored it
 * @throws S3upError
 */
export async function openUpload(job: UploadJob): Promise<OpenUpload | { readonly stored: StoredObject }> {
  const { destination, journal, tools } = job;
  const { resume } = tools;
  const { resumable } = destination;
  if (resume === undefined || resumable === undefined) return begin(job, undefined);

  if (resume.uploadId !== undefined) return adopt(job, resumable, resume, resume.uploadId);
  if (journal === undefined) return begin(job, undefined);

  const { saved } = journal;
  const intention = await intentionOf(job, resumable, resume);
  if (saved === undefined) return begin(job, { ...intention, asked: newRequest(job, resume) });
  const reason = whyAnew(saved, intention);
  if (saved.upload === undefined) {
    const unclaimed = await findUnclaimed(job, resumable);
    const asked = reason === undefined ? saved.asked : newRequest(job, resume);
    return begin(job, { ...intention, asked }, unclaimed);
  }
  const earlier = await goOn(job, resumable, saved, saved.upload, reason);
  if (earlier !== undefined) return earlier;
  await journal.clear();
  return begin(job, { ...intention, asked: newRequest(job, resume) });
}

interface Intended {
  readonly file: SavedFile;
  readonly wish: string;
  readonly asked: SavedRequest;
}

/** @param intended undefined: nothing is written down */
async function begin(
  job: UploadJob,
  intended: Intended | undefined,
  unclaimed: readonly string[] = [],
): Promise<OpenUpload | { readonly stored: StoredObject }> {
  const { plan, source, destination, tools } = job;
  const { emit, signal, settings } = tools;
  // Before the request: where an endpoint continues what was begun with the same token, a lost answer loses no upload.
  const isWritten = intended !== undefined && (await write(job, intended, undefined));

  emit({ type: "preparing", step: "create" });
  const wish = {
    partSize: intended?.asked.partSize ?? plan.partSize,
    checksumAlgorithm: checksumAlgorithmOf(settings.checksum),
    ...(intended === undefined ? {} : { clientToken: intended.asked.clientToken }),
  };
  const { partSize, checksumAlgorithm } = wish;
  const algorithm = hashBeside(checksumAlgorithm, settings.checksum);
  const early = readEarly(splitIntoParts(source.size, partSize), { source, partSize, algorithm, tools });
  const session = await destination.createMultipart(objectOf(job), wish, signal).catch(async (error: unknown) => {
    await early.release();
    throw error;
  });
  const isAsWished = session.partSize === partSize && session.checksumAlgorithm === checksumAlgorithm;
  if (!isAsWished || session.continued === true) await early.release();
  const { bucket, key } = session;
  for (const uploadId of new Set([...unclaimed, ...(session.strays ?? [])]))
    emit({ type: "unclaimed", bucket, key, uploadId });
  const isSaved = isWritten && (await write(job, intended, session));
  const opened = { session, ranges: splitIntoParts(source.size, session.partSize), listed: nothing, isSaved };
  if (session.continued !== true || tools.resume === undefined) return { ...opened, early };

  const status = await session.status(signal).catch(() => undefined);
  if (status?.state === "open") return { ...opened, listed: fittingParts(status.parts, opened.ranges) };
  if (status?.state !== "completed" || !(await isFile(status.object, source, opened.ranges, signal))) return opened;
  return { stored: status.object };
}

const nothing: ReadonlyMap<number, ListedPart> = new Map();

/** Undefined: it does not go on, and nothing of it is left, or what is was told. */
async function goOn(
  job: UploadJob,
  resumable: Resumable,
  saved: SavedJournal,
  upload: SavedUpload,
  reason: RestartReason | undefined,
): Promise<OpenUpload | { readonly stored: StoredObject } | undefined> {
  const { source, tools } = job;
  const { signal, emit } = tools;
  const { asked } = saved;
  const session = await resumable.resume(objectOf(job), { upload, asked, completion: completionIn(saved) }, signal);
  const ranges = splitIntoParts(source.size, session.partSize);
  if (reason !== undefined) return startAnew(job, session, reason);

  const status = await askStatus(job, resumable, session, saved);
  if (typeof status === "string") return startAnew(job, session, status);
  if (status.state === "open") {
    return { session, ranges, listed: fittingParts(status.parts, ranges), isSaved: true };
  }
  // Only after a completion was sent can what stands there be this run's object, with all that belongs to it.
  if (status.state === "completed" && saved.completing !== undefined) {
    emit({ type: "preparing", step: "checksum" });
    if (await isFile(status.object, source, ranges, signal)) return { stored: status.object };
  }
  emit({ type: "restarting", reason: "gone", uploadId: upload.uploadId });
  return undefined;
}

async function startAnew(
  { destination, tools }: UploadJob,
  session: MultipartSession,
  reason: RestartReason,
): Promise<undefined> {
  const { uploadId } = session;
  tools.emit({ type: "restarting", reason, uploadId });
  // A manifest is for one upload: without it there is nothing to begin anew.
  if (destination.resumable?.target.via !== "manifest") await discard(session, undefined, tools);
  return undefined;
}

/** Of a run that was killed before it heard which upload it had begun. They may be others', so they are only named. */
async function findUnclaimed({ tools }: UploadJob, { openUploads }: Resumable): Promise<readonly string[]> {
  return (await openUploads?.(tools.signal).catch(() => [])) ?? [];
}

/** What S3 says, or why it cannot be asked. What may be better a moment later is an error. */
async function askStatus(
  { tools }: UploadJob,
  { target }: Resumable,
  session: MultipartSession,
  saved: SavedJournal,
): Promise<UploadStatus | RestartReason> {
  try {
    return await session.status(tools.signal);
  } catch (error) {
    const code = error instanceof S3upError ? error.code : undefined;
    if (code === "UPLOAD_NOT_FOUND") return { state: "gone" };
    if (code === "URL_EXPIRED" && target.via === "endpoint") return "token";
    if (code === "ACCESS_DENIED" && target.via !== "endpoint") return "unlisted";
    const atS3 = { parts: saved.parts.size, bytes: bytesOf(saved.parts.values()) };
    const partCount = Math.ceil(saved.file.size / session.partSize);
    const failed = { session, journal: undefined, isSaved: true, atS3: () => ({ ...atS3, partCount }) };
    throw await endFailed(failed, orInterruption(error, tools.signal), tools);
  }
}

async function adopt(
  job: UploadJob,
  resumable: Resumable,
  resume: ResumeTools,
  uploadId: string,
): Promise<OpenUpload | { readonly stored: StoredObject }> {
  const { plan, source, destination, tools, journal } = job;
  if (resumable.adopt === undefined) {
    throw new S3upError("USAGE", `${destination.label} cannot go on with an upload by its id.`, {
      why: "Only AWS credentials reach an upload of which nothing else is known.",
      hint: "Name an s3:// address, or leave --upload-id out.",
    });
  }
  const wish = { uploadId, usualPartSize: plan.partSize, partSize: resume.partSize };
  const session = await resumable.adopt(objectOf(job), wish, tools.signal).catch((error: unknown) => {
    throw notThere(error, destination.label);
  });
  const status = await session.status(tools.signal);
  const ranges = splitIntoParts(source.size, session.partSize);
  const listed = status.state === "open" ? fittingParts(status.parts, ranges) : nothing;
  const { partSize } = session;
  if (journal !== undefined) {
    const asked = { partSize, clientToken: resume.newId() };
    await write(job, { ...(await intentionOf(job, resumable, resume)), asked }, session);
  }
  return { session, ranges, listed, isSaved: true };
}

function notThere(error: unknown, label: string): unknown {
  if (!(error instanceof S3upError) || error.code !== "UPLOAD_NOT_FOUND") return error;
  return new S3upError(error.code, error.message, {
    ...(error.why === undefined ? {} : { why: error.why }),
    hint: `\`s3up uploads list ${shellWord(label)}\` shows those that are there; without --upload-id a new one begins.`,
    cause: error,
  });
}

async function intentionOf({ source, tools, plan }: UploadJob, resumable: Resumable, resume: ResumeTools) {
  const { location } = source;
  const { contentType, checksum } = tools.settings;
  const file: SavedFile = {
    path: location?.path ?? plan.file.path,
    inode: location?.inode ?? "",
    size: source.size,
    mtimeMs: source.mtimeMs,
    fingerprint: await fingerprintOf(source),
  };
  const wish = digestOfWords([contentType, checksum, ...resumable.wish]);
  return { file, wish, partSize: resume.partSize, restart: resume.restart };
}

async function write(
  { destination, journal }: UploadJob,
  { file, wish, asked }: Intended,
  session: MultipartSession | undefined,
): Promise<boolean> {
  const target = destination.resumable?.target;
  if (journal === undefined || target === undefined) return false;
  const header: JournalHeader = { target, file, wish, asked, upload: session && savedUpload(session) };
  return journal.write(header);
}

function savedUpload({ bucket, key, uploadId, partSize, checksumAlgorithm, uploadToken }: MultipartSession) {
  return { bucket, key, uploadId, partSize, checksumAlgorithm, uploadToken };
}

function newRequest({ plan }: UploadJob, { newId }: ResumeTools): SavedRequest {
  return { partSize: plan.partSize, clientToken: newId() };
}

/** As it was sent, if it was: then the journal has every part. */
function completionIn({ completing, parts, file, upload }: SavedJournal): Completion | undefined {
  if (completing === undefined || upload === undefined) return undefined;
  const ranges = splitIntoParts(file.size, upload.partSize);
  const all = ranges.flatMap(({ partNumber }) => parts.get(partNumber) ?? []);
  return all.length === ranges.length ? completionOf(all, completing.checksum) : undefined;
}

function objectOf({ source, tools }: UploadJob): ObjectToStore {
  return { fileName: source.name, contentType: tools.settings.contentType, size: source.size };
}
