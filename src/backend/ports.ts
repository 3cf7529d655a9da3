import type { MultipartControl } from "../signing/multipart-control.ts";
import type { Signer } from "../signing/signer.ts";

/** What one request did. It has no member in which a URL, a token or a header could stand. */
export interface LogEntry {
  readonly level: "info" | "warn" | "error";
  readonly operation: string;
  readonly status: number;
  readonly requestId: string;
  /** Whole milliseconds that the handler took. */
  readonly durationMs?: number;
  readonly subject?: string;
  readonly key?: string;
  /** Bytes of the object that was asked for. */
  readonly size?: number;
  /** Problem code of a refusal. */
  readonly error?: string;
  readonly s3Code?: string;
  /** Name and message of an error that nobody foresaw. */
  readonly unexpected?: string;
}

/** All that the handler touches besides the event and its settings. */
export interface BackendPorts {
  readonly signer: Signer;
  readonly multipart: MultipartControl;
  readonly now: () => Date;
  /** A UUIDv7; it becomes part of the object key. */
  readonly newId: () => string;
  /** A signal that aborts after that time; a gateway gives an integration 30 s, S3 may need minutes to complete. */
  readonly deadline: (milliseconds: number) => AbortSignal;
  readonly log: (entry: LogEntry) => void;
}
