import { type PartsAnswer, partsRequestSchema, type SignedPart } from "../../protocol/messages.ts";
import { isChecksumValue } from "../../signing/checksum-value.ts";
import { partLength } from "../../signing/part-layout.ts";
import { Refusal } from "../../signing/refusal.ts";
import { uploadPart } from "../../signing/s3-requests.ts";
import { problemOf } from "../problems.ts";
import { parseRequest } from "../request-body.ts";
import { layoutOf, type UploadClaims } from "../upload-token.ts";
import type { Call, Outcome } from "./call.ts";
import { claimsIn } from "./token-claims.ts";

interface AskedPart {
  readonly partNumber: number;
  readonly checksum?: string | undefined;
}

/** `POST /presign/multipart/parts`. One bad part does not spoil the others: each has its own answer. */
export async function signParts(call: Call): Promise<Outcome> {
  const request = parseRequest(partsRequestSchema, call.json);
  const claims = claimsIn(call, request.uploadToken);
  const { maxBatch, expiresIn } = call.settings;
  if (request.parts.length > maxBatch) {
    throw new Refusal("batch_too_large", `${request.parts.length} parts are more than ${maxBatch} at once.`, {
      field: "parts",
      limit: maxBatch,
    });
  }

  const answer: PartsAnswer = { parts: [], errors: [] };
  for (const part of request.parts) {
    const refusal = refusalOf(part, claims);
    if (refusal === undefined) answer.parts.push(await signPart(call, claims, part, expiresIn.default));
    else answer.errors.push({ partNumber: part.partNumber, ...problemOf(refusal, call.requestId).problem });
  }
  return { status: 200, body: answer, about: { key: claims.key, size: claims.size } };
}

/** Signs number, exact length and, when it is known, the checksum. */
export async function signPart(
  { ports }: Call,
  claims: UploadClaims,
  { partNumber, checksum }: AskedPart,
  expiresInSeconds: number,
): Promise<SignedPart> {
  const contentLength = partLength(layoutOf(claims), partNumber);
  const signed = await ports.signer.sign(
    uploadPart({
      bucket: claims.bucket,
      key: claims.key,
      uploadId: claims.uploadId,
      partNumber,
      contentLength,
      checksum: checksum === undefined ? undefined : { algorithm: claims.checksumAlgorithm, value: checksum },
    }),
    expiresInSeconds,
  );
  return { partNumber, ...signed, contentLength };
}

function refusalOf({ partNumber, checksum }: AskedPart, claims: UploadClaims): Refusal | undefined {
  const { partCount } = layoutOf(claims);
  if (partNumber > partCount) {
    return new Refusal("invalid_part", `The upload has ${partCount} parts.`, { field: "partNumber", limit: partCount });
  }
  if (checksum !== undefined && !isChecksumValue(claims.checksumAlgorithm, checksum)) {
    return new Refusal("invalid_checksum", `The checksum is not a ${claims.checksumAlgorithm} in base64.`, {
      field: "checksum",
    });
  }
  return undefined;
}
