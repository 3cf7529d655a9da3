import { createHash } from "node:crypto";
import type { ChecksumAlgorithm, ListedPart, SignedRequest } from "../../src/protocol/messages.ts";
import { checksumHeader } from "../../src/signing/s3-requests.ts";
import { checksumOfParts } from "../../src/upload/answer-checksum.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import type { StoredObject } from "../../src/upload/events.ts";
import type {
  Completion,
  Destination,
  MultipartSession,
  PartSender,
  RequestBody,
  SentAnswer,
  UploadStatus,
} from "../../src/upload/transport.ts";

/** What a test wants to happen to one request instead; undefined lets it through. */
export type Intercept = (
  request: SeenRequest,
) => SentAnswer | Error | undefined | Promise<SentAnswer | Error | undefined>;

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly partNumber: number | undefined;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** The request as it would be carried out, for a fault that comes after. */
  readonly proceed: () => SentAnswer;
}

export interface FakeS3 {
  readonly destination: Destination;
  readonly sender: PartSender;
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /** Ids of uploads that are neither complete nor aborted. */
  readonly open: () => readonly string[];
  /** Every request with a body, as it arrived. */
  readonly requests: readonly SeenRequest[];
  readonly signatures: () => number;
  intercept: Intercept;
  /** As if somebody else had aborted it. */
  drop(uploadId: string): void;
  partsOf(uploadId: string): FakeParts;
  /** Puts an open upload with these parts there, and takes away what is stored. */
  restore(uploadId: string, parts: FakeParts): void;
  renameEtags(rename: (etag: string) => string): void;
  abortError: Error | undefined;
  statusError: Error | undefined;
  /** Requests that were under way at the same time, at most. */
  readonly mostAtATime: () => number;
}

export interface FakeS3Options {
  readonly key?: string;
  /** Seconds that a signature lives. */
  readonly expiresIn?: number;
  readonly putChecksums?: readonly ChecksumAlgorithm[];
  /** False: the answers carry no checksum. */
  readonly confirmsChecksums?: boolean;
  readonly freshKey?: boolean;
  /** False: the list of parts carries no checksum. */
  readonly listsChecksums?: boolean;
}

type FakeParts = ReadonlyMap<number, ListedPart & { readonly bytes: Uint8Array }>;

interface Upload {
  readonly partSize: number;
  readonly algorithm: ChecksumAlgorithm | undefined;
  readonly parts: Map<number, ListedPart & { readonly bytes: Uint8Array }>;
}

const bucket = "drop";
const MiB = 1024 * 1024;

/** S3 and a destination in memory, as far as the engine sees them; faults by `intercept`. */
export function fakeS3(options: FakeS3Options = {}): FakeS3 {
  const { key = "k/file.bin", expiresIn = 300, confirmsChecksums = true } = options;
  const objects = new Map<string, Uint8Array>();
  const facts = new Map<string, StoredObject>();
  const uploads = new Map<string, Upload>();
  const requests: SeenRequest[] = [];
  let signatures = 0;
  let count = 0;
  let busy = 0;
  let most = 0;

  const sign = (method: SignedRequest["method"], query: string, headers: Record<string, string>): SignedRequest => {
    signatures += 1;
    return { method, url: `https://s3.test/${bucket}/${key}?${query}&signature=${signatures}`, headers, expiresIn };
  };

  const fake: FakeS3 = {
    objects,
    requests,
    open: () => [...uploads.keys()],
    signatures: () => signatures,
    mostAtATime: () => most,
    intercept: () => undefined,
    drop: (uploadId) => void uploads.delete(uploadId),
    partsOf: (uploadId) => uploads.get(uploadId)?.parts ?? new Map(),
    restore(uploadId, parts) {
      objects.clear();
      facts.clear();
      uploads.set(uploadId, { partSize: 5 * MiB, algorithm: "CRC32", parts: new Map(parts) });
    },
    renameEtags(rename) {
      for (const { parts } of uploads.values()) {
        for (const [partNumber, part] of parts) parts.set(partNumber, { ...part, etag: rename(part.etag) });
      }
    },
    abortError: undefined,
    statusError: undefined,

    sender: {
      close: () => {},
      async send(request, body, sending) {
        sending.signal.throwIfAborted();
        busy += 1;
        most = Math.max(most, busy);
        try {
          const seen = seenRequest(request, await readBody(body, sending.onSent), () => carryOut(seen));
          requests.push(seen);
          const instead = await fake.intercept(seen);
          sending.signal.throwIfAborted();
          if (instead instanceof Error) throw instead;
          return instead ?? seen.proceed();
        } finally {
          busy -= 1;
        }
      },
    },

    destination: {
      label: `s3://${bucket}/${key}`,
      limits: async () => ({
        maxSize: 1e15,
        multipartThreshold: 8 * MiB,
        partSize: { min: 5 * MiB, default: 5 * MiB, max: 5 * 1024 * MiB },
        multipart: true,
        putChecksums: options.putChecksums ?? ["CRC32", "SHA256"],
      }),
      signPut: async (object, checksum) => ({
        request: sign("PUT", "put", {
          "content-type": object.contentType,
          ...(checksum === undefined ? {} : { [checksumHeader(checksum.algorithm)]: checksum.value }),
        }),
        bucket,
        key,
        freshKey: options.freshKey ?? false,
      }),
      find: async () => facts.get(key),
      createMultipart: async (_object, { partSize, checksumAlgorithm }) => {
        count += 1;
        const uploadId = `upload-${count}`;
        uploads.set(uploadId, { partSize, algorithm: checksumAlgorithm, parts: new Map() });
        return session(uploadId);
      },
      resumable: {
        target: { via: "credentials" },
        place: [bucket, key],
        wish: [],
        openUploads: async () => [...uploads.keys()],
        resume: async (_object, { upload }) =>
          session(upload.uploadId, { partSize: upload.partSize, algorithm: upload.checksumAlgorithm }),
      },
    },
  };

  function session(
    uploadId: string,
    { partSize, algorithm }: Pick<Upload, "partSize" | "algorithm"> = uploads.get(uploadId) as Upload,
  ): MultipartSession {
    return {
      bucket,
      key,
      uploadId,
      partSize,
      checksumAlgorithm: algorithm,
      signPart: async ({ partNumber, checksum }) =>
        sign("PUT", `partNumber=${partNumber}&uploadId=${uploadId}`, {
          ...(checksum === undefined ? {} : { [checksumHeader(checksum.algorithm)]: checksum.value }),
        }),
      signComplete: async (completion: Completion) =>
        sign("POST", `uploadId=${uploadId}`, {
          "x-size": String(completion.size),
          ...(completion.checksum === undefined ? {} : { "x-checksum": completion.checksum.value }),
        }),
      status: async (): Promise<UploadStatus> => {
        if (fake.statusError !== undefined) throw fake.statusError;
        const upload = uploads.get(uploadId);
        if (upload !== undefined) return { state: "open", parts: [...upload.parts.values()].map(listed) };
        const object = facts.get(key);
        return object === undefined ? { state: "gone" } : { state: "completed", object };
      },
      abort: async () => {
        if (fake.abortError !== undefined) throw fake.abortError;
        uploads.delete(uploadId);
      },
    };
  }

  function listed({ partNumber, size, etag, checksum }: ListedPart): ListedPart {
    const isTold = options.listsChecksums !== false && checksum !== undefined;
    return { partNumber, size, etag, ...(isTold ? { checksum } : {}) };
  }

  function carryOut(request: SeenRequest): SentAnswer {
    const query = new URL(request.url).searchParams;
    const upload = uploads.get(query.get("uploadId") ?? "");
    if (!query.has("uploadId")) return put(request);
    if (upload === undefined) return s3Error(404, "NoSuchUpload");
    return request.method === "PUT" ? putPart(request, upload) : complete(request, upload, query.get("uploadId") ?? "");
  }

  function put(request: SeenRequest): SentAnswer {
    const header = checksumHeaderIn(request.headers);
    if (header !== undefined && checksumOf(header.algorithm, request.body).value !== header.value) {
      return s3Error(400, "BadDigest");
    }
    const etag = md5(request.body);
    objects.set(key, request.body);
    facts.set(key, {
      bucket,
      key,
      size: request.body.byteLength,
      etag,
      ...(header === undefined ? {} : { checksum: header }),
    });
    return answer(200, { etag, ...confirmed(header) });
  }

  function putPart(request: SeenRequest, upload: Upload): SentAnswer {
    const header = checksumHeaderIn(request.headers);
    if (header !== undefined && checksumOf(header.algorithm, request.body).value !== header.value) {
      return s3Error(400, "BadDigest");
    }
    const etag = md5(request.body);
    const partNumber = request.partNumber ?? 0;
    upload.parts.set(partNumber, {
      partNumber,
      size: request.body.byteLength,
      etag,
      bytes: request.body,
      ...(header === undefined ? {} : { checksum: header.value }),
    });
    return answer(200, { etag, ...confirmed(header) });
  }

  function complete(request: SeenRequest, upload: Upload, uploadId: string): SentAnswer {
    const named = [
      ...Buffer.from(request.body)
        .toString()
        .matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]*)</g),
    ];
    const parts = named.map(([, number, etag = ""]) => ({
      part: upload.parts.get(Number(number)),
      etag: unescaped(etag),
    }));
    if (parts.some(({ part, etag }) => part?.etag !== etag)) return s3Error(400, "InvalidPart");

    const stored = parts.map(({ part }) => part as NonNullable<typeof part>);
    const size = stored.reduce((sum, part) => sum + part.size, 0);
    if (request.headers["x-size"] !== String(size)) return s3Error(400, "InvalidRequest");
    const { algorithm } = upload;
    const checksum =
      algorithm === undefined
        ? undefined
        : checksumOfParts(
            algorithm,
            stored.map((part) => ({ value: part.checksum ?? "", length: part.size })),
          );
    if (request.headers["x-checksum"] !== undefined && request.headers["x-checksum"] !== checksum?.value) {
      return s3Error(400, "BadDigest");
    }
    const etag = `"${createHash("md5")
      .update(Buffer.concat(stored.map((part) => Buffer.from(part.etag.replaceAll('"', ""), "hex"))))
      .digest("hex")}-${stored.length}"`;
    objects.set(key, Buffer.concat(stored.map((part) => part.bytes)));
    facts.set(key, {
      bucket,
      key,
      size,
      etag,
      ...(checksum === undefined || !confirmsChecksums ? {} : { checksum }),
    });
    uploads.delete(uploadId);
    const element =
      checksum === undefined || !confirmsChecksums
        ? ""
        : `<Checksum${checksum.algorithm}>${checksum.value}</Checksum${checksum.algorithm}>`;
    return answer(
      200,
      {},
      `<CompleteMultipartUploadResult><ETag>${etag}</ETag>${element}</CompleteMultipartUploadResult>`,
    );
  }

  function confirmed(checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined) {
    return checksum === undefined || !confirmsChecksums ? {} : { [checksumHeader(checksum.algorithm)]: checksum.value };
  }

  return fake;
}

export function answer(status: number, headers: Readonly<Record<string, string>> = {}, body = ""): SentAnswer {
  return { status, headers, body };
}

export function s3Error(status: number, code: string, message = "", headers: Record<string, string> = {}): SentAnswer {
  return answer(
    status,
    headers,
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}

/** Each answer once, in turn, to the requests that match; then everything passes. */
export function inTurn(
  matches: (request: SeenRequest) => boolean,
  ...answers: readonly (SentAnswer | Error | ((request: SeenRequest) => SentAnswer | Error | undefined))[]
): Intercept {
  const left = [...answers];
  return (request) => {
    if (!matches(request)) return undefined;
    const next = left.shift();
    return typeof next === "function" ? next(request) : next;
  };
}

export const isPart = (number?: number) => (request: SeenRequest) =>
  request.partNumber !== undefined && (number === undefined || request.partNumber === number);
export const isComplete = (request: SeenRequest) => request.method === "POST";
export const isPut = (request: SeenRequest) => request.method === "PUT" && request.partNumber === undefined;

function seenRequest(request: SignedRequest, body: Uint8Array, proceed: () => SentAnswer): SeenRequest {
  const partNumber = new URL(request.url).searchParams.get("partNumber");
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    partNumber: partNumber === null ? undefined : Number(partNumber),
    body,
    proceed,
  };
}

async function readBody(body: RequestBody | undefined, onSent: ((bytes: number) => void) | undefined) {
  const blocks: Uint8Array[] = [];
  for await (const block of body ?? []) {
    blocks.push(Uint8Array.from(block));
    onSent?.(block.byteLength);
  }
  return new Uint8Array(Buffer.concat(blocks));
}

function checksumHeaderIn(headers: Readonly<Record<string, string>>) {
  for (const algorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA256"] as const) {
    const value = headers[checksumHeader(algorithm)];
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}

function md5(bytes: Uint8Array): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

function unescaped(text: string): string {
  return text.replaceAll("&#34;", '"');
}
