/** A file that no compression and no repeated block makes easy, with what must come back of it. */
import { createCipheriv, createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { crc32 } from "node:zlib";

const MiB = 1024 ** 2;

export interface BigFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Base64, as S3 writes it. */
  readonly crc32: string;
}

/** The same bytes every time: the key stream of a cipher under a key of zeros, and an odd last byte. */
export async function makeBigFile(path: string, mebibytes: number): Promise<BigFile> {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16));
  const hash = createHash("sha256");
  let crc = 0;
  const file = await open(path, "w");
  for (let count = 0; count <= mebibytes; count += 1) {
    const block = cipher.update(Buffer.alloc(count === mebibytes ? 1 : MiB));
    hash.update(block);
    crc = crc32(block, crc);
    await file.write(block);
  }
  await file.close();
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc);
  return { path, size: mebibytes * MiB + 1, sha256: hash.digest("hex"), crc32: value.toString("base64") };
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
