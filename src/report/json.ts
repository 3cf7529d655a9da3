/** JSON Lines on stdout: the same facts, one object a line. */
import { exitCodeOf } from "../exit-codes.ts";
import type { Report, ReportEvent } from "./reporter.ts";
import { scrub } from "./scrub.ts";
import { noJournalText } from "./sentences.ts";

/** Four progress lines a second are enough for any reader. */
const progressEveryMs = 250;

export interface JsonSurroundings {
  writeLine(line: { readonly type: string; readonly [member: string]: unknown }): void;
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** False with --quiet: errors and results only. */
  readonly talks: boolean;
  /** False with --no-progress. */
  readonly progress: boolean;
}

export function createJsonReport({ writeLine, now, talks, progress }: JsonSurroundings): Report {
  let path = "";
  let lastProgress = Number.NEGATIVE_INFINITY;
  /** The newest progress that nobody was told yet. */
  let held: Parameters<typeof writeLine>[0] | undefined;

  function isDue(): boolean {
    return progress && now() - lastProgress >= progressEveryMs;
  }

  function tellProgress(): void {
    if (held === undefined) return;
    lastProgress = now();
    talk(held);
    held = undefined;
  }

  function talk(line: Parameters<typeof writeLine>[0]): void {
    if (talks) writeLine(line);
  }

  function emit(event: ReportEvent): void {
    switch (event.type) {
      case "in-file":
        path = event.path;
        emit(event.event);
        return;
      case "files": {
        const { type: _, share, ...files } = event;
        held = { type: "progress", ...files };
        if (isDue()) tellProgress();
        break;
      }
      case "dry-run-total":
        writeLine({ type: "plan-total", ...event.facts });
        break;
      case "file":
        path = event.path;
        lastProgress = Number.NEGATIVE_INFINITY;
        held = undefined;
        return;
      case "planned": {
        const { plan, destination } = event;
        const parts = plan.kind === "single" ? { parts: 1 } : { partSize: plan.partSize, parts: plan.parts.length };
        talk({ type: "start", path, destination, size: plan.file.size, kind: plan.kind, ...parts });
        break;
      }
      case "streaming": {
        const { destination, partSize } = event;
        talk({ type: "start", path, destination, kind: "stream", partSize });
        break;
      }
      case "progress": {
        const { sentBytes, totalBytes, doneParts, reusedBytes } = event;
        held = {
          type: "progress",
          path,
          sentBytes,
          totalBytes,
          doneParts,
          ...(reusedBytes === undefined ? {} : { reusedBytes }),
        };
        if (isDue()) tellProgress();
        break;
      }
      case "retrying": {
        const { partNumber, attempt, delayMs, reason } = event;
        talk({ type: "retry", path, partNumber, attempt, delayMs, reason: scrub(reason) });
        break;
      }
      case "expiring": {
        const { of, leftSeconds, neededSeconds } = event;
        talk({ type: "expiring", path, of, leftSeconds, neededSeconds });
        break;
      }
      case "window":
        talk({ type: "window", size: event.size, reason: event.reason });
        break;
      case "resuming": {
        const { uploadId, parts, partCount, bytes, totalBytes } = event;
        talk({ type: "resume", path, uploadId, parts, partCount, bytes, totalBytes });
        break;
      }
      case "restarting":
        talk({ type: "restart", path, uploadId: event.uploadId, reason: event.reason });
        break;
      case "part-differs":
        talk({ type: "part-differs", path, partNumber: event.partNumber });
        break;
      case "found-stored":
        talk({ type: "found-stored", path, key: event.key });
        break;
      case "kept": {
        const { bucket, key, uploadId, parts, partCount, bytes } = event;
        talk({ type: "kept", path, bucket, key, uploadId, parts, partCount, bytes });
        break;
      }
      case "no-journal":
        talk({ type: "warning", message: scrub(noJournalText(event)) });
        break;
      case "unclaimed":
      case "forgotten": {
        const { type, bucket, key, uploadId } = event;
        talk({ type, bucket, key, uploadId });
        break;
      }
      case "aborted":
        talk({ type: "aborted", path, uploadId: event.uploadId, clean: event.clean });
        break;
      case "life-cut": {
        const { askedSeconds, givenSeconds, by } = event;
        talk({ type: "life-cut", askedSeconds, givenSeconds, by });
        break;
      }
      case "incomplete":
      case "upload-aborted":
      case "would-abort": {
        const { initiated, ...upload } = event.upload;
        const type = event.type === "incomplete" ? "upload" : event.type;
        writeLine({ type, ...upload, initiated: initiated?.toISOString(), ageSeconds: event.ageSeconds });
        break;
      }
      case "spared": {
        const { bucket, key, uploadId, heldBy } = event;
        talk({ type: "spared", bucket, key, uploadId, heldBy });
        break;
      }
      case "incomplete-total": {
        const { action, uploads, parts, bytes, oldestSeconds } = event;
        writeLine({ type: "summary", action, uploads, parts, bytes, oldestSeconds });
        break;
      }
      case "warning":
        talk({ type: "warning", message: scrub(event.message), hint: event.hint });
        break;
      case "completed":
        // The last step too: a reader that draws a bar would stop short of its end.
        if (progress && held?.path === path) tellProgress();
        writeLine({ type: "result", path, ...event.object });
        break;
      case "verified":
        talk({ type: "verified", path, bucket: event.object.bucket, key: event.object.key });
        break;
      case "dry-run":
        writeLine({ type: "plan", ...event.facts });
        break;
      case "failed": {
        const { code, message, why, hint } = event.error;
        const texts = { message: scrub(message), why: scrub(why ?? ""), hint: scrub(hint ?? "") };
        writeLine({ type: "error", path: event.path, code, ...texts, exitCode: exitCodeOf[code] });
        break;
      }
      case "summary": {
        const { stored, failed, bytes, many } = event;
        const more = many === undefined ? {} : { skipped: many.skipped, ...(many.left && { left: many.left }) };
        if (progress) tellProgress();
        writeLine({ type: "summary", stored, failed, bytes, ...more });
        break;
      }
      case "preparing":
      case "started":
      case "resigned":
      case "must-send":
        return;
    }
  }

  return { emit, close() {} };
}
