/** What is uploaded. */
import { randomFillSync } from "node:crypto";
import { mkdirSync } from "node:fs";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";

const MiB = 1024 ** 2;

/** Random bytes: nothing on the way can make them fewer. */
export async function randomFile(path: string, bytes: number): Promise<string> {
  const file = await open(path, "w");
  const block = Buffer.alloc(MiB);
  for (let left = bytes; left > 0; left -= MiB) await file.write(randomFillSync(block), 0, Math.min(MiB, left));
  await file.close();
  return path;
}

/** Of any length, and no room on the disk. */
export async function sparseFile(path: string, bytes: number): Promise<string> {
  const file = await open(path, "w");
  await file.truncate(bytes);
  await file.close();
  return path;
}

export async function folderOfFiles(path: string, count: number, bytes: number): Promise<string> {
  mkdirSync(path);
  for (let index = 0; index < count; index += 1) {
    await writeFile(join(path, `${String(index).padStart(5, "0")}.bin`), randomFillSync(Buffer.alloc(bytes)));
  }
  return path;
}
