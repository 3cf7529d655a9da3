/** The files that the trials send: bytes by seed, so that a failure can be played again. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { seededChance } from "../../src/sandbox/seeded-random.ts";
import type { Shape } from "./scenario.ts";

export interface TestFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** As the result line has it. */
  readonly proof: string;
}

export type TestFiles = Readonly<Record<Shape, TestFile>>;

const MiB = 1024 ** 2;
const sizes: Readonly<Record<Shape, number>> = { parts: 11 * MiB + 1, single: MiB + 1 };

export async function makeTestFiles(seed: number): Promise<{ readonly files: TestFiles; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "s3up-fault-files-"));
  const make = async (shape: Shape): Promise<TestFile> => {
    const bytes = seededBytes(sizes[shape], seed);
    const path = join(directory, shape);
    await writeFile(path, bytes);
    return { path, bytes, proof: proofOf(bytes) };
  };
  const files = { parts: await make("parts"), single: await make("single") };
  return { files, remove: () => rm(directory, { recursive: true, force: true }) };
}

export function seededBytes(size: number, seed: number): Buffer {
  const chance = seededChance(seed);
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let index = 0; index < words.length; index += 1) words[index] = Math.floor(chance() * 2 ** 32);
  return Buffer.from(words.buffer).subarray(0, size);
}

export function proofOf(bytes: Uint8Array): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return `crc32:${value.toString("base64")}`;
}
