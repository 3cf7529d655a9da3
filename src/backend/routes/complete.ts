import { S3upError } from "../../errors.ts";
import {
  type Checksum,
  type CompletedAnswer,
  type CompletedPart,
  type CompleteViaClientAnswer,
  type CompletingAnswer,
  completeRequestSchema,
} from "../../protocol/messages.ts";
import { isChecksumValue, refuseBadChecksum } from "../../signing/checksum-value.ts";
import type { StoredFacts } from "../../signing/multipart-control.ts";
import { Refusal } from "../../signing/refusal.ts";
import { completeMultipartUpload } from "../../signing/s3-requests.ts";
import { parseRequest } from "../request-body.ts";
import { layoutOf, type UploadClaims } from "../upload-token.ts";
import type { Call, Outcome } from "./call.ts";
import { storedObject } from "./earlier-upload.ts";
import { claimsIn } from "./token-claims.ts";

/** A gateway gives up on an integration after 30 s; the answer has to be on its way before. */
const WAIT_MS = 25_000;
const ASK_AGAIN_SECONDS = 3;

interface Completion {
  readonly claims: UploadClaims;
  readonly parts: readonly CompletedPart[];
  readonly checksum: Checksum | undefined;
}

/** `POST /presign/multipart/complete`. */
export async function completeUpload(call: Call): Promise<Outcome> {
  const request = parseRequest(completeRequestSchema, call.json);
  const claims = claimsIn(call, request.uploadToken);
  const { checksum } = request;
  if (checksum !== undefined) refuseBadChecksum(checksum, [claims.checksumAlgorithm]);
  const completion = { claims, parts: inOrder(request.parts, claims), checksum };
  const outcome = await (request.via === "server" ? completeHere(call, completion) : signCompletion(call, completion));
  return { ...outcome, about: { key: claims.key, size: claims.size } };
}

/** The client completes: S3 may take minutes, which no gateway waits for. */
async function signCompletion(call: Call, { claims, checksum }: Completion): Promise<Outcome> {
  const { bucket, key, uploadId, size, oneTime } = claims;
  const request = await call.ports.signer.sign(
    completeMultipartUpload({
      bucket,
      key,
      uploadId,
      objectSize: size,
      checksum,
      ifNoneMatch: oneTime ? "*" : undefined,
    }),
    call.settings.expiresIn.default,
  );
  const body: CompleteViaClientAnswer = { v: 1, bucket, key, request };
  return { status: 200, body };
}

/** The backend completes, for a page that cannot send XML; S3 goes on with it also after our patience has ended. */
async function completeHere(call: Call, completion: Completion): Promise<Outcome> {
  const deadline = call.ports.deadline(WAIT_MS);
  try {
    return { status: 200, body: completedAnswer(completion, await completeAtS3(call, completion, deadline)) };
  } catch (error) {
    if (!deadline.aborted) throw error;
    const body: CompletingAnswer = { state: "completing", retryAfter: ASK_AGAIN_SECONDS };
    return { status: 202, body };
  }
}

async function completeAtS3(call: Call, completion: Completion, deadline: AbortSignal): Promise<StoredFacts> {
  const { claims, parts, checksum } = completion;
  const { bucket, key, uploadId, size, checksumAlgorithm, oneTime } = claims;
  try {
    return await call.ports.multipart.complete(
      {
        bucket,
        key,
        uploadId,
        parts,
        checksumAlgorithm,
        objectSize: size,
        ...(checksum === undefined ? {} : { checksum }),
        ...(oneTime ? { ifNoneMatch: "*" as const } : {}),
      },
      deadline,
    );
  } catch (error) {
    const stored = mayBeDone(error) ? await storedObject(call, key) : undefined;
    if (stored !== undefined && isSame(stored, completion)) return stored;
    throw error;
  }
}

/** An answer that got lost: the key was made for this one upload, so the same size and checksum are the same object. */
function isSame(stored: StoredFacts, { claims, checksum }: Completion): boolean {
  if (stored.size !== claims.size) return false;
  const known = stored.checksum;
  if (known === undefined || checksum === undefined || known.algorithm !== checksum.algorithm) return true;
  return known.value === checksum.value;
}

/** Refused because it was done before, or not answered at all. */
function mayBeDone(error: unknown): boolean {
  return error instanceof S3upError && ["UPLOAD_NOT_FOUND", "OBJECT_EXISTS", "NETWORK"].includes(error.code);
}

function completedAnswer({ claims }: Completion, { etag, versionId, checksum }: StoredFacts): CompletedAnswer {
  return {
    v: 1,
    bucket: claims.bucket,
    key: claims.key,
    etag,
    ...(versionId === undefined ? {} : { versionId }),
    ...(checksum === undefined ? {} : { checksum }),
    size: claims.size,
  };
}

/**
 * Every part once, in ascending order: S3 would make an object of any ascending selection.
 * @throws Refusal invalid_part
 */
function inOrder(parts: readonly CompletedPart[], claims: UploadClaims): readonly CompletedPart[] {
  const { partCount } = layoutOf(claims);
  const sorted = parts.toSorted((one, other) => one.partNumber - other.partNumber);
  const gap = sorted.findIndex(({ partNumber }, index) => partNumber !== index + 1);
  if (gap !== -1 || sorted.length !== partCount) {
    const first = gap === -1 ? sorted.length + 1 : gap + 1;
    throw new Refusal("invalid_part", `Each of the ${partCount} parts is needed once; see part ${first}.`, {
      field: "parts",
      limit: partCount,
    });
  }
  const odd = sorted.find(
    ({ checksum }) => checksum !== undefined && !isChecksumValue(claims.checksumAlgorithm, checksum),
  );
  if (odd !== undefined) {
    throw new Refusal(
      "invalid_checksum",
      `The checksum of part ${odd.partNumber} is not a ${claims.checksumAlgorithm}.`,
      {
        field: "parts",
      },
    );
  }
  return sorted;
}
