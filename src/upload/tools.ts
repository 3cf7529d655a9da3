/** What an upload needs besides the file and the destination. */
import type { ForeignSigner } from "../signing/foreign-signature.ts";
import type { ChecksumChoice } from "./checksum.ts";
import type { Emit } from "./events.ts";
import type { Pace } from "./expiry.ts";
import type { UploadResources } from "./resources.ts";
import type { ResumeTools } from "./resume-tools.ts";
import type { Destination, PartSender } from "./transport.ts";

export interface Clock {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** Rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface UploadSettings {
  readonly contentType: string;
  /** Tries of one request, the first included. */
  readonly maxAttempts: number;
  readonly checksum: ChecksumChoice;
}

export interface UploadTools {
  readonly sender: PartSender;
  readonly emit: Emit;
  /** Its reason, when it is an S3upError (INTERRUPTED, TERMINATED), is the error of the upload. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  readonly settings: UploadSettings;
  /** Absent where nothing is held against the time it takes. */
  readonly pace?: Pace;
  /** Shared by all uploads of a run. */
  readonly resources: UploadResources;
  /** The destination's; see there. */
  readonly signedBy?: ForeignSigner;
  /** The destination's; see there. */
  readonly renew?: NonNullable<Destination["renew"]>;
  /** Absent: an upload begins anew, and one that fails is aborted. */
  readonly resume?: ResumeTools;
}
