/** What an upload needs to be gone on with by a later run. */
import type { JournalStore } from "./journal.ts";
import type { MultipartSession } from "./transport.ts";

export type OnFailure = "keep" | "abort";

export interface ResumeTools {
  readonly journals: JournalStore;
  /** True: an earlier upload is aborted, and this one begins anew. */
  readonly restart: boolean;
  /** Goes on with this upload instead of the journal's. */
  readonly uploadId: string | undefined;
  /** Bytes; only where the user insists on it. An earlier upload with parts of another size begins anew. */
  readonly partSize: number | undefined;
  /** What becomes of an upload that fails and could be gone on with. */
  readonly onFailure: OnFailure;
  /** At least 8 characters. */
  readonly newId: () => string;
  /** As a user types them; none holds a secret. */
  readonly commands: ResumeCommands;
}

export interface ResumeCommands {
  /** Goes on with what was stopped. */
  readonly resume: string;
  /** Removes it from S3. */
  abort(upload: Pick<MultipartSession, "bucket" | "key" | "uploadId">): string;
}
