import type { BackendPorts } from "../ports.ts";
import type { BackendSettings } from "../settings.ts";

/** One request, as a route sees it: routed, authenticated and parsed as JSON. */
export interface Call {
  readonly settings: BackendSettings;
  readonly ports: BackendPorts;
  /** `{}` for a GET. */
  readonly json: object;
  readonly now: Date;
  readonly subject: string | undefined;
  readonly subjectHash: string | undefined;
  readonly requestId: string;
}

export interface Outcome {
  readonly status: number;
  /** Undefined for an answer without a body. */
  readonly body?: object;
  /** What the log line says of it. */
  readonly about?: { readonly key: string; readonly size?: number | undefined };
}

export type Route = (call: Call) => Promise<Outcome>;
