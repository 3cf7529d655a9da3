import { S3upError } from "../../errors.ts";
import { type ListAnswer, listRequestSchema } from "../../protocol/messages.ts";
import { parseRequest } from "../request-body.ts";
import type { UploadClaims } from "../upload-token.ts";
import type { Call, Outcome } from "./call.ts";
import { storedObject } from "./earlier-upload.ts";
import { claimsIn } from "./token-claims.ts";

/** `POST /presign/multipart/list`: what S3 has, a page at a time. */
export async function listUploadedParts(call: Call): Promise<Outcome> {
  const { uploadToken, marker } = parseRequest(listRequestSchema, call.json);
  const claims = claimsIn(call, uploadToken);
  return {
    status: 200,
    body: await listAnswer(call, claims, marker),
    about: { key: claims.key, size: claims.size },
  };
}

async function listAnswer(call: Call, claims: UploadClaims, marker: number | undefined): Promise<ListAnswer> {
  try {
    const { parts, nextMarker } = await call.ports.multipart.listPage(claims, marker);
    return { parts: [...parts], ...(nextMarker === undefined ? {} : { nextMarker }), state: "open" };
  } catch (error) {
    if (!(error instanceof S3upError && error.code === "UPLOAD_NOT_FOUND")) throw error;
    const stored = await storedObject(call, claims.key);
    return { parts: [], state: stored?.size === claims.size ? "completed" : "gone" };
  }
}
