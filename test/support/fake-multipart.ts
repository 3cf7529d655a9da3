import { S3upError } from "../../src/errors.ts";
import type { ListedPart } from "../../src/protocol/messages.ts";
import type { MultipartControl, MultipartToCreate, StoredFacts } from "../../src/signing/multipart-control.ts";

interface Upload {
  readonly key: string;
  readonly create: MultipartToCreate;
  readonly initiated: Date;
  readonly parts: Map<number, ListedPart>;
}

export interface FakeMultipart extends MultipartControl {
  /** What a client's PUT of a part leaves behind. */
  putPart(uploadId: string, part: ListedPart): void;
  /** Creates that were asked for, oldest first. */
  readonly created: readonly MultipartToCreate[];
  readonly objects: ReadonlyMap<string, StoredFacts>;
  /** Makes the next call of that operation fail. */
  failNext(operation: keyof MultipartControl, error: Error): void;
  /** Parts of one page of a list. */
  pageSize: number;
  /** So many tries of the next create are lost, each with an upload that nobody is told of. */
  lostCreates: number;
  /** The next completion is carried out and its answer lost. */
  losesCompletion: boolean;
  /** Completes never answer until their signal aborts. */
  slow: boolean;
}

/** Multipart uploads in memory, with S3's own refusals (`test/contract/multipart-control.ts`). */
export function fakeMultipart(now: () => Date = () => new Date(0)): FakeMultipart {
  const uploads = new Map<string, Upload>();
  const objects = new Map<string, StoredFacts>();
  const created: MultipartToCreate[] = [];
  const failures = new Map<keyof MultipartControl, Error>();
  let count = 0;

  const failIfTold = (operation: keyof MultipartControl): void => {
    const error = failures.get(operation);
    failures.delete(operation);
    if (error !== undefined) throw error;
  };
  const find = (uploadId: string): Upload => {
    const upload = uploads.get(uploadId);
    if (upload === undefined) throw new S3upError("UPLOAD_NOT_FOUND", "gone");
    return upload;
  };
  const partsOf = (upload: Upload) => [...upload.parts.values()].toSorted((a, b) => a.partNumber - b.partNumber);

  const fake: FakeMultipart = {
    created,
    objects,
    pageSize: 1000,
    lostCreates: 0,
    losesCompletion: false,
    slow: false,
    failNext: (operation, error) => void failures.set(operation, error),
    putPart: (uploadId, part) => void find(uploadId).parts.set(part.partNumber, part),

    async create(upload) {
      failIfTold("create");
      const begin = () => {
        count += 1;
        uploads.set(`upload-${count}`, { key: upload.key, create: upload, initiated: now(), parts: new Map() });
        return `upload-${count}`;
      };
      const { onRepeated, ...asked } = upload;
      created.push(asked);
      for (; fake.lostCreates > 0; fake.lostCreates -= 1) {
        begin();
        onRepeated?.();
      }
      return begin();
    },
    async listPage({ uploadId }, marker = 0) {
      failIfTold("listPage");
      const rest = partsOf(find(uploadId)).filter(({ partNumber }) => partNumber > marker);
      const parts = rest.slice(0, fake.pageSize);
      return { parts, nextMarker: rest.length > parts.length ? parts.at(-1)?.partNumber : undefined };
    },
    async listParts({ uploadId }) {
      failIfTold("listParts");
      return partsOf(find(uploadId));
    },
    async complete(upload, signal) {
      failIfTold("complete");
      signal?.throwIfAborted();
      if (fake.slow && signal !== undefined) {
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      }
      const { parts } = find(upload.uploadId);
      if (upload.ifNoneMatch === "*" && objects.has(upload.key)) throw new S3upError("OBJECT_EXISTS", "exists");
      const used = upload.parts.map(({ partNumber, etag }) => {
        const part = parts.get(partNumber);
        if (part?.etag !== etag) throw new S3upError("S3_ERROR", "InvalidPart");
        return part;
      });
      const size = used.reduce((sum, part) => sum + part.size, 0);
      if (upload.objectSize !== undefined && upload.objectSize !== size) throw new S3upError("S3_ERROR", "wrong size");
      const { checksum } = upload;
      const stored = { etag: `"all-${used.length}"`, size, ...(checksum === undefined ? {} : { checksum }) };
      objects.set(upload.key, stored);
      uploads.delete(upload.uploadId);
      if (!fake.losesCompletion) return stored;
      fake.losesCompletion = false;
      throw new S3upError("NETWORK", "S3 could not be reached.");
    },
    async abort({ uploadId }) {
      failIfTold("abort");
      uploads.delete(uploadId);
    },
    async listUploads(_bucket, prefix) {
      failIfTold("listUploads");
      return [...uploads]
        .filter(([, { key }]) => key.startsWith(prefix))
        .map(([uploadId, { key, initiated }]) => ({ key, uploadId, initiated }));
    },
    async head({ key }) {
      failIfTold("head");
      return objects.get(key);
    },
  };
  return fake;
}
