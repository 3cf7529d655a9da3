/** Counts the files of a run, and tells of them a few times a second at most. */
import type { S3upError } from "../errors.ts";
import type { Report, ReportEvent, Runtime } from "../runtime.ts";
import type { Found } from "../upload/selection.ts";

type Summary = Extract<ReportEvent, { readonly type: "summary" }>;

export interface FileTally {
  /** Undefined: there is no more. */
  found(entry: Found | undefined): void;
  begin(): FileProgress;
  stored(bytes: number): void;
  /** @param silent the error is told otherwise */
  failed(path: string, error: S3upError, silent: boolean): void;
  skipped(entry: Extract<Found, { readonly kind: "skipped" }>): void;
  /** Begun, and neither stored nor failed. */
  cutOff(): void;
  /** @param stopped the run ended before all files had their turn */
  summary(stopped: boolean): Summary;
}

export interface FileProgress {
  emit(path: string, event: ReportEvent): void;
  end(): void;
}

/** Milliseconds between two events about all files. */
const interval = 100;
/** Failures that the summary names again. */
const namedFailures = 20;

export function createFileTally(report: Report, runtime: Pick<Runtime, "now">): FileTally {
  const counts = { found: 0, stored: 0, failed: 0, skipped: 0, cutOff: 0, bytes: 0 };
  const failures: { readonly path: string; readonly message: string }[] = [];
  let foundAll = false;
  let sentBytes = 0;
  /** Of the files under way, as parts of one: two that are half sent count as one. */
  let underWay = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  function tell(): void {
    const now = runtime.now().getTime();
    if (now - toldAt < interval) return;
    toldAt = now;
    const done = counts.stored + counts.failed + counts.skipped;
    report.emit({
      type: "files",
      doneFiles: done,
      foundFiles: counts.found,
      foundAll,
      share: done + underWay,
      failedFiles: counts.failed,
      sentBytes,
    });
  }

  function begin(): FileProgress {
    let sent = 0;
    let share = 0;
    const advance = (bytes: number, totalBytes: number | undefined) => {
      sentBytes += bytes - sent;
      sent = bytes;
      const now = totalBytes === undefined || totalBytes === 0 ? 0 : bytes / totalBytes;
      underWay += now - share;
      share = now;
    };
    return {
      emit(path, event) {
        if (event.type === "progress") {
          advance(event.sentBytes, event.totalBytes);
          tell();
        } else if (event.type !== "preparing") report.emit({ type: "in-file", path, event });
      },
      end() {
        underWay -= share;
        tell();
      },
    };
  }

  return {
    found(entry) {
      if (entry === undefined) foundAll = true;
      else counts.found += 1;
    },
    begin,
    stored(bytes) {
      counts.stored += 1;
      counts.bytes += bytes;
    },
    failed(path, error, silent) {
      counts.failed += 1;
      if (silent) return;
      if (failures.length < namedFailures) failures.push({ path, message: error.message });
      report.emit({ type: "failed", path, error });
    },
    skipped({ path, why }) {
      counts.skipped += 1;
      report.emit({ type: "warning", message: `${path} is left out.`, hint: why });
    },
    cutOff() {
      counts.cutOff += 1;
    },
    summary(stopped) {
      const { found, stored, failed, skipped, cutOff, bytes } = counts;
      return {
        type: "summary",
        stored,
        failed,
        bytes,
        many: {
          skipped,
          failures,
          // What was begun and cut off is left to be uploaded too.
          left: stopped ? { files: found - stored - failed - skipped, cutOff, atLeast: !foundAll } : undefined,
        },
      };
    },
  };
}
