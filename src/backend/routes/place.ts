import type { UploadRequest } from "../../protocol/messages.ts";
import type { GrantPlace } from "../../signing/grant.ts";
import { idempotentId } from "../subject.ts";
import type { Call } from "./call.ts";

export interface UploadPlace extends GrantPlace {
  /** Of an idempotent request: what every id of the same client token begins with. */
  readonly tokenPart: string | undefined;
}

/** Where the object goes: a new id, or the same one again for the same client token. */
export function placeOf(call: Call, request: UploadRequest): UploadPlace {
  const { settings, subject, subjectHash, now } = call;
  const [secret] = settings.tokenSecrets;
  const place = { subjectHash, date: now };
  const { clientToken } = request;
  if (clientToken === undefined || !settings.idempotentCreate || secret === undefined) {
    return { ...place, id: call.ports.newId(), tokenPart: undefined };
  }
  const { fileName, contentType, size, mode, partSize = settings.partSize } = request;
  const file = [fileName, contentType, size ?? null, mode, partSize];
  return { ...place, ...idempotentId(secret, { subject, clientToken, file }) };
}
