/** Ends an upload that failed: what a later run can go on with stays at S3, and the error says how. */
import { type ErrorCode, S3upError } from "../errors.ts";
import { discard } from "./discard.ts";
import type { UploadJournal } from "./journal.ts";
import type { ResumeTools } from "./resume-tools.ts";
import type { UploadTools } from "./tools.ts";
import type { MultipartSession } from "./transport.ts";

export interface FailedUpload {
  readonly session: MultipartSession;
  /** Cleared when the upload is aborted. */
  readonly journal: UploadJournal | undefined;
  /** False: no later run could find it again. */
  readonly isSaved: boolean;
  /** What S3 holds of it. */
  atS3(): { readonly parts: number; readonly partCount: number; readonly bytes: number };
}

/**
 * `incomplete`: the same command may well succeed a little later, so the error says that the upload is not complete.
 * `kept`: a person has to do something first, or wanted it to stop; the error stays what it is.
 * `if-begun`: so too, but an upload without a part is not worth a return.
 * What is not named here is aborted: no later run could make it good.
 */
const ends: Partial<Record<ErrorCode, "incomplete" | "kept" | "if-begun">> = {
  NETWORK: "incomplete",
  THROTTLED: "incomplete",
  S3_ERROR: "incomplete",
  ENDPOINT_ERROR: "incomplete",
  URL_EXPIRED: "incomplete",
  FILE_UNREADABLE: "incomplete",
  INTERRUPTED: "kept",
  TERMINATED: "kept",
  CREDENTIALS_EXPIRED: "kept",
  CREDENTIALS_MISSING: "kept",
  CREDENTIALS_INVALID: "kept",
  CLOCK_SKEWED: "kept",
  ACCESS_DENIED: "if-begun",
  BUCKET_ELSEWHERE: "if-begun",
};

/** @returns the error to throw: the one given, with what has become of the upload */
export async function endFailed(failed: FailedUpload, error: unknown, tools: UploadTools): Promise<unknown> {
  const { session, journal } = failed;
  const end = howItEnds(failed, error, tools);
  if (end === undefined || tools.resume === undefined || !(error instanceof S3upError)) {
    const thrown = await discard(session, error, tools);
    // Whoever aborted or completed it left the question open what stands under the key; the next run looks.
    const isGone = error instanceof S3upError && error.code === "UPLOAD_NOT_FOUND";
    if (thrown === error && !isGone) await journal?.clear();
    return thrown;
  }
  const { bucket, key, uploadId } = session;
  tools.emit({ type: "kept", bucket, key, uploadId, ...failed.atS3() });
  return end === "incomplete" ? incomplete(failed, error, tools.resume) : kept(failed, error, tools.resume);
}

function howItEnds(failed: FailedUpload, error: unknown, { resume, signedBy }: UploadTools) {
  if (!(error instanceof S3upError) || resume === undefined) return undefined;
  if (resume.onFailure === "abort" || !failed.isSaved) return undefined;
  // Its URLs expire together, and nobody signs others for the same manifest.
  if (error.code === "URL_EXPIRED" && signedBy === "manifest") return undefined;
  const end = ends[error.code];
  return end === "if-begun" && failed.atS3().parts === 0 ? undefined : end;
}

function incomplete(failed: FailedUpload, error: S3upError, { commands }: ResumeTools): S3upError {
  return new S3upError("UPLOAD_INCOMPLETE", error.message, {
    why: `${sentence(error.why)}${state(failed)}`,
    hint: `Go on with \`${commands.resume}\`; remove what is there with \`${commands.abort(failed.session)}\`.`,
    cause: error,
  });
}

const ownHintCounts: ReadonlySet<ErrorCode> = new Set(["INTERRUPTED", "TERMINATED"]);

function kept(failed: FailedUpload, error: S3upError, { commands }: ResumeTools): S3upError {
  const first = ownHintCounts.has(error.code) ? undefined : error.hint;
  const next = `Go on with \`${commands.resume}\`; remove what is there with \`${commands.abort(failed.session)}\`.`;
  return new S3upError(error.code, error.message, {
    why: `${sentence(error.why)}${state(failed)}`,
    hint: [first, next].filter(Boolean).join(" "),
    cause: error.cause,
  });
}

/** S3's own sentences may lack their full stop. */
function sentence(text: string | undefined): string {
  return text === undefined || text === "" ? "" : `${text.replace(/([^.!?])$/, "$1.")} `;
}

function state(failed: FailedUpload): string {
  const { parts, partCount } = failed.atS3();
  return `${parts} of ${partCount} part${partCount === 1 ? "" : "s"} ${parts === 1 ? "is" : "are"} at S3 and kept there.`;
}
