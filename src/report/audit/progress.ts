/** How far an audit is, on stderr: one moving line on a terminal, a plain line every ten seconds elsewhere. */
import type { AuditEvent } from "../../audit/many.ts";
import { countText } from "../units.ts";
import type { Spinner } from "./spinner.ts";
import { visibleLine } from "./visible.ts";

const lineEveryMs = 10_000;

export interface ProgressSurroundings {
  readonly stderr: { write(text: string): void };
  /** Starts the moving line with its first text. Undefined where stderr is no terminal, or should look like none. */
  readonly startSpinner: ((text: string) => Spinner) | undefined;
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** Buckets; undefined where nobody knows yet. */
  readonly total: number | undefined;
  readonly shown: boolean;
}

export interface Progress {
  emit(event: AuditEvent): void;
  close(): void;
}

export function createAuditProgress({ stderr, startSpinner, now, total, shown }: ProgressSurroundings): Progress {
  let spinner: Spinner | undefined;
  let lastLine = now();
  let finished = 0;
  let failed = 0;

  function textFor(bucket: string): string {
    const of = total === undefined ? countText(finished, "bucket") : `${finished} of ${countText(total, "bucket")}`;
    const unread = failed === 0 ? "" : `, ${failed} could not be audited`;
    return `Audited ${of}${unread}; reading ${visibleLine(bucket)}`;
  }

  function show(text: string): void {
    if (startSpinner === undefined) {
      if (now() - lastLine < lineEveryMs) return;
      lastLine = now();
      stderr.write(`${text}\n`);
    } else if (spinner === undefined) {
      spinner = startSpinner(text);
    } else {
      spinner.text = text;
    }
  }

  return {
    emit(event) {
      if (event.type === "audit-finished") {
        finished = event.finished;
        if (event.failed) failed += 1;
      }
      if (shown) show(textFor(event.bucket));
    },
    close() {
      spinner?.stop();
      spinner = undefined;
    },
  };
}
