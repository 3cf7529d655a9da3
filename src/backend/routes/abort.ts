import { abortRequestSchema } from "../../protocol/messages.ts";
import { parseRequest } from "../request-body.ts";
import type { Call, Outcome } from "./call.ts";
import { claimsIn } from "./token-claims.ts";

/** `POST /presign/multipart/abort`: 204 also for an upload that is already gone. */
export async function abortUpload(call: Call): Promise<Outcome> {
  const claims = claimsIn(call, parseRequest(abortRequestSchema, call.json).uploadToken);
  await call.ports.multipart.abort(claims);
  return { status: 204, about: { key: claims.key, size: claims.size } };
}
