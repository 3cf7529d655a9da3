/** The bytes of objects and parts: files that are written once, under names that have nothing to do with any key. */
import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** A stretch of one file. Half open: `end` is the first byte that is not part of it. */
export interface Stretch {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** Bytes that a stream holds between network and disk. */
const bufferedBytes = 256 * 1024;

export class DataFiles {
  readonly #directory: string;
  readonly #newId: () => string;
  readonly #readers = new Map<string, number>();
  readonly #unwanted = new Set<string>();

  private constructor(directory: string, newId: () => string) {
    this.#directory = directory;
    this.#newId = newId;
  }

  /** Removes what no record speaks of: files of requests that were under way when the sandbox was last killed. */
  static async open(directory: string, newId: () => string, wanted: ReadonlySet<string>): Promise<DataFiles> {
    await mkdir(directory, { recursive: true });
    for (const file of await readdir(directory)) {
      if (!wanted.has(file)) await rm(join(directory, file));
    }
    return new DataFiles(directory, newId);
  }

  /** Writes a stream to its end and gives the file's name; nothing stays of one that fails. */
  async write(source: Readable): Promise<string> {
    const file = this.#newId();
    const path = join(this.#directory, file);
    try {
      await pipeline(source, createWriteStream(path, { flags: "wx", mode: 0o600, highWaterMark: bufferedBytes }));
      return file;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** The stretches one after the other. Until the stream is closed no file of it disappears. */
  read(stretches: readonly Stretch[]): Readable {
    const files = stretches.map(({ file }) => file);
    for (const file of files) this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    const stream = Readable.from(this.#bytesOf(stretches), { objectMode: false, highWaterMark: bufferedBytes });
    return stream.once("close", () => {
      for (const file of files) {
        // one that cannot be removed now goes at the next start
        this.#leave(file).catch(() => undefined);
      }
    });
  }

  /** Removes files, each as soon as nobody reads it any more. */
  async remove(files: Iterable<string>): Promise<void> {
    for (const file of files) {
      if (this.#readers.has(file)) this.#unwanted.add(file);
      else await rm(join(this.#directory, file), { force: true });
    }
  }

  async *#bytesOf(stretches: readonly Stretch[]): AsyncGenerator<Buffer> {
    for (const { file, start, end } of stretches) {
      if (start === end) continue;
      const handle = await open(join(this.#directory, file));
      // `end` of a read stream is the last byte that is part of it
      yield* handle.createReadStream({ start, end: end - 1, highWaterMark: bufferedBytes });
    }
  }

  async #leave(file: string): Promise<void> {
    const readers = (this.#readers.get(file) ?? 1) - 1;
    if (readers > 0) {
      this.#readers.set(file, readers);
      return;
    }
    this.#readers.delete(file);
    if (this.#unwanted.delete(file)) await rm(join(this.#directory, file), { force: true });
  }
}
