import type { FaultControl, FaultRule } from "./faults.ts";
import type { S3Operation } from "./operation.ts";

export interface SandboxOptions {
  /** Port of the S3 half; 0 or absent for any free one. */
  readonly port?: number;
  /** Port of the presign endpoint and the page; absent: the one after `port`, or any free one when `port` is 0. */
  readonly presignPort?: number;
  /** Where everything is kept. Without it a temporary directory is used, which `close` removes. */
  readonly directory?: string;
  /** The bucket that exists from the start. */
  readonly bucket?: string;
  readonly region?: string;
  readonly now: () => Date;
  /** A number from 0 up to but not including 1. */
  readonly random: () => number;
  readonly faults?: readonly FaultRule[];
  /** Makes the faults' dice repeatable. */
  readonly seed?: number;
  /** The environment of the presign backend, such as `MAX_SIZE`. */
  readonly presignLimits?: Readonly<Record<string, string>>;
}

/** One request as it arrived. Holds no signature, token or query value. */
export interface RecordedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly queryNames: readonly string[];
  /** Undefined when the request was none that the sandbox knows. */
  readonly operation: S3Operation | undefined;
  readonly status: number;
  /** Lower-case names; what authorises is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body that arrived, framing included. */
  readonly bodyBytes: number;
  /** The same for requests that came over the same connection. */
  readonly connectionId: number;
}

export interface Sandbox {
  /** Address of the S3 half, `http://127.0.0.1:…`. */
  readonly s3: string;
  /** Address of the presign endpoint, ending in `/presign`. */
  readonly presign: string;
  readonly bucket: string;
  /** `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL_S3` and `S3UP_ENDPOINT`. */
  readonly env: Readonly<Record<string, string>>;
  readonly faults: FaultControl;
  /** The latest requests to the S3 half, oldest first. */
  requests(): readonly RecordedRequest[];
  close(): Promise<void>;
}
