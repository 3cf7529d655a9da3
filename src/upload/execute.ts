import type { ChecksumChoice } from "./checksum.ts";
import type { Emit, StoredObject } from "./events.ts";
import type { UploadPlan } from "./plan.ts";
import type { FileSource } from "./source.ts";
import type { Destination, PartSender } from "./transport.ts";

export interface Clock {
  /** Milliseconds of any fixed origin. */
  now(): number;
  /** Rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface UploadSettings {
  readonly contentType: string;
  /** Parts that are sent at a time, at most. */
  readonly concurrency: number;
  /** Bytes of file content held in memory, at most; one part is held in any case. */
  readonly maxMemory: number;
  /** Tries of one request, the first included. */
  readonly maxAttempts: number;
  readonly checksum: ChecksumChoice;
}

/** Everything that an upload touches besides the file and the destination. */
export interface UploadTools {
  readonly sender: PartSender;
  readonly emit: Emit;
  /** Its reason, when it is an S3upError (INTERRUPTED, TERMINATED), is the error of the upload. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  readonly settings: UploadSettings;
}

/** Carries the plan out. Settles only when every request has ended and nothing of a failed upload is left at S3. */
export declare function executeUpload(
  plan: UploadPlan,
  source: FileSource,
  destination: Destination,
  tools: UploadTools,
): Promise<StoredObject>;
