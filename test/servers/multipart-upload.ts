/** A multipart upload of two parts, step by step, for the probes that change one of the steps. */
import { createHash } from "node:crypto";
import type { ServerUnderTest } from "./server.ts";
import { type Answer, lineOf, xmlText } from "./wire.ts";

export const big = Buffer.alloc(5 * 1024 ** 2, "a");
export const small = Buffer.from("123456789");
const md5 = (data: Buffer): Buffer => createHash("md5").update(data).digest();
export const etagOf = (data: Buffer): string => `"${md5(data).toString("hex")}"`;
export const whole = Buffer.concat([big, small]);
export const wholeEtag = `"${createHash("md5")
  .update(Buffer.concat([md5(big), md5(small)]))
  .digest("hex")}-2"`;

export type Headers = Readonly<Record<string, string>>;

export interface Upload {
  readonly path: string;
  readonly uploadId: string;
  part(partNumber: number, body: Buffer, headers?: Headers): Promise<Answer>;
  complete(parts: readonly CompletePart[], headers?: Headers): Promise<Answer>;
  abort(): Promise<Answer>;
  list(query?: Headers): Promise<Answer>;
}

export interface CompletePart {
  readonly partNumber: number;
  readonly etag: string;
  /** Further elements of the part, as XML. */
  readonly checksum?: string;
}

export async function begin(server: ServerUnderTest, headers: Headers = {}): Promise<Upload> {
  const path = `/${await server.newBucket()}/a`;
  const created = await server.send({ method: "POST", path, query: { uploads: "" }, headers });
  if (created.status !== 200) throw new Error(`CreateMultipartUpload answered ${lineOf(created)}.`);
  return uploadAt(server, path, xmlText(created.body, "UploadId") ?? "");
}

export function uploadAt(server: ServerUnderTest, path: string, uploadId: string): Upload {
  return {
    path,
    uploadId,
    part: (partNumber, body, headers = {}) =>
      server.send({ method: "PUT", path, query: { partNumber: String(partNumber), uploadId }, headers, body }),
    complete: (parts, headers = {}) =>
      server.send({ method: "POST", path, query: { uploadId }, headers, body: completeXml(parts) }),
    abort: () => server.send({ method: "DELETE", path, query: { uploadId } }),
    list: (query = {}) => server.send({ method: "GET", path, query: { uploadId, ...query } }),
  };
}

export function completeXml(parts: readonly CompletePart[]): string {
  const items = parts.map(
    ({ partNumber, etag, checksum = "" }) =>
      `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag>${checksum}</Part>`,
  );
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${items.join("")}</CompleteMultipartUpload>`;
}

export const bothParts: readonly CompletePart[] = [
  { partNumber: 1, etag: etagOf(big) },
  { partNumber: 2, etag: etagOf(small) },
];

/** An upload with both parts sent, ready to be completed. */
export async function uploaded(server: ServerUnderTest, headers: Headers = {}): Promise<Upload> {
  const upload = await begin(server, headers);
  await upload.part(1, big);
  await upload.part(2, small);
  return upload;
}
