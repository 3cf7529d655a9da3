import { S3upError } from "../errors.ts";
import { digestOfWords } from "./fingerprint.ts";
import type { UploadJournal } from "./journal.ts";
import type { FileSource } from "./source.ts";
import type { UploadTools } from "./tools.ts";
import type { Destination } from "./transport.ts";

/**
 * The journal of this file for this place, held by this process until it is released. Undefined where there is none.
 * @throws S3upError UPLOAD_BUSY when another process works on the same upload
 */
export async function claimJournal(
  source: FileSource,
  { resumable, label }: Destination,
  { resume, emit }: UploadTools,
): Promise<UploadJournal | undefined> {
  const { location } = source;
  if (resume === undefined || resumable === undefined || location === undefined) return undefined;

  const id = digestOfWords([...resumable.place, location.path]);
  const grip = await resume.journals.take(id, (reason) => emit({ type: "no-journal", reason }));
  if (grip.state === "busy") {
    throw new S3upError("UPLOAD_BUSY", `${source.path} is on its way to ${label} already.`, {
      why: `Process ${grip.pid} works on the same upload.`,
      hint: `Wait until it ends, or end it (kill ${grip.pid}) and run the same command again.`,
    });
  }
  return grip.state === "taken" ? grip.journal : undefined;
}
