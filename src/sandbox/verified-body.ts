import type { Readable } from "node:stream";
import type { Checksum, ChecksumAlgorithm } from "./checksum.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { Caller } from "./signature.ts";

export interface BodyExpectations {
  /** Algorithms to calculate on the same pass, beside those that the client sent. */
  readonly also?: readonly ChecksumAlgorithm[];
  /** False where `x-amz-checksum-*` is not about this body, as on CompleteMultipartUpload. Default: true. */
  readonly checksumHeaders?: boolean;
  /** True where S3 insists on a length (PutObject, UploadPart): without one it answers 411. Default: false. */
  readonly lengthRequired?: boolean;
  /** Bytes of the decoded body, inclusive; more is answered with EntityTooLarge. */
  readonly maxSize?: number;
}

/** What is known of a body once it has been read to its end and found intact. */
export interface BodyFacts {
  /** Bytes, framing taken away. */
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  /** The checksum that the client sent and that was right. */
  readonly sent: Checksum | undefined;
  /** Base64 by algorithm: what the client sent and what `also` asked for. */
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
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
export declare function verifiedBody(
  request: ReceivedRequest,
  caller: Caller,
  expectations?: BodyExpectations,
): VerifiedBody;

/** The whole body in memory. @throws S3Error MaxMessageLengthExceeded, and whatever `verifiedBody` finds */
export declare function readVerified(
  request: ReceivedRequest,
  caller: Caller,
  limits: { readonly maxBytes: number },
): Promise<Buffer>;
