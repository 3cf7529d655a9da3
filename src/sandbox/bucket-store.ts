/** The buckets of a sandbox, each a folder with its objects, uploads and data. */
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { DataFiles } from "./data-files.ts";
import { MultipartStore } from "./multipart-store.ts";
import { filesOf, ObjectStore } from "./object-store.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { readRecord, UNFINISHED, writeRecord } from "./record-file.ts";
import { s3Error } from "./s3-error.ts";

interface BucketRecord {
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly region: string;
}

export interface Bucket extends BucketRecord {
  readonly objects: ObjectStore;
  readonly uploads: MultipartStore;
  readonly files: DataFiles;
}

export class BucketStore {
  readonly #directory: string;
  readonly #newId: () => string;
  readonly #buckets = new Map<string, Bucket>();
  readonly #turns = new OneAtATime();

  private constructor(directory: string, newId: () => string) {
    this.#directory = directory;
    this.#newId = newId;
  }

  static async open(directory: string, newId: () => string): Promise<BucketStore> {
    const store = new BucketStore(directory, newId);
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) await store.#openOrRemove(name);
    return store;
  }

  get(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws S3Error `NoSuchBucket` */
  find(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw s3Error("NoSuchBucket", { BucketName: name });
    return bucket;
  }

  /** In the order of their names. */
  all(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** @throws S3Error `BucketAlreadyOwnedByYou`, `InvalidBucketName` */
  async create(record: BucketRecord): Promise<void> {
    requireBucketName(record.name);
    await this.#turns.run(record.name, async () => {
      if (this.#buckets.has(record.name)) throw s3Error("BucketAlreadyOwnedByYou", { BucketName: record.name });
      await writeRecord(join(this.#directory, record.name, "bucket.json"), record);
      this.#buckets.set(record.name, await this.#openParts(record));
    });
  }

  /** Unfinished uploads go with it, as in S3. @throws S3Error `NoSuchBucket`, `BucketNotEmpty` */
  async remove(name: string): Promise<void> {
    await this.#turns.run(name, async () => {
      const bucket = this.find(name);
      if (!bucket.objects.isEmpty) throw s3Error("BucketNotEmpty", { BucketName: name });
      bucket.objects.close();
      this.#buckets.delete(name);
      // first out of the way, in one step: a bucket is there or not there, also after a crash in between
      const leaving = join(this.#directory, `${name}.${this.#newId()}${UNFINISHED}`);
      await rename(join(this.#directory, name), leaving);
      await rm(leaving, { recursive: true });
    });
  }

  async #openOrRemove(name: string): Promise<void> {
    const record = await readRecord<BucketRecord>(join(this.#directory, name, "bucket.json"));
    if (record === undefined || name.endsWith(UNFINISHED)) await rm(join(this.#directory, name), { recursive: true });
    else this.#buckets.set(name, await this.#openParts(record));
  }

  async #openParts(record: BucketRecord): Promise<Bucket> {
    const folder = join(this.#directory, record.name);
    const objects = await ObjectStore.open(join(folder, "objects"));
    const taken = new Set([...objects.all()].flatMap(filesOf));
    const uploads = await MultipartStore.open(join(folder, "uploads"), taken);
    const wanted = new Set([...taken, ...uploads.allFiles()]);
    const files = await DataFiles.open(join(folder, "data"), this.#newId, wanted);
    return { ...record, objects, uploads, files };
  }
}

/**
 * The rules for names of general purpose buckets, as the S3 user guide lists them; the reserved beginnings and endings
 * are those of access points, directory buckets and the like.
 */
function requireBucketName(name: string): void {
  const shaped = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..");
  const address = /^\d+\.\d+\.\d+\.\d+$/.test(name);
  const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!shaped || address || reserved) throw s3Error("InvalidBucketName", { BucketName: name });
}
