/**
 * The last request of a multipart upload, the one that makes the object. Its answer decides; where the answer is lost,
 * S3 is asked what has become of the upload, and nothing is guessed.
 */
import { S3upError } from "../errors.ts";
import type { Checksum } from "../protocol/messages.ts";
import { completionBody } from "../signing/completion-body.ts";
import { readCompletion, readS3Error } from "../signing/s3-answers.ts";
import { checksumTypeOf } from "../signing/s3-requests.ts";
import { agree, checksumOfParts, isComposite, storedOtherBytes } from "./answer-checksum.ts";
import { type Doubt, type Recovery, sendPersistently } from "./attempts.ts";
import { completeThere, outcomeUnknown } from "./completion-there.ts";
import { bareEtag, etagOfParts } from "./etag.ts";
import type { StoredObject } from "./events.ts";
import type { SavedPart } from "./journal.ts";
import { bytesOf } from "./resume.ts";
import type { Outcome } from "./retry.ts";
import type { UploadTools } from "./tools.ts";
import type { Completion, MultipartSession, SentAnswer, UploadStatus } from "./transport.ts";

/** A part as S3 confirmed it. */
export type SentPart = SavedPart;

/**
 * Times the stall timeout, so that it is ten minutes usually: S3 may take minutes to put thousands of parts together; it
 * keeps the connection alive meanwhile.
 */
const answerPatience = 20;

/** @param sent all parts in ascending order */
export async function completeUpload(
  session: MultipartSession,
  sent: readonly SentPart[],
  tools: UploadTools,
): Promise<StoredObject> {
  tools.emit({ type: "preparing", step: "complete" });
  const size = bytesOf(sent);
  const whole = wholeChecksum(session, sent);
  const expected = { session, size, whole, wholes: formsOf(whole, session, sent) };
  return session.complete === undefined
    ? sendCompletion(expected, sent, tools)
    : completeThere(
        { ...session, complete: session.complete },
        completionOf(sent, expected.whole),
        expected.whole,
        tools,
      );
}

async function sendCompletion(
  expected: Expected,
  sent: readonly SentPart[],
  tools: UploadTools,
): Promise<StoredObject> {
  const { session } = expected;
  const { signal } = tools;
  let parts = sent;
  let host = "S3";
  let unanswered = false;

  async function recover(outcome: Outcome): Promise<Recovery<StoredObject>> {
    const code = outcome.kind === "answer" ? readS3Error(outcome.answer.body)?.code : undefined;
    if (code === "InvalidPart") {
      const listed = withListedEtags(parts, await statusOf(session, signal));
      if (listed === undefined) return { act: "none" };
      parts = listed;
      return { act: "retry" };
    }
    unanswered ||= outcome.kind !== "answer";
    const open = outcome.kind !== "answer" || code === "NoSuchUpload" || code === "NoSuchKey";
    const status = open ? await statusOf(session, signal) : undefined;
    if (status?.state === "gone" && unanswered) throw outcomeUnknown(session);
    if (status?.state !== "completed") return { act: "none" };
    return isOurs(status.object, expected, parts) ? { act: "done", result: status.object } : { act: "none" };
  }

  return sendPersistently<StoredObject>(
    {
      subject: () => ({
        operation: "CompleteMultipartUpload",
        partNumber: undefined,
        bucket: session.bucket,
        key: session.key,
        host,
      }),
      sign: async () => {
        const signed = await session.signComplete(completionOf(parts, expected.whole), signal);
        host = new URL(signed.url).host;
        return signed;
      },
      get contentLength() {
        return bodyOf(session, parts).byteLength;
      },
      body: () => [bodyOf(session, parts)],
      answerPatience,
      uninterruptible: true,
      accept: (answer) => accept(answer, expected),
      recover,
    },
    tools,
    signal,
  );
}

/** What is asked of S3 to make the object of these parts, all of them in order. */
export function completionOf(parts: readonly SentPart[], whole: Checksum | undefined): Completion {
  return {
    parts: completedParts(parts),
    // S3 forms a checksum of checksums itself; only a value over all bytes can be sent along.
    checksum: whole !== undefined && !isComposite(whole) ? whole : undefined,
    size: bytesOf(parts),
  };
}

interface Expected {
  readonly session: MultipartSession;
  readonly size: number;
  readonly whole: Checksum | undefined;
  /** The same in every form that a store may answer with. */
  readonly wholes: readonly Checksum[];
}

/** Asked for a CRC of CRCs, Ceph RGW 20 answers with the CRC of the whole all the same. */
function formsOf(
  whole: Checksum | undefined,
  session: MultipartSession,
  sent: readonly SentPart[],
): readonly Checksum[] {
  if (whole === undefined) return [];
  if (!isComposite(whole) || checksumTypeOf(whole.algorithm) === "COMPOSITE") return [whole];
  return [whole, wholeChecksum({ ...session, checksumType: "FULL_OBJECT" }, sent) ?? whole];
}

/** What S3 will say of the object; undefined for an upload without checksums. */
export function wholeChecksum(
  { checksumAlgorithm, checksumType }: MultipartSession,
  sent: readonly SentPart[],
): Checksum | undefined {
  if (checksumAlgorithm === undefined) return undefined;
  return checksumOfParts(
    checksumAlgorithm,
    sent.map(({ checksum, size }) => ({ value: checksum ?? "", length: size })),
    checksumType,
  );
}

function completedParts(parts: readonly SentPart[]) {
  return parts.map(({ partNumber, etag, checksum }) => ({
    partNumber,
    etag,
    ...(checksum === undefined ? {} : { checksum }),
  }));
}

function bodyOf(session: MultipartSession, parts: readonly SentPart[]): Uint8Array {
  return new TextEncoder().encode(completionBody(completedParts(parts), session.checksumAlgorithm));
}

function accept(answer: SentAnswer, { session, size, wholes }: Expected): { readonly result: StoredObject } | Doubt {
  const completion = readCompletion(answer.body);
  if (completion === undefined) return { doubt: "no result in the answer", corrupt: false };

  const { etag, checksum } = completion;
  const [whole] = wholes;
  if (whole !== undefined && checksum !== undefined && !wholes.some((form) => agree(form, checksum))) {
    throw storedOtherBytes(session.key, whole, checksum);
  }
  const versionId = answer.headers["x-amz-version-id"];
  return {
    result: {
      bucket: session.bucket,
      key: session.key,
      size,
      etag,
      ...(versionId === undefined ? {} : { versionId }),
      ...(checksum === undefined ? {} : { checksum }),
    },
  };
}

/** Undefined when S3 will not say, as where the credentials may not list: then the next answer has to do. */
async function statusOf(session: MultipartSession, signal: AbortSignal): Promise<UploadStatus | undefined> {
  try {
    return await session.status(signal);
  } catch (error) {
    if (error instanceof S3upError && !signal.aborted) return undefined;
    throw error;
  }
}

/** By its checksum; where the server keeps none, by the ETag that follows from the parts'. */
function isOurs(object: StoredObject, { size, whole, wholes }: Expected, parts: readonly SentPart[]): boolean {
  if (object.size !== size) return false;
  const { checksum } = object;
  if (checksum !== undefined && checksum.algorithm === whole?.algorithm) {
    return wholes.some((form) => agree(form, checksum));
  }
  return object.etag !== undefined && bareEtag(object.etag) === etagOfParts(parts.map((part) => part.etag));
}

/**
 * Our parts with the ETags that S3 lists, where size and checksum show that they are the same parts. Undefined when
 * nothing would change or a part is not there.
 */
function withListedEtags(
  parts: readonly SentPart[],
  status: UploadStatus | undefined,
): readonly SentPart[] | undefined {
  if (status?.state !== "open") return undefined;
  const listed = new Map(status.parts.map((part) => [part.partNumber, part]));

  const repaired: SentPart[] = [];
  for (const part of parts) {
    const there = listed.get(part.partNumber);
    if (there === undefined || there.size !== part.size) return undefined;
    if (there.checksum !== undefined && there.checksum !== part.checksum) return undefined;
    repaired.push({ ...part, etag: there.etag });
  }
  const changed = repaired.some((part, index) => bareEtag(part.etag) !== bareEtag(parts[index]?.etag ?? ""));
  return changed ? repaired : undefined;
}
