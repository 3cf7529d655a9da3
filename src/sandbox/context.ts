import type { Readable } from "node:stream";
import type { BucketStore } from "./bucket-store.ts";
import type { Caller } from "./caller.ts";
import type { FormUpload } from "./form-upload.ts";
import type { S3Operation } from "./operation.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { BucketSettings } from "./settings/bucket-settings.ts";
import type { StoreManner } from "./store-manner.ts";
import type { BodyExpectations, VerifiedBody } from "./verified-body.ts";

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
  readText(maxBytes: number, expectations?: Pick<BodyExpectations, "checksumHeaders">): Promise<string>;
}

/** What an operation on buckets and objects is given besides. */
export interface StorageContext extends RequestContext {
  readonly caller: Caller;
  readonly region: string;
  /** Undefined: as S3 itself. */
  readonly like?: StoreManner | undefined;
  readonly buckets: BucketStore;
  readonly settings: BucketSettings;
  /** An identifier that never was before, of letters and digits. */
  readonly newId: () => string;
  /**
   * The body, to be read once. A client that waits to be told before it sends is told now: what can be refused without
   * the body is to be refused before.
   */
  body(expectations?: BodyExpectations): VerifiedBody;
  /** The same for a browser's form, whose policy and signature are part of it. */
  form(expectations: Pick<BodyExpectations, "also" | "maxSize">): Promise<FormUpload>;
}

export type StorageHandler = (context: StorageContext) => Promise<S3Answer>;
