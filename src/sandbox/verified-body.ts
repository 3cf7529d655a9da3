import type { Readable } from "node:stream";
import type { Caller, Payload } from "./caller.ts";
import type { ChecksumAlgorithm } from "./checksum.ts";
import { type AnnouncedChecksum, announcedChecksum, checksumHeader, contentMd5 } from "./checksum-headers.ts";
import { ChunkedDecoder } from "./chunked-body.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { s3Error } from "./s3-error.ts";
import { type BodyFacts, VerifyingStream } from "./verifying-stream.ts";

export type { BodyFacts } from "./verifying-stream.ts";

export interface BodyExpectations {
  /** Algorithms to calculate on the same pass, beside the one that the client sent. */
  readonly also?: readonly ChecksumAlgorithm[];
  /** False where `x-amz-checksum-*` is not about this body, as on CompleteMultipartUpload. Default: true. */
  readonly checksumHeaders?: boolean;
  /** True where S3 insists on a length (PutObject, UploadPart): without one it answers 411. Default: false. */
  readonly lengthRequired?: boolean;
  /** Bytes of the decoded body, inclusive; more is answered with EntityTooLarge. */
  readonly maxSize?: number;
}

export interface VerifiedBody {
  /** The decoded bytes. It never ends on a body that is not intact: it fails with an S3Error instead. */
  readonly stream: Readable;
  /** The decoded length that the client announced. */
  readonly size: number | undefined;
  /** What the client announced in a header or trailer, not yet verified. */
  readonly announced: ChecksumAlgorithm | undefined;
  /** Only after the stream has ended. */
  facts(): BodyFacts;
}

/** @throws S3Error for headers about the body that S3 refuses before it reads any of it */
export function verifiedBody(
  request: ReceivedRequest,
  caller: Caller,
  expectations: BodyExpectations = {},
): VerifiedBody {
  const { payload } = caller;
  const checksum = expectations.checksumHeaders === false ? undefined : announcedChecksum(request.headers);
  const md5 = contentMd5(request.headers);
  const size = declaredSize(request, payload, expectations.lengthRequired ?? false);
  const max = expectations.maxSize ?? Number.POSITIVE_INFINITY;
  if (size !== undefined && size > max) {
    throw s3Error("EntityTooLarge", { ProposedSize: `${size}`, MaxSizeAllowed: `${max}` });
  }
  const stream = new VerifyingStream(request.stream, {
    decoder: decoderFor(payload, size ?? 0, checksum),
    sha256: payload.kind === "sha256" ? payload.claimed : undefined,
    md5,
    checksum,
    also: expectations.also ?? [],
    size: { min: 0, max },
  });
  return { stream, size, announced: checksum?.algorithm, facts: () => stream.facts() };
}

/** The whole body in memory, as for an XML document. @throws S3Error MaxMessageLengthExceeded, and whatever `verifiedBody` finds */
export async function readVerified(
  request: ReceivedRequest,
  caller: Caller,
  limits: { readonly maxBytes: number } & Pick<BodyExpectations, "checksumHeaders">,
): Promise<Buffer> {
  const body = verifiedBody(request, caller, limits);
  const tooBig = (): Error => s3Error("MaxMessageLengthExceeded", { MaxMessageLengthBytes: `${limits.maxBytes}` });
  if (body.size !== undefined && body.size > limits.maxBytes) throw tooBig();
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body.stream as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > limits.maxBytes) throw tooBig();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Content-Encoding as it is to be stored: without the framing that has been taken away. */
export function storedContentEncoding(request: ReceivedRequest, caller: Caller): string | undefined {
  const sent = request.headers["content-encoding"];
  if (sent === undefined || !isChunked(caller.payload)) return sent;
  const rest = sent
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding.toLowerCase() !== "aws-chunked");
  return rest.length === 0 ? undefined : rest.join(", ");
}

function isChunked(payload: Payload): boolean {
  return payload.kind === "signed-chunks" || payload.kind === "unsigned-chunks";
}

/** Bytes of data, from the header that counts them. @throws S3Error MissingContentLength, NotImplemented */
function declaredSize(request: ReceivedRequest, payload: Payload, required: boolean): number | undefined {
  const chunked = isChunked(payload);
  const text = request.headers[chunked ? "x-amz-decoded-content-length" : "content-length"];
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  if (chunked) throw s3Error("MissingContentLength");
  if (request.headers["transfer-encoding"] !== undefined) {
    // S3 reads HTTP's own chunks only where aws-chunked tells it the length
    throw s3Error("NotImplemented", { Header: "Transfer-Encoding" }, { closeConnection: true });
  }
  if (required) throw s3Error("MissingContentLength");
  return undefined;
}

function decoderFor(
  payload: Payload,
  decodedLength: number,
  checksum: AnnouncedChecksum | undefined,
): ChunkedDecoder | undefined {
  const trailer = checksum?.place === "trailer" ? checksum.algorithm : undefined;
  if (payload.kind !== "signed-chunks" && payload.kind !== "unsigned-chunks") {
    if (trailer !== undefined) throw s3Error("MalformedTrailerError");
    return undefined;
  }
  const signed = payload.kind === "signed-chunks";
  return new ChunkedDecoder({
    decodedLength,
    trailer: trailer && checksumHeader(trailer),
    signedTrailer: signed && payload.trailer,
    ...(signed ? { chain: payload.chain } : {}),
  });
}
