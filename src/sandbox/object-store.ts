/** The objects of one bucket: an index in memory, and a record on disk for each. */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DataFiles } from "./data-files.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { filesBelow, readRecord, UNFINISHED, writeRecord } from "./record-file.ts";
import { s3Error } from "./s3-error.ts";
import type { StoredObject } from "./stored-object.ts";

export class ObjectStore {
  readonly #directory: string;
  readonly #objects: Map<string, StoredObject>;
  readonly #turns = new OneAtATime();
  #sortedKeys: readonly string[] | undefined;
  #closed = false;

  private constructor(directory: string, objects: readonly StoredObject[]) {
    this.#directory = directory;
    this.#objects = new Map(objects.map((object) => [object.key, object]));
  }

  static async open(directory: string): Promise<ObjectStore> {
    for (const path of await filesBelow(directory, UNFINISHED)) await rm(path);
    const objects: StoredObject[] = [];
    for (const path of await filesBelow(directory, ".json")) {
      const object = await readRecord<StoredObject>(path);
      if (object !== undefined) objects.push(object);
    }
    return new ObjectStore(directory, objects);
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  get isEmpty(): boolean {
    return this.#objects.size === 0;
  }

  /** In the order of their bytes in UTF-8, as S3 lists them. */
  keys(): readonly string[] {
    this.#sortedKeys ??= sortByBytes([...this.#objects.keys()]);
    return this.#sortedKeys;
  }

  all(): Iterable<StoredObject> {
    return this.#objects.values();
  }

  /** After it nothing more can be put: the bucket is going away. */
  close(): void {
    this.#closed = true;
  }

  /**
   * Puts an object in the place of what is there, in one step.
   * @param check throws when what is there in this moment forbids it
   */
  async put(object: StoredObject, files: DataFiles, check: (current: StoredObject | undefined) => void): Promise<void> {
    await this.#turns.run(object.key, async () => {
      if (this.#closed) throw s3Error("NoSuchBucket");
      const current = this.#objects.get(object.key);
      check(current);
      await writeRecord(this.#pathOf(object.key), object);
      this.#objects.set(object.key, object);
      if (current === undefined) this.#sortedKeys = undefined;
      await files.remove(filesOf(current));
    });
  }

  /** Does nothing when there is no such object, as in S3. */
  async remove(key: string, files: DataFiles): Promise<void> {
    await this.#turns.run(key, async () => {
      const current = this.#objects.get(key);
      if (current === undefined) return;
      await rm(this.#pathOf(key), { force: true });
      this.#objects.delete(key);
      this.#sortedKeys = undefined;
      await files.remove(filesOf(current));
    });
  }

  /** A key is never a path: whatever it holds, its record is named after its hash. */
  #pathOf(key: string): string {
    const hash = createHash("sha256").update(key).digest("hex");
    return join(this.#directory, hash.slice(0, 2), `${hash}.json`);
  }
}

export function filesOf(object: StoredObject | undefined): readonly string[] {
  return object?.parts.map(({ file }) => file) ?? [];
}

/** JavaScript compares UTF-16, which puts some characters beyond the basic plane before others that S3 puts first. */
export function sortByBytes(keys: readonly string[]): readonly string[] {
  return keys
    .map((key) => ({ key, bytes: Buffer.from(key) }))
    .sort((one, other) => one.bytes.compare(other.bytes))
    .map(({ key }) => key);
}
