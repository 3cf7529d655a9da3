/** How far an audit is, on stderr: one moving line on a terminal, a plain line every ten seconds elsewhere. */
import ora, { type Ora } from "ora";
import type { AuditEvent } from "../../audit/many.ts";
import { countText } from "../units.ts";
import { visibleLine } from "./visible.ts";

const lineEveryMs = 10_000;

export interface ProgressSurroundings {
  readonly stderr: { write(text: string): void };
  /** Undefined where stderr is no terminal, or should look like none. */
  readonly terminal: NodeJS.WriteStream | undefined;
  /** Milliseconds since any fixed moment. */
  now(): number;
  readonly color: boolean;
  /** Buckets; undefined where nobody knows yet. */
  readonly total: number | undefined;
  readonly shown: boolean;
}

export interface Progress {
  emit(event: AuditEvent): void;
  close(): void;
}

export function createAuditProgress({ stderr, terminal, now, color, total, shown }: ProgressSurroundings): Progress {
  let spinner: Ora | undefined;
  let lastLine = now();
  let finished = 0;
  let failed = 0;

  function textFor(bucket: string): string {
    const of = total === undefined ? countText(finished, "bucket") : `${finished} of ${countText(total, "bucket")}`;
    const unread = failed === 0 ? "" : `, ${failed} could not be audited`;
    return `Audited ${of}${unread}; reading ${visibleLine(bucket)}`;
  }

  function show(text: string): void {
    if (terminal === undefined) {
      if (now() - lastLine < lineEveryMs) return;
      lastLine = now();
      stderr.write(`${text}\n`);
    } else if (spinner === undefined) {
      // Stdin may be a file that somebody else reads.
      spinner = ora({ text, stream: terminal, discardStdin: false, ...(color ? {} : { color: false }) }).start();
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
