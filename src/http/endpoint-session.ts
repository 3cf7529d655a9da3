/** A multipart upload that was begun through a presign endpoint. */
import { S3upError } from "../errors.ts";
import type { CompletedAnswer, CompletedPart, MultipartAnswer, SignedRequest } from "../protocol/messages.ts";
import type { StoredObject } from "../upload/events.ts";
import {
  type Completion,
  HIDDEN_ETAG,
  type MultipartSession,
  type PartToSign,
  type UploadStatus,
} from "../upload/transport.ts";
import { type Answerer, checkSignedRequest } from "../upload/trust.ts";
import type { BackendClient, ListedUpload } from "./backend-client.ts";
import { createPartBatches } from "./part-batches.ts";
import { createUploadToken } from "./renewed-token.ts";

export interface BegunUpload {
  readonly client: BackendClient;
  /** As the endpoint answered, or as an earlier run saved it. */
  readonly upload: Pick<
    MultipartAnswer,
    "bucket" | "key" | "uploadId" | "uploadToken" | "partSize" | "maxBatch" | "resumed"
  > & { readonly checksum: Pick<MultipartAnswer["checksum"], "algorithm"> };
  readonly from: Answerer;
  readonly completedBy: "client" | "endpoint";
  /** Asks for the same upload again, for another token; undefined where that would begin a second upload. */
  readonly renew: ((signal: AbortSignal) => Promise<MultipartAnswer>) | undefined;
  /** What an earlier run may have sent. */
  readonly completion?: Completion | undefined;
}

export function createEndpointSession(begun: BegunUpload): MultipartSession {
  const { client, upload, from, completedBy } = begun;
  const { bucket, key, uploadId, partSize, checksum } = upload;
  const token = createUploadToken(begun);
  let lastCompletion = begun.completion;

  const signPart = createPartBatches({
    maxBatch: Math.max(1, upload.maxBatch),
    sign: (parts, signal) =>
      token.use(signal, (uploadToken) => signBatch(client, { key, uploadId, uploadToken }, parts, from, signal)),
  });

  const wishOf = (completion: Completion, uploadToken: string) => ({
    uploadToken,
    parts: completion.parts,
    ...(completion.checksum === undefined ? {} : { checksum: completion.checksum }),
  });

  async function complete(completion: Completion, signal: AbortSignal): Promise<StoredObject | undefined> {
    const done = await token.use(signal, (current) => client.complete(wishOf(completion, current), signal));
    return done === undefined ? undefined : objectOf(done);
  }

  const list = (signal: AbortSignal) => token.use(signal, (current) => client.list(current, signal));

  /** "Still at it" is no answer to the question what has become of the upload: it is asked again, each time for long. */
  async function completed(completion: Completion, signal: AbortSignal): Promise<StoredObject | undefined> {
    for (let tries = 1; ; tries += 1) {
      const object = await complete(completion, signal);
      if (object !== undefined || tries >= 4) return object;
    }
  }

  return {
    bucket,
    key,
    uploadId,
    partSize,
    checksumAlgorithm: checksum.algorithm,
    continued: upload.resumed,
    get uploadToken() {
      return token.current();
    },
    signPart,
    ...(completedBy === "client"
      ? {}
      : {
          complete: async (completion: Completion, signal: AbortSignal) =>
            complete({ ...completion, parts: await withEtags(completion.parts, () => list(signal)) }, signal),
        }),

    async signComplete(completion, signal) {
      lastCompletion = completion;
      const { request } = await token.use(signal, (current) =>
        client.signComplete(wishOf(completion, current), signal),
      );
      checkSignedRequest(
        request,
        { method: "POST", key, checksum: completion.checksum, query: { uploadId }, notInQuery: ["partNumber"] },
        from,
      );
      return request;
    },

    async status(signal): Promise<UploadStatus> {
      const { state, parts } = await list(signal);
      if (state === "open") return { state, parts };
      if (state === "gone" || lastCompletion === undefined) return { state: "gone" };
      // The endpoint compares size and checksum with what stands under the key, and tells its ETag.
      const object = await completed(lastCompletion, signal);
      return object === undefined ? { state: "gone" } : { state: "completed", object };
    },

    abort: () => {
      const { signal } = new AbortController();
      return token.use(signal, (current) => client.abort(current, signal));
    },
  };
}

function objectOf({ bucket, key, size, etag, versionId, checksum }: CompletedAnswer): StoredObject {
  return {
    bucket,
    key,
    size,
    etag,
    ...(versionId === undefined ? {} : { versionId }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

/** The parts with the ETags that S3 lists, where a browser did not get to see them. */
async function withEtags(
  parts: readonly CompletedPart[],
  list: () => Promise<ListedUpload>,
): Promise<readonly CompletedPart[]> {
  if (parts.every(({ etag }) => etag !== HIDDEN_ETAG)) return parts;
  const listed = await list();
  const etags = new Map(listed.parts.map(({ partNumber, etag }) => [partNumber, etag]));
  return parts.map((part) => ({ ...part, etag: etags.get(part.partNumber) ?? part.etag }));
}

async function signBatch(
  client: BackendClient,
  { key, uploadId, uploadToken }: Pick<MultipartAnswer, "key" | "uploadId" | "uploadToken">,
  parts: readonly PartToSign[],
  from: Answerer,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, SignedRequest | Error>> {
  const answer = await client.signParts(
    uploadToken,
    parts.map(({ partNumber, checksum }) => ({
      partNumber,
      ...(checksum === undefined ? {} : { checksum: checksum.value }),
    })),
    signal,
  );
  const signed = new Map(answer.parts.map((part) => [part.partNumber, part]));
  const refused = new Map(answer.errors.map((problem) => [problem.partNumber, problem]));

  return new Map(
    parts.map((part): [number, SignedRequest | Error] => {
      const request = signed.get(part.partNumber);
      if (request === undefined)
        return [part.partNumber, notSigned(part, refused.get(part.partNumber)?.error, client.host)];
      return [part.partNumber, checkedPart(request, part, { key, uploadId }, from)];
    }),
  );
}

function checkedPart(
  request: SignedRequest,
  { partNumber, contentLength, checksum }: PartToSign,
  { key, uploadId }: { readonly key: string; readonly uploadId: string },
  from: Answerer,
): SignedRequest | Error {
  const query = { uploadId, partNumber: String(partNumber) };
  try {
    checkSignedRequest(request, { method: "PUT", key, contentLength, checksum, query }, from);
    return request;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

function notSigned({ partNumber }: PartToSign, problem: string | undefined, host: string): Error {
  return new S3upError("ENDPOINT_ERROR", `The endpoint ${host} did not sign part ${partNumber}.`, {
    why: problem === undefined ? "It is missing in the answer." : `It answered ${problem.slice(0, 60)}.`,
    hint: "Run the same command again, and tell whoever runs the endpoint if that does not help.",
  });
}
