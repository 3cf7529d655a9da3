/** Uploads through a presign endpoint: it chooses key, part size and life; every answer is checked before it is used. */
import { S3upError } from "../errors.ts";
import {
  type Capabilities,
  type ChecksumAlgorithm,
  checksumAlgorithms,
  type MultipartAnswer,
  type SignedRequest,
} from "../protocol/messages.ts";
import { grantContentType } from "../signing/content-type.ts";
import { Refusal } from "../signing/refusal.ts";
import type {
  Completion,
  Destination,
  DestinationLimits,
  MultipartSession,
  ObjectToStore,
  PartToSign,
  UploadStatus,
} from "../upload/transport.ts";
import { type Answerer, checkMultipartAnswer, checkPutAnswer, checkSignedRequest } from "../upload/trust.ts";
import type { BackendClient } from "./backend-client.ts";
import { createPartBatches } from "./part-batches.ts";

export interface EndpointDestinationOptions {
  readonly client: BackendClient;
  /** Seconds that a signed request should live; the endpoint may cut it. */
  readonly expiresIn?: number | undefined;
  /** User metadata of the object, without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** A new id, at least 8 characters: with it a repeated create continues the same upload. */
  readonly newId: () => string;
}

export function createEndpointDestination(options: EndpointDestinationOptions): Destination {
  const { client, expiresIn, metadata, newId } = options;
  const from: Answerer = { name: `The endpoint ${client.host}` };
  let known: Promise<Capabilities> | undefined;

  function capabilities(signal: AbortSignal): Promise<Capabilities> {
    if (known === undefined) {
      known = client.capabilities(signal);
      // A failed question may be asked again.
      known.catch(() => {
        known = undefined;
      });
    }
    return known;
  }

  const wishFor = (object: ObjectToStore) => ({
    fileName: object.fileName,
    contentType: object.contentType,
    size: object.size,
    ...(expiresIn === undefined ? {} : { expiresIn }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  });

  return {
    label: client.host,
    signedBy: "endpoint",

    limits: async (signal) => limitsOf(await capabilities(signal)),

    async signPut(object, checksum, signal) {
      refuseDisallowed(object, await capabilities(signal), client.host);
      const answer = await client.requestPut(
        { ...wishFor(object), ...(checksum === undefined ? {} : { checksum: { ...checksum } }) },
        signal,
      );
      checkPutAnswer(answer, object, checksum, from);
      const { uploadUrl: url, method, headers, bucket, key } = answer;
      return {
        request: { method, url, headers, contentLength: object.size, expiresIn: answer.expiresIn },
        bucket,
        key,
        freshKey: answer.oneTime,
      };
    },

    async createMultipart(object, { partSize }, signal) {
      const able = await capabilities(signal);
      refuseDisallowed(object, able, client.host);
      const answer = await client.createMultipart(
        { ...wishFor(object), partSize, clientToken: newId() },
        able.idempotentCreate,
        signal,
      );
      return openSession(client, answer, object.size, from);
    },
  };
}

async function openSession(
  client: BackendClient,
  answer: MultipartAnswer,
  size: number,
  from: Answerer,
): Promise<MultipartSession> {
  const session = createSession(client, answer, from);
  try {
    checkMultipartAnswer(answer, size, from);
  } catch (error) {
    // Whatever the answer is worth, the upload behind it exists.
    await session.abort().catch(() => {});
    throw error;
  }
  return session;
}

function createSession(client: BackendClient, answer: MultipartAnswer, from: Answerer): MultipartSession {
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

  return {
    bucket,
    key,
    uploadId,
    partSize,
    checksumAlgorithm: checksum.algorithm,
    signPart,

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
      const done = await client.complete(wishOf(lastCompletion), signal);
      if (done === undefined) return { state: "gone" };
      const { etag, versionId, checksum: stored, size } = done;
      return {
        state: "completed",
        object: {
          bucket,
          key,
          size,
          etag,
          ...(versionId === undefined ? {} : { versionId }),
          ...(stored === undefined ? {} : { checksum: stored }),
        },
      };
    },

    abort: () => client.abort(uploadToken, new AbortController().signal),
  };
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

function limitsOf(able: Capabilities): DestinationLimits {
  return {
    maxSize: able.maxSize,
    multipartThreshold: able.multipartThreshold,
    partSize: able.partSize,
    multipart: able.modes.includes("multipart"),
    putChecksums: able.checksums.put.filter(isAlgorithm),
  };
}

/** Before anything is asked for: the endpoint would refuse it as well, after a hash over the whole file. */
function refuseDisallowed(object: ObjectToStore, able: Capabilities, host: string): void {
  if (object.size > able.maxSize) {
    throw new S3upError("TOO_LARGE", `${object.fileName} is too large for ${host}.`, {
      why: `It has ${object.size} bytes; at most ${able.maxSize} are accepted.`,
      hint: "Ask whoever runs the endpoint for a higher limit, or send a smaller file.",
    });
  }
  try {
    grantContentType(object.contentType, able.contentTypes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new S3upError("NOT_ALLOWED", `${host} does not take ${object.fileName} as ${object.contentType}.`, {
      why: `It accepts: ${able.contentTypes.join(", ")}.`,
      hint: "Name another type with --content-type if that is wrong, or ask whoever runs the endpoint to allow it.",
    });
  }
}

function isAlgorithm(name: string): name is ChecksumAlgorithm {
  return (checksumAlgorithms as readonly string[]).includes(name);
}
