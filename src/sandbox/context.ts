import type { Readable } from "node:stream";
import type { S3Operation } from "./operation.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** The account that owns everything in a sandbox. */
export const ACCOUNT_ID = "000000000000";

/** What an operation answers. The server adds the request id, the date and, to a HEAD, takes the body away. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent with its length; a stream needs `content-length` among the headers. */
  readonly body?: string | Readable;
}

/** What every operation is given, after the signature was found good. */
export interface RequestContext {
  readonly request: ReceivedRequest;
  readonly operation: S3Operation;
  /** Empty when the operation is about no bucket. When it is about one, the bucket exists (but for `CreateBucket`). */
  readonly bucket: string;
  readonly key: string;
  readonly now: () => Date;
  /**
   * The whole body as text, its checksums and signature verified.
   * @throws S3Error `MaxMessageLengthExceeded` when it is longer than `maxBytes`
   */
  readText(maxBytes: number): Promise<string>;
}
