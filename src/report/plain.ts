/** Lines for a log: no bar, no spinner, no colour, one line of progress every ten seconds. */
import type { Report, ReportEvent } from "./reporter.ts";
import { scrub } from "./scrub.ts";
import {
  abortedText,
  dryRunLine,
  dryRunText,
  dryRunTotalText,
  expiringText,
  failedText,
  filesText,
  forgottenText,
  foundStoredText,
  keptText,
  lifeCutText,
  mustSendText,
  noJournalText,
  partDiffersText,
  plannedText,
  restartingText,
  resultLine,
  resumingText,
  retryingText,
  sparedText,
  streamingText,
  summaryText,
  unclaimedText,
  uploadLine,
  uploadTotalText,
  verifiedText,
  windowText,
} from "./sentences.ts";
import { createTransferRate } from "./transfer-rate.ts";
import { bytesText, durationText, percentText, rateText } from "./units.ts";

const progressEveryMs = 10_000;
const smallestRated = 1024 ** 2;

export interface PlainSurroundings {
  readonly stdout: { write(text: string): void };
  readonly stderr: { write(text: string): void };
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** False with --quiet: errors and results only. */
  readonly talks: boolean;
  /** False with --no-progress. */
  readonly progress: boolean;
}

export function createPlainReport({ stdout, stderr, now, talks, progress }: PlainSurroundings): Report {
  let rate = createTransferRate();
  let lastProgress = now();
  let startedAt = now();

  function talk(text: string): void {
    if (talks) stderr.write(`${scrub(text)}\n`);
  }

  function begin(text: string): void {
    rate = createTransferRate();
    lastProgress = now();
    startedAt = now();
    talk(text);
  }

  function noteProgress({
    sentBytes,
    totalBytes,
    reusedBytes = 0,
  }: Extract<ReportEvent, { readonly type: "progress" }>): void {
    rate.note(sentBytes - reusedBytes, now());
    if (!progress || now() - lastProgress < progressEveryMs) return;
    lastProgress = now();
    const left = rate.secondsLeft(totalBytes === undefined ? undefined : totalBytes - reusedBytes);
    const whole =
      totalBytes === undefined ? "" : ` of ${bytesText(totalBytes)} (${percentText(sentBytes, totalBytes)})`;
    const eta = left === undefined ? "" : `, ${durationText(left)} left`;
    talk(`${bytesText(sentBytes)}${whole}, ${rateText(rate.bytesPerSecond())}${eta}`);
  }

  function noteFiles(event: Extract<ReportEvent, { readonly type: "files" }>): void {
    rate.note(event.sentBytes, now());
    if (!progress || now() - lastProgress < progressEveryMs) return;
    lastProgress = now();
    talk(`${filesText(event)}, ${bytesText(event.sentBytes)}, ${rateText(rate.bytesPerSecond())}`);
  }

  /** Of one file among many: its result, and what is out of the ordinary. */
  function noteInFile(path: string, event: ReportEvent): void {
    switch (event.type) {
      case "completed":
        stdout.write(resultLine(event.object));
        break;
      case "dry-run":
        stdout.write(`${dryRunLine(event)}\n`);
        break;
      case "retrying":
        talk(`${path}: ${retryingText(event)}`);
        break;
      case "aborted":
        if (!event.clean) talk(`${path}: ${abortedText(event)}`);
        break;
      case "planned":
      case "verified":
        return;
      default:
        emit(event);
    }
  }

  function emit(event: ReportEvent): void {
    switch (event.type) {
      case "in-file":
        noteInFile(event.path, event.event);
        break;
      case "files":
        noteFiles(event);
        break;
      case "dry-run-total":
        stdout.write(`${dryRunTotalText(event)}\n`);
        break;
      case "planned":
        begin(plannedText(event));
        break;
      case "streaming":
        begin(streamingText(event));
        break;
      case "progress":
        noteProgress(event);
        break;
      case "retrying":
        talk(retryingText(event));
        break;
      case "expiring":
        talk(expiringText(event));
        break;
      case "window":
        talk(windowText(event));
        break;
      case "resuming":
        talk(resumingText(event));
        break;
      case "restarting":
        talk(restartingText(event));
        break;
      case "part-differs":
        talk(partDiffersText(event));
        break;
      case "found-stored":
        talk(foundStoredText());
        break;
      case "kept":
        talk(keptText(event));
        break;
      case "no-journal":
        talk(`Warning: ${noJournalText(event)}`);
        break;
      case "unclaimed":
        talk(unclaimedText(event));
        break;
      case "forgotten":
        talk(forgottenText(event));
        break;
      case "aborted":
        talk(abortedText(event));
        break;
      case "completed":
        talk(storedText(event.object.size, now() - startedAt));
        stdout.write(resultLine(event.object));
        break;
      case "verified":
        talk(verifiedText(event));
        break;
      case "dry-run":
        stdout.write(`${dryRunText(event)}\n`);
        break;
      case "must-send":
        talk(mustSendText(event));
        break;
      case "life-cut":
        talk(`Warning: ${lifeCutText(event)}`);
        break;
      case "incomplete":
      case "upload-aborted":
      case "would-abort":
        stdout.write(uploadLine(event));
        break;
      case "spared":
        talk(sparedText(event));
        break;
      case "incomplete-total":
        talk(uploadTotalText(event));
        break;
      case "warning":
        talk(["Warning: ", event.message, event.hint === undefined ? "" : `\n  ${event.hint}`].join(""));
        break;
      case "failed":
        stderr.write(`${scrub(failedText(event))}\n`);
        break;
      case "summary":
        if (event.many !== undefined) talk(summaryText(event));
        break;
      case "file":
      case "preparing":
      case "started":
      case "resigned":
        return;
    }
  }

  return { emit, close() {} };
}

export function storedText(bytes: number, elapsedMs: number): string {
  const time = elapsedMs < 10_000 ? `${(elapsedMs / 1000).toFixed(1)}s` : durationText(elapsedMs / 1000);
  // The rate of a file that fits into one packet says nothing about the line.
  const rate = bytes < smallestRated || elapsedMs <= 0 ? "" : `, ${rateText((bytes / elapsedMs) * 1000)}`;
  return `Stored ${bytesText(bytes)} in ${time}${rate}`;
}
