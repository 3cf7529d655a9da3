/** What is said of a part of a stream; lib-storage hands it over as bytes. */
import { createHasher } from "../upload/checksum.ts";

/** The header that says its MD5, where that is wanted. */
export function contentMd5(body: unknown, wanted: boolean | undefined): Readonly<Record<string, string>> {
  if (wanted !== true || !(body instanceof Uint8Array)) return {};
  const hasher = createHasher("MD5");
  hasher.update(body);
  return { "content-md5": hasher.digest() };
}

export function lengthOf(body: unknown): number {
  return body instanceof Uint8Array ? body.byteLength : 0;
}
