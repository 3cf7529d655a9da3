/** The multipart uploads of one bucket that were begun and neither completed nor aborted. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ChecksumAlgorithm } from "./checksum.ts";
import type { DataFiles } from "./data-files.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { filesBelow, readRecord, UNFINISHED, writeRecord } from "./record-file.ts";
import { s3Error } from "./s3-error.ts";
import type { ChecksumType, ObjectDescription, StoredObject, StoredPart } from "./stored-object.ts";

export interface MultipartUpload {
  readonly uploadId: string;
  readonly key: string;
  /** ISO 8601. */
  readonly initiated: string;
  readonly description: ObjectDescription;
  /** What CreateMultipartUpload asked for; without it S3 calculates a CRC64NVME on its own. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | undefined;
}

interface OpenUpload {
  readonly upload: MultipartUpload;
  readonly parts: Map<number, StoredPart>;
}

/** A completed upload is remembered, because a client that lost the answer asks again. */
const rememberedCompletions = 1000;

export class MultipartStore {
  readonly #directory: string;
  readonly #open: Map<string, OpenUpload>;
  readonly #completed = new Map<string, StoredObject>();
  readonly #turns = new OneAtATime();

  private constructor(directory: string, open: Map<string, OpenUpload>) {
    this.#directory = directory;
    this.#open = open;
  }

  /** @param taken data files that belong to objects: an upload that has one of them was completed before a crash */
  static async open(directory: string, taken: ReadonlySet<string>): Promise<MultipartStore> {
    for (const path of await filesBelow(directory, UNFINISHED)) await rm(path);
    const open = new Map<string, OpenUpload>();
    for (const path of await filesBelow(directory, "upload.json")) {
      const upload = await readRecord<MultipartUpload>(path);
      if (upload === undefined) continue;
      const parts = await readParts(join(directory, upload.uploadId));
      const wasCompleted = [...parts.values()].some(({ file }) => taken.has(file));
      if (wasCompleted) await rm(join(directory, upload.uploadId), { recursive: true });
      else open.set(upload.uploadId, { upload, parts });
    }
    return new MultipartStore(directory, open);
  }

  async begin(upload: MultipartUpload): Promise<void> {
    await writeRecord(join(this.#directory, upload.uploadId, "upload.json"), upload);
    this.#open.set(upload.uploadId, { upload, parts: new Map() });
  }

  /** @throws S3Error `NoSuchUpload`, also when it is the upload of another key */
  find(uploadId: string, key: string): MultipartUpload {
    return this.#find(uploadId, key).upload;
  }

  /** In the order of their numbers. */
  parts(uploadId: string, key: string): readonly StoredPart[] {
    return [...this.#find(uploadId, key).parts.values()].sort((one, other) => one.partNumber - other.partNumber);
  }

  all(): readonly MultipartUpload[] {
    return [...this.#open.values()].map(({ upload }) => upload);
  }

  allFiles(): readonly string[] {
    return [...this.#open.values()].flatMap(({ parts }) => [...parts.values()].map(({ file }) => file));
  }

  /** Keeps a part in the place of an earlier one of the same number. @throws S3Error `NoSuchUpload` */
  async keepPart(uploadId: string, key: string, part: StoredPart, files: DataFiles): Promise<void> {
    await this.#turns.run(uploadId, async () => {
      const { parts } = this.#find(uploadId, key);
      const earlier = parts.get(part.partNumber);
      await writeRecord(join(this.#directory, uploadId, `part-${part.partNumber}.json`), part);
      parts.set(part.partNumber, part);
      if (earlier !== undefined) await files.remove([earlier.file]);
    });
  }

  /**
   * Completes an upload, or says again what completing it gave.
   * @param store makes the object of the parts and stores it
   */
  async complete(
    uploadId: string,
    key: string,
    files: DataFiles,
    store: (upload: MultipartUpload, parts: readonly StoredPart[]) => Promise<StoredObject>,
  ): Promise<StoredObject> {
    return await this.#turns.run(uploadId, async () => {
      const before = this.#completed.get(uploadId);
      if (before?.key === key) return before;
      const parts = this.parts(uploadId, key);
      const object = await store(this.find(uploadId, key), parts);
      await this.#forget(uploadId);
      const kept = new Set(object.parts.map(({ file }) => file));
      await files.remove(parts.map(({ file }) => file).filter((file) => !kept.has(file)));
      this.#remember(uploadId, object);
      return object;
    });
  }

  /** @throws S3Error `NoSuchUpload` */
  async abort(uploadId: string, key: string, files: DataFiles): Promise<void> {
    await this.#turns.run(uploadId, async () => {
      const parts = this.parts(uploadId, key);
      await this.#forget(uploadId);
      await files.remove(parts.map(({ file }) => file));
    });
  }

  #find(uploadId: string, key: string): OpenUpload {
    const found = this.#open.get(uploadId);
    if (found?.upload.key !== key) throw s3Error("NoSuchUpload", { UploadId: uploadId });
    return found;
  }

  async #forget(uploadId: string): Promise<void> {
    this.#open.delete(uploadId);
    await rm(join(this.#directory, uploadId), { recursive: true });
  }

  #remember(uploadId: string, object: StoredObject): void {
    this.#completed.set(uploadId, object);
    const [oldest] = this.#completed.keys();
    if (this.#completed.size > rememberedCompletions && oldest !== undefined) this.#completed.delete(oldest);
  }
}

async function readParts(directory: string): Promise<Map<number, StoredPart>> {
  const parts = new Map<number, StoredPart>();
  for (const path of await filesBelow(directory, ".json")) {
    if (path.endsWith("upload.json")) continue;
    const part = await readRecord<StoredPart>(path);
    if (part !== undefined) parts.set(part.partNumber, part);
  }
  return parts;
}
