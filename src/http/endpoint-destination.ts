/** Uploads through a presign endpoint: it chooses key, part size and life; every answer is checked before it is used. */
import { S3upError } from "../errors.ts";
import {
  type Capabilities,
  type ChecksumAlgorithm,
  checksumAlgorithms,
  type MultipartAnswer,
} from "../protocol/messages.ts";
import { grantContentType } from "../signing/content-type.ts";
import { Refusal } from "../signing/refusal.ts";
import type { SavedRequest } from "../upload/journal.ts";
import type { Destination, DestinationLimits, MultipartSession, ObjectToStore } from "../upload/transport.ts";
import { type Answerer, checkMultipartAnswer, checkPutAnswer } from "../upload/trust.ts";
import type { BackendClient } from "./backend-client.ts";
import { type BegunUpload, createEndpointSession } from "./endpoint-session.ts";

export interface EndpointDestinationOptions {
  readonly client: BackendClient;
  /** Seconds that a signed request should live; the endpoint may cut it. */
  readonly expiresIn?: number | undefined;
  /** User metadata of the object, without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /**
   * Who sends S3 the request that makes the object of parts. `endpoint`: for a browser; its gateway has less patience
   * than S3 may need, so that a program on a computer does it itself.
   */
  readonly completedBy?: "client" | "endpoint";
  /** A new id, at least 8 characters: with it a repeated create continues the same upload. */
  readonly newId: () => string;
}

export function createEndpointDestination(options: EndpointDestinationOptions): Destination {
  const { client, expiresIn, metadata, completedBy = "client", newId } = options;
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

    async createMultipart(object, { partSize, clientToken = newId() }, signal) {
      const able = await capabilities(signal);
      refuseDisallowed(object, able, client.host);
      const create = createFor(object, { partSize, clientToken }, able);
      const answer = await create(signal);
      const renew = able.idempotentCreate ? create : undefined;
      return openSession({ client, upload: answer, from, completedBy, renew }, answer, object.size);
    },

    resumable: {
      target: { via: "endpoint", url: client.address },
      place: ["endpoint", client.address],
      wish: Object.entries(metadata ?? {})
        .map(([name, value]) => `${name}: ${value}`)
        .sort(),

      async resume(object, { upload, asked, completion }, signal) {
        const able = await capabilities(signal);
        const { checksumAlgorithm = "CRC32", bucket = "", uploadToken = "", ...saved } = upload;
        const checksum = { algorithm: checksumAlgorithm };
        return createEndpointSession({
          client,
          from,
          completedBy,
          upload: { ...saved, bucket, uploadToken, checksum, maxBatch: able.maxBatch, resumed: true },
          renew: able.idempotentCreate ? createFor(object, asked, able) : undefined,
          completion,
        });
      },
    },
  };

  /** Asked again, an endpoint that can continues the same upload. */
  function createFor(object: ObjectToStore, asked: SavedRequest, able: Capabilities) {
    return (signal: AbortSignal) =>
      client.createMultipart({ ...wishFor(object), ...asked }, able.idempotentCreate, signal);
  }
}

/** @throws S3upError ENDPOINT_UNTRUSTWORTHY */
async function openSession(begun: BegunUpload, answer: MultipartAnswer, size: number): Promise<MultipartSession> {
  const session = createEndpointSession(begun);
  try {
    checkMultipartAnswer(answer, size, begun.from);
  } catch (error) {
    // Whatever the answer is worth, the upload behind it exists.
    await session.abort().catch(() => {});
    throw error;
  }
  return session;
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
