/** Answers and their headers, as most operations give them. */

import type { ChecksumAlgorithm } from "../checksum.ts";
import { checksumHeader } from "../checksum-headers.ts";
import type { S3Answer } from "../context.ts";
import { OWNER_ID } from "../settings/acl-document.ts";
import type { ChecksumType, StoredObject } from "../stored-object.ts";
import { quoted } from "../stored-object.ts";
import { type XmlContent, xmlDocument } from "../xml.ts";

/** As on AWS: everything is encrypted with S3's own keys unless something else was asked for. */
export const encryptionHeader = { "x-amz-server-side-encryption": "AES256" } as const;

export const owner: XmlContent = [["ID", OWNER_ID]];

export function xmlAnswer(root: string, content: XmlContent, headers: Readonly<Record<string, string>> = {}): S3Answer {
  return { status: 200, headers: { "content-type": "application/xml", ...headers }, body: xmlDocument(root, content) };
}

/** The answer to a write: the ETag and the checksum that S3 has of it. */
export function storedHeaders({
  etag,
  checksum,
}: Pick<StoredObject, "etag" | "checksum">): Readonly<Record<string, string>> {
  return {
    etag: quoted(etag),
    ...encryptionHeader,
    ...checksumHeaders(checksum.algorithm, checksum.value, checksum.type),
  };
}

/** `type` is left out for a part, which has none. */
export function checksumHeaders(
  algorithm: ChecksumAlgorithm,
  value: string,
  type?: ChecksumType,
): Readonly<Record<string, string>> {
  return { [checksumHeader(algorithm)]: value, ...(type === undefined ? {} : { "x-amz-checksum-type": type }) };
}

/** `ChecksumSHA256` and the like. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

/** `Wed, 12 Oct 2009 17:50:00 GMT` */
export function httpDate(iso: string): string {
  return new Date(iso).toUTCString();
}
