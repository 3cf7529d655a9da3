/** What a person at a terminal sees: a bar where there is something to count, a spinner where there is not. */
import { SingleBar } from "cli-progress";
import ora, { type Ora } from "ora";
import { storedText } from "./plain.ts";
import type { Report, ReportEvent } from "./reporter.ts";
import { scrub } from "./scrub.ts";
import {
  abortedText,
  dryRunLine,
  dryRunText,
  dryRunTotalText,
  type EventOf,
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
  preparingText,
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
import { bytesText, countText, durationText, percentText, rateText } from "./units.ts";

export interface HumanSurroundings {
  readonly stdout: { write(text: string): void };
  /** A terminal. */
  readonly stderr: NodeJS.WriteStream;
  /** Milliseconds since any fixed moment. */
  now(): number;
  readonly color: boolean;
  /** False with --no-progress: the same sentences without bar and spinner. */
  readonly progress: boolean;
}

const usualColumns = 80;
const framesPerSecond = 10;
const narrowestBar = 10;
const widestBar = 30;
/** Columns that the figures beside the bar take at most. */
const figureColumns = 68;

export function createHumanReport({ stdout, stderr, now, color, progress }: HumanSurroundings): Report {
  // A pseudo-terminal that nobody gave a size has 0 columns; a text then takes endless lines, and ora clears them all.
  if (!stderr.columns) stderr.columns = usualColumns;
  const paint = painter(color);
  let bar: SingleBar | undefined;
  let spinner: Ora | undefined;
  let rate = createTransferRate();
  let startedAt = now();
  let partCount = 1;
  let retries = 0;

  function clear(): void {
    bar?.stop();
    bar = undefined;
    spinner?.stop();
    spinner = undefined;
  }

  /** Above whatever moves: a bar is ended and a new one begins with the next progress. */
  function say(text: string): void {
    clear();
    stderr.write(`${scrub(text)}\n`);
  }

  function spin(text: string): void {
    if (!progress) return;
    if (spinner !== undefined) {
      spinner.text = text;
      return;
    }
    clear();
    // Stdin may be the file that is being uploaded, so the spinner must not touch it.
    spinner = ora({ text, stream: stderr, discardStdin: false, ...(color ? {} : { color: false }) }).start();
  }

  function begin(text: string): void {
    rate = createTransferRate();
    startedAt = now();
    retries = 0;
    say(text);
  }

  function advance({ sentBytes, totalBytes, doneParts, reusedBytes = 0 }: EventOf<"progress">): void {
    rate.note(sentBytes - reusedBytes, now());
    if (!progress) return;
    if (totalBytes === undefined) {
      spin(`${bytesText(sentBytes)} sent, ${rateText(rate.bytesPerSecond())}, ${countText(doneParts, "part")}`);
      return;
    }
    if (bar === undefined) {
      clear();
      bar = startBar(totalBytes, sentBytes);
    }
    bar.update(sentBytes, { figures: figures(sentBytes, totalBytes, doneParts, reusedBytes) });
  }

  function startBar(totalBytes: number, sentBytes: number): SingleBar {
    const started = createBar();
    started.start(totalBytes, sentBytes, { figures: figures(sentBytes, totalBytes, 0) });
    return started;
  }

  function createBar(): SingleBar {
    const { columns } = stderr;
    return new SingleBar({
      stream: stderr,
      format: "{bar} {figures}",
      barsize: Math.max(narrowestBar, Math.min(widestBar, columns - figureColumns)),
      barCompleteChar: "█",
      barIncompleteChar: "░",
      hideCursor: true,
      fps: framesPerSecond,
      clearOnComplete: true,
      emptyOnZero: true,
    });
  }

  function figures(sentBytes: number, totalBytes: number, doneParts: number, reusedBytes = 0): string {
    const left = rate.secondsLeft(totalBytes - reusedBytes);
    return [
      percentText(sentBytes, totalBytes).padStart(4),
      `${bytesText(sentBytes)}/${bytesText(totalBytes)}`,
      rateText(rate.bytesPerSecond()),
      left === undefined ? "ETA -" : `ETA ${durationText(left)}`,
      `parts ${doneParts}/${partCount}`,
      ...(retries === 0 ? [] : [paint.yellow(`retries ${retries}`)]),
    ].join("  ");
  }

  /** All files on one bar, whose length grows while more are found. */
  function advanceFiles(event: EventOf<"files">): void {
    rate.note(event.sentBytes, now());
    if (!progress) return;
    const told = [filesText(event), bytesText(event.sentBytes), rateText(rate.bytesPerSecond())];
    if (retries > 0) told.push(paint.yellow(`retries ${retries}`));
    const shown = { figures: told.join("  ") };
    if (bar === undefined) {
      clear();
      bar = createBar();
      bar.start(event.foundFiles, event.share, shown);
      return;
    }
    bar.setTotal(event.foundFiles);
    bar.update(event.share, shown);
  }

  /** Of one file among many: its result, and what is out of the ordinary. */
  function noteInFile(path: string, event: ReportEvent): void {
    switch (event.type) {
      case "completed":
      case "dry-run":
        clear();
        stdout.write(event.type === "completed" ? resultLine(event.object) : `${dryRunLine(event)}\n`);
        break;
      case "retrying":
        retries += 1;
        break;
      case "aborted":
        if (!event.clean) say(paint.yellow(`${path}: ${abortedText(event)}`));
        break;
      case "planned":
      case "verified":
        return;
      default:
        emit(event);
    }
  }

  function noteRetry(event: EventOf<"retrying">): void {
    retries += 1;
    // The bar counts retries; where nothing is counted they are said.
    if (bar === undefined) say(paint.yellow(retryingText(event)));
  }

  function emit(event: ReportEvent): void {
    switch (event.type) {
      case "in-file":
        noteInFile(event.path, event.event);
        break;
      case "files":
        advanceFiles(event);
        break;
      case "dry-run-total":
        clear();
        stdout.write(`${dryRunTotalText(event)}\n`);
        break;
      case "preparing":
        spin(preparingText(event));
        break;
      case "planned":
        partCount = event.plan.kind === "single" ? 1 : event.plan.parts.length;
        begin(plannedText(event));
        break;
      case "streaming":
        begin(streamingText(event));
        break;
      case "progress":
        advance(event);
        break;
      case "retrying":
        noteRetry(event);
        break;
      case "expiring":
        say(paint.yellow(expiringText(event)));
        break;
      case "window":
        say(paint.dim(windowText(event)));
        break;
      case "resuming":
        say(resumingText(event));
        break;
      case "restarting":
        say(paint.yellow(restartingText(event)));
        break;
      case "part-differs":
        say(paint.yellow(partDiffersText(event)));
        break;
      case "found-stored":
        say(foundStoredText());
        break;
      case "kept":
        say(paint.yellow(keptText(event)));
        break;
      case "no-journal":
        say(`${paint.yellow("Warning:")} ${noJournalText(event)}`);
        break;
      case "unclaimed":
        say(paint.yellow(unclaimedText(event)));
        break;
      case "forgotten":
        say(paint.yellow(forgottenText(event)));
        break;
      case "aborted":
        say(paint[event.clean ? "dim" : "yellow"](abortedText(event)));
        break;
      case "completed":
        say(`${paint.green("✓")} ${storedText(event.object.size, now() - startedAt)}${retriesText(retries)}`);
        stdout.write(resultLine(event.object));
        break;
      case "verified":
        say(`${paint.green("✓")} ${verifiedText(event)}`);
        break;
      case "dry-run":
        clear();
        stdout.write(`${dryRunText(event)}\n`);
        break;
      case "must-send":
        say(paint.dim(mustSendText(event)));
        break;
      case "life-cut":
        say(`${paint.yellow("Warning:")} ${lifeCutText(event)}`);
        break;
      case "incomplete":
      case "upload-aborted":
      case "would-abort":
        clear();
        stdout.write(uploadLine(event));
        break;
      case "spared":
        say(paint.yellow(sparedText(event)));
        break;
      case "incomplete-total":
        say(uploadTotalText(event));
        break;
      case "warning":
        say(`${paint.yellow("Warning:")} ${event.message}${event.hint === undefined ? "" : `\n  ${event.hint}`}`);
        break;
      case "failed":
        say(`${paint.red("✗")} ${failedText(event)}`);
        break;
      case "summary":
        if (event.many !== undefined) say(summaryText(event));
        break;
      case "started":
        // The destination has the last word on the part size.
        partCount = event.partCount ?? partCount;
        return;
      case "file":
      case "resigned":
        return;
    }
  }

  return { emit, close: clear };
}

function retriesText(retries: number): string {
  if (retries === 0) return "";
  return retries === 1 ? ", 1 retry" : `, ${retries} retries`;
}

type Paint = Record<"red" | "green" | "yellow" | "dim", (text: string) => string>;

function painter(color: boolean): Paint {
  const paint = (open: number, close: number) => (text: string) =>
    color ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { red: paint(31, 39), green: paint(32, 39), yellow: paint(33, 39), dim: paint(2, 22) };
}
