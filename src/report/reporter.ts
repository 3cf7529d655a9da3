/**
 * The one listener of what happens. A command hands it facts; it owns every word, colour, unit and place on the screen.
 * Types only: `human.ts`, `plain.ts` and `json.ts` implement it.
 */
import type { S3upError } from "../errors.ts";
import type { StoredObject, UploadEvent } from "../upload/events.ts";

export interface ReportOptions {
  readonly format: "human" | "json";
  /** Nothing but errors and the result. */
  readonly quiet: boolean;
  /** False: no bar, spinner or progress line. */
  readonly progress: boolean;
  /** Undefined: as the environment and the terminal say. */
  readonly color: boolean | undefined;
}

export type ReportEvent =
  | UploadEvent
  /** From here on, events are about this file. `index` counts from 1. */
  | { readonly type: "file"; readonly path: string; readonly index: number; readonly count: number }
  /** Bytes of unknown number begin to go out. */
  | { readonly type: "streaming"; readonly destination: string /** Bytes. */; readonly partSize: number }
  | { readonly type: "dry-run"; readonly facts: DryRunFacts }
  /** The object was read back from S3 and has the size and the checksum that were sent. */
  | { readonly type: "verified"; readonly object: StoredObject }
  /** A URL was handed out: these headers must come with the request. */
  | { readonly type: "must-send"; readonly method: string; readonly headers: Readonly<Record<string, string>> }
  /** A URL ends earlier than was asked for: its credentials end then, or the endpoint signs for no longer. */
  | {
      readonly type: "life-cut";
      readonly askedSeconds: number;
      readonly givenSeconds: number;
      readonly by: "credentials" | "endpoint";
    }
  | { readonly type: "warning"; readonly message: string; readonly hint?: string }
  /** One file did not make it, others follow. A single file's failure is thrown instead. */
  | { readonly type: "failed"; readonly path: string; readonly error: S3upError }
  | { readonly type: "summary"; readonly stored: number; readonly failed: number; readonly bytes: number };

export interface DryRunFacts {
  readonly path: string;
  readonly destination: string;
  /** Undefined for a stream, whose length nobody knows. */
  readonly size: number | undefined;
  readonly kind: "single" | "multipart";
  readonly partSize: number;
  readonly partCount: number;
  /** Requests to S3. */
  readonly requests: number;
  /** Most bytes of file content held at a time. */
  readonly memory: number;
}

export interface Report {
  emit(event: ReportEvent): void;
  /** Clears the bar and stops every timer; nothing is written after it. */
  close(): void;
}
