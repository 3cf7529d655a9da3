/** The caller's identity where it must not stand itself: in a key, in a token. */
import { createHash, createHmac } from "node:crypto";

/** 16 hex digits: enough to keep callers apart, and no mail address in a key. */
export function subjectHash(subject: string | undefined): string | undefined {
  return subject === undefined ? undefined : createHash("sha256").update(subject).digest("hex").slice(0, 16);
}

export interface IdempotentId {
  readonly id: string;
  /** The part of the id that the client token alone decides: the same token with another file differs after it. */
  readonly tokenPart: string;
}

/**
 * An id in the form of a UUIDv8, the same for the same caller, client token and file. Its first half names the request,
 * its second half the file.
 */
export function idempotentId(
  secret: string,
  request: { readonly subject: string | undefined; readonly clientToken: string; readonly file: readonly unknown[] },
): IdempotentId {
  const half = (...text: readonly unknown[]) => createHmac("sha256", secret).update(JSON.stringify(text)).digest();
  const first = half("client token", request.subject ?? null, request.clientToken).subarray(0, 8);
  const second = half("file", ...request.file).subarray(0, 8);
  const bytes = Buffer.concat([first, second]);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const id = bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { id, tokenPart: id.slice(0, 19) };
}
