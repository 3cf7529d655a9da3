/**
 * HTTP as the presign handler sees it. Lambda (`lambda.ts`) and the sandbox turn their own requests into an
 * `HttpEvent` and the `HttpAnswer` back; the handler knows neither.
 */
export interface HttpEvent {
  readonly method: string;
  /** Path without query and without any stage prefix, such as `/presign/multipart/parts`. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The raw body; empty where there is none. More bytes than `requestLimit(path)` are answered with 413. */
  readonly body: Uint8Array;
  /** Who calls, as the gateway's authorizer verified it (JWT `sub` or IAM identity); undefined for an anonymous caller. */
  readonly subject?: string;
  /** Goes into the log line and into every error answer. */
  readonly requestId: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; empty for 204. */
  readonly body: string;
}

export type Handler = (event: HttpEvent) => Promise<HttpAnswer>;

const KiB = 1024;

/** Most bytes of a request body; a caller that reads a stream may stop one byte later. */
export function requestLimit(path: string): number {
  return /\/complete\/?$/.test(path) ? 2048 * KiB : 256 * KiB;
}
