/** Many files of one `put`, several at a time: a file that fails does not stop the rest. */
import { S3upError } from "../errors.ts";
import { EXIT, type ExitCode, exitCodeOf } from "../exit-codes.ts";
import type { ReportEvent } from "../runtime.ts";
import { createCauseWatch } from "../upload/common-cause.ts";
import { type Job, lookAhead, schedule } from "../upload/schedule.ts";
import type { Found, FoundFile } from "../upload/selection.ts";
import { createTakenKeys } from "../upload/taken-keys.ts";
import { createDryRunTotal } from "./dry-run.ts";
import { createFileTally } from "./file-tally.ts";
import { keyOf } from "./s3-address.ts";
import { type Run, uploadFile } from "./upload-file.ts";

/** Names that are known before their files begin. */
const foundAhead = 4096;

/** @throws S3upError what all files would fail of, or an interruption */
export async function uploadMany(found: AsyncIterable<Found>, run: Run): Promise<ExitCode> {
  const { options, report, runtime, resources } = run;
  const tally = createFileTally(report, runtime);
  const total = createDryRunTotal(options);
  const watch = createCauseWatch();
  const claim = createClaim(run);
  let firstFailure: ExitCode = EXIT.ok;
  /** What ends the run: an error that all share, an interruption, or a bug. */
  let end: { readonly error: unknown } | undefined;

  function fail(path: string, error: unknown): void {
    if (runtime.signal.aborted || !(error instanceof S3upError)) {
      end ??= { error };
      tally.cutOff();
      return;
    }
    if (firstFailure === EXIT.ok) firstFailure = exitCodeOf[error.code];
    const shared = watch.failed(error.code);
    // Told once, at the end; those that fail alike meanwhile are not told at all.
    const told = end !== undefined && end.error instanceof S3upError && end.error.code === error.code;
    if (shared) end ??= { error };
    tally.failed(path, error, shared || told);
  }

  async function upload(file: FoundFile, job: Job): Promise<void> {
    const progress = tally.begin();
    try {
      claim(file);
      const object = await uploadFile(file, run, (event) => {
        follow(event, job);
        if (event.type === "dry-run") total.add(event.facts);
        progress.emit(file.path, event);
      });
      watch.stored();
      tally.stored(object?.size ?? 0);
    } catch (error) {
      fail(file.path, error);
    } finally {
      progress.end();
    }
  }

  async function work(entry: Found, job: Job): Promise<void> {
    if (entry.kind === "file") return upload(entry, job);
    if (entry.kind === "failed") fail(entry.path, entry.error);
    else tally.skipped(entry);
  }

  const items = lookAhead(found, foundAhead, (entry) => tally.found(entry));
  const over = () => end !== undefined || runtime.signal.aborted || (options.stopOnError && firstFailure !== EXIT.ok);
  await schedule({ items, jobs: options.jobs, window: resources.window, over, work });

  if (options.dryRun) report.emit({ type: "dry-run-total", facts: total.facts() });
  else report.emit(tally.summary(over()));
  if (runtime.signal.aborted) throw end?.error instanceof S3upError ? end.error : runtime.signal.reason;
  if (end !== undefined) throw end.error;
  return firstFailure;
}

function follow(event: ReportEvent, job: Job): void {
  if (event.type === "planned") job.planned(event.plan.kind === "single" ? 1 : event.plan.parts.length);
  else if (event.type === "progress" && event.doneParts > 0) job.doneUpTo(event.doneParts);
}

/** Two files of one key would replace each other: the second is refused before it is opened. */
function createClaim({ options: { target }, report }: Run): (file: FoundFile) => void {
  if (target.via !== "credentials") return () => {};
  const taken = createTakenKeys();
  return (file) => {
    const key = keyOf(target.address, file);
    const claim = taken.claim(key);
    if (claim === "twin") {
      report.emit({
        type: "warning",
        message: `${file.path} has a name that looks the same as another one's.`,
        hint: "Both are stored: their letters are composed of different code points, and S3 keeps them apart.",
      });
    }
    if (claim !== "taken") return;
    throw new S3upError("USAGE", `${file.path} would replace another file of this run.`, {
      why: `The key of both is ${key}.`,
      hint: "Upload one of them with a command of its own, to another prefix.",
    });
  };
}
