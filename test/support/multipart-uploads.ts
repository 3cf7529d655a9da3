/** Multipart uploads by hand against a running sandbox. */
import { createHash } from "node:crypto";
import { elementOf, type Headers, type Send, type WireAnswer } from "./running-sandbox.ts";

export const MiB = 1024 ** 2;

export interface NamedPart {
  readonly partNumber: number;
  readonly etag: string;
  /** Elements such as `<ChecksumCRC32>…</ChecksumCRC32>`. */
  readonly further?: string;
}

export async function beginUpload(send: Send, key: string, headers: Headers = {}): Promise<string> {
  return elementOf((await send(`POST /drop/${key}?uploads=`, headers)).body, "UploadId") ?? "";
}

export async function sendPart(
  send: Send,
  key: string,
  uploadId: string,
  partNumber: number,
  body: string | Uint8Array,
  headers: Headers = {},
): Promise<WireAnswer> {
  return await send(`PUT /drop/${key}?partNumber=${partNumber}&uploadId=${uploadId}`, headers, body);
}

export async function completeUpload(
  send: Send,
  key: string,
  uploadId: string,
  parts: readonly NamedPart[],
  headers: Headers = {},
): Promise<WireAnswer> {
  const list = parts.map(
    ({ partNumber, etag, further = "" }) =>
      `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag>${further}</Part>`,
  );
  const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join("")}</CompleteMultipartUpload>`;
  return await send(`POST /drop/${key}?uploadId=${uploadId}`, headers, body);
}

/** From the beginning to the end; with SHA-256 as the one algorithm that `headers` may ask for. */
export async function uploadInParts(
  send: Send,
  key: string,
  bodies: readonly string[],
  headers: Headers = {},
): Promise<WireAnswer> {
  const uploadId = await beginUpload(send, key, headers);
  const parts: NamedPart[] = [];
  for (const [index, body] of bodies.entries()) {
    const partNumber = index + 1;
    const sha256 = createHash("sha256").update(body).digest("base64");
    const checked = headers["x-amz-checksum-algorithm"] === "SHA256";
    const answer = await sendPart(
      send,
      key,
      uploadId,
      partNumber,
      body,
      checked ? { "x-amz-checksum-sha256": sha256 } : {},
    );
    const further = checked ? `<ChecksumSHA256>${sha256}</ChecksumSHA256>` : "";
    parts.push({ partNumber, etag: answer.headers.etag ?? "", further });
  }
  return await completeUpload(send, key, uploadId, parts);
}
