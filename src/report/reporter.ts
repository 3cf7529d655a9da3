/**
 * The one listener of what happens. A command hands it facts; it owns every word, colour, unit and place on the screen.
 * Types only: `human.ts`, `plain.ts` and `json.ts` implement it.
 */
import type { S3upError } from "../errors.ts";
import type { StoredObject, UploadEvent } from "../upload/events.ts";
import type { IncompleteUpload } from "../upload/incomplete.ts";

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
  /** The only file: from here on, events are about it. */
  | { readonly type: "file"; readonly path: string }
  /** Of one file among many, whose events come in any order. */
  | { readonly type: "in-file"; readonly path: string; readonly event: ReportEvent }
  /** How far all files together are. `foundAll` is false while there may be more; `share` counts parts of files too. */
  | {
      readonly type: "files";
      readonly doneFiles: number;
      readonly failedFiles: number;
      readonly foundFiles: number;
      readonly foundAll: boolean;
      readonly share: number;
      readonly sentBytes: number;
    }
  /** After the facts of each of many files. */
  | { readonly type: "dry-run-total"; readonly facts: DryRunTotal }
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
  /** An upload that was begun and has not ended. */
  | UploadEntry<"incomplete">
  | UploadEntry<"upload-aborted">
  | UploadEntry<"would-abort">
  /** Not aborted, because a process of this machine works on it. */
  | {
      readonly type: "spared";
      readonly bucket: string | undefined;
      readonly key: string;
      readonly uploadId: string;
      readonly heldBy: number;
    }
  | {
      readonly type: "incomplete-total";
      readonly action: "list" | "abort" | "dry-run";
      readonly uploads: number;
      readonly parts: number;
      readonly bytes: number;
      readonly oldestSeconds: number | undefined;
    }
  | { readonly type: "warning"; readonly message: string; readonly hint?: string }
  /** One file did not make it, others follow. A single file's failure is thrown instead. */
  | { readonly type: "failed"; readonly path: string; readonly error: S3upError }
  | {
      readonly type: "summary";
      readonly stored: number;
      readonly failed: number;
      readonly bytes: number;
      /** Undefined for a single file, of which everything is said by then. */
      readonly many?: ManyFiles;
    };

export interface ManyFiles {
  /** Found and not meant to be uploaded. */
  readonly skipped: number;
  /** The first of them. */
  readonly failures: readonly { readonly path: string; readonly message: string }[];
  /** Undefined when every file had its turn. */
  readonly left:
    | {
        readonly files: number;
        /** Those of them that had begun. */
        readonly cutOff: number;
        /** True when not all files were found yet. */
        readonly atLeast: boolean;
      }
    | undefined;
}

export interface DryRunTotal {
  readonly files: number;
  readonly bytes: number;
  readonly requests: number;
  /** Most bytes of file content held at a time. */
  readonly memory: number;
}

interface UploadEntry<Type extends string> {
  readonly type: Type;
  readonly upload: IncompleteUpload;
  /** Undefined where nobody knows. */
  readonly ageSeconds: number | undefined;
}

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
