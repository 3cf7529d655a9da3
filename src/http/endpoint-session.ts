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
import type { BackendClient } from "./backend-client.ts";
import { createPartBatches } from "./part-batches.ts";

export interface BegunUpload {
  readonly client: BackendClient;
  readonly answer: MultipartAnswer;
  readonly from: Answerer;
  readonly completedBy: "client" | "endpoint";
}

/** @param upload as the endpoint answered, and checked */
export function createEndpointSession({ client, answer, from, completedBy }: BegunUpload): MultipartSession {
  const { bucket, key, uploadId, uploadToken, partSize, checksum } = answer;
  let lastCompletion: Completion | undefined;

  const signPart = createPartBatches({
    maxBatch: Math.max(1, answer.maxBatch),
    sign: (parts, signal) => signBatch(client, answer, parts, from, signal),
  });

  const wishOf = (completion: Completion) => ({
    uploadToken,
    parts: completion.parts,
    ...(completion.checksum === undefined ? {} : { checksum: completion.checksum }),
  });

  async function complete(completion: Completion, signal: AbortSignal): Promise<StoredObject | undefined> {
    const done = await client.complete(wishOf(completion), signal);
    return done === undefined ? undefined : objectOf(done);
  }

  return {
    bucket,
    key,
    uploadId,
    partSize,
    checksumAlgorithm: checksum.algorithm,
    signPart,
    ...(completedBy === "client"
      ? {}
      : {
          complete: async (completion: Completion, signal: AbortSignal) =>
            complete({ ...completion, parts: await withEtags(completion.parts, client, uploadToken, signal) }, signal),
        }),

    async signComplete(completion, signal) {
      lastCompletion = completion;
      const { request } = await client.signComplete(wishOf(completion), signal);
      checkSignedRequest(
        request,
        { method: "POST", key, checksum: completion.checksum, query: { uploadId }, notInQuery: ["partNumber"] },
        from,
      );
      return request;
    },

    async status(signal): Promise<UploadStatus> {
      const { state, parts } = await client.list(uploadToken, signal);
      if (state === "open") return { state, parts };
      if (state === "gone" || lastCompletion === undefined) return { state: "gone" };
      // The endpoint compares size and checksum with what stands under the key, and tells its ETag.
      const object = await complete(lastCompletion, signal);
      return object === undefined ? { state: "gone" } : { state: "completed", object };
    },

    abort: () => client.abort(uploadToken, new AbortController().signal),
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
  client: BackendClient,
  uploadToken: string,
  signal: AbortSignal,
): Promise<readonly CompletedPart[]> {
  if (parts.every(({ etag }) => etag !== HIDDEN_ETAG)) return parts;
  const listed = await client.list(uploadToken, signal);
  const etags = new Map(listed.parts.map(({ partNumber, etag }) => [partNumber, etag]));
  return parts.map((part) => ({ ...part, etag: etags.get(part.partNumber) ?? part.etag }));
}

async function signBatch(
  client: BackendClient,
  { key, uploadId, uploadToken }: MultipartAnswer,
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
