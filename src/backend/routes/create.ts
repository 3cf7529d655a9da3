import type { MultipartAnswer, SignedPart } from "../../protocol/messages.ts";
import type { MultipartGrant } from "../../signing/grant.ts";
import { checksumTypeOf } from "../../signing/s3-requests.ts";
import { signUploadToken, type UploadClaims } from "../upload-token.ts";
import type { Call, Outcome } from "./call.ts";
import { PART_CHECKSUM } from "./capabilities.ts";
import { commonAnswer } from "./common-answer.ts";
import { findEarlierUpload, onlyOneOf } from "./earlier-upload.ts";
import { signPart } from "./parts.ts";
import type { UploadPlace } from "./place.ts";

/** Signed with the first answer, so that a page can begin at once; they carry no checksum, which nobody knows yet. */
const FIRST_PARTS = 8;

export async function createMultipart(call: Call, grant: MultipartGrant, place: UploadPlace): Promise<Outcome> {
  const earlier = await findEarlierUpload(call, grant.key, place);
  const key = earlier?.key ?? grant.key;
  const uploadId = earlier?.uploadId ?? (await beginUpload(call, grant));
  const claims = claimsFor(call, grant, { key, uploadId });
  const parts = await firstParts(call, claims, grant);
  const body: MultipartAnswer = {
    ...commonAnswer(call, key, parts[0]?.expiresIn ?? grant.expiresInSeconds),
    mode: "multipart",
    uploadId,
    uploadToken: signUploadToken(claims, currentSecret(call)),
    tokenExpiresIn: call.settings.tokenLife,
    partSize: grant.partSize,
    partCount: grant.partCount,
    lastPartSize: grant.lastPartSize,
    checksum: { algorithm: PART_CHECKSUM, type: checksumTypeOf(PART_CHECKSUM) },
    maxBatch: call.settings.maxBatch,
    parts,
    resumed: earlier !== undefined,
  };
  return { status: earlier === undefined ? 201 : 200, body, about: { key, size: grant.size } };
}

async function beginUpload(call: Call, grant: MultipartGrant): Promise<string> {
  let isRepeated = false;
  const uploadId = await call.ports.multipart.create({
    bucket: call.settings.bucket,
    key: grant.key,
    headers: { "content-type": grant.contentType, ...grant.metadata },
    checksumAlgorithm: PART_CHECKSUM,
    onRepeated: () => {
      isRepeated = true;
    },
  });
  return isRepeated ? onlyOneOf(call, grant.key, uploadId) : uploadId;
}

function claimsFor(
  { settings, now, subjectHash }: Call,
  { size, partSize, contentType, oneTime }: MultipartGrant,
  { key, uploadId }: { readonly key: string; readonly uploadId: string },
): UploadClaims {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return {
    bucket: settings.bucket,
    key,
    uploadId,
    size,
    partSize,
    contentType,
    checksumAlgorithm: PART_CHECKSUM,
    oneTime,
    subjectHash,
    issuedAt,
    expiresAt: issuedAt + settings.tokenLife,
  };
}

function firstParts(call: Call, claims: UploadClaims, grant: MultipartGrant): Promise<SignedPart[]> {
  const count = Math.min(grant.partCount, call.settings.maxBatch, FIRST_PARTS);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return Promise.all(numbers.map((partNumber) => signPart(call, claims, { partNumber }, grant.expiresInSeconds)));
}

function currentSecret({ settings }: Call): string {
  const [secret] = settings.tokenSecrets;
  // backendSettings refuses mode multipart without one.
  if (secret === undefined) throw new Error("multipart uploads need TOKEN_SECRET");
  return secret;
}
