/** The files of one `put`, one after the other: a file that fails does not stop the rest. */
import { S3upError } from "../errors.ts";
import { EXIT, type ExitCode, exitCodeOf } from "../exit-codes.ts";
import type { Report, Runtime } from "../runtime.ts";
import type { StoredObject } from "../upload/events.ts";
import { executeUpload } from "../upload/execute.ts";
import { planUpload } from "../upload/plan.ts";
import { createResources, mostRequests, type UploadResources } from "../upload/resources.ts";
import type { UploadTools } from "../upload/tools.ts";
import type { Destination, PartSender } from "../upload/transport.ts";
import { dryRunOf, dryRunOfStream } from "./dry-run.ts";
import type { SettledPutOptions } from "./put.ts";
import { type Destinations, openDestinations } from "./put-destinations.ts";
import { resumeTools } from "./resume-options.ts";
import { verifyStored } from "./verify-stored.ts";

/** What every file of the run shares. */
interface Run {
  readonly options: SettledPutOptions;
  readonly runtime: Runtime;
  readonly report: Report;
  readonly sender: PartSender;
  readonly resources: UploadResources;
  /** A file that is not there is found before AWS or an endpoint is asked anything. */
  readonly destinations: () => Promise<Destinations>;
}

/** @throws S3upError the failure of the only file, or an interruption */
export async function uploadAll(options: SettledPutOptions, runtime: Runtime, report: Report): Promise<ExitCode> {
  const { concurrency, maxMemory, connectTimeoutMs, stallTimeoutMs, profile } = options;
  const connections = mostRequests(concurrency);
  const sender = await runtime.sender({ connections, connectTimeoutMs, stallTimeoutMs, profile });
  try {
    const resources = createResources({
      concurrency,
      maxMemory,
      clock: { now: () => runtime.now().getTime() },
      load: () => runtime.load(),
      onChange: (size, reason) => report.emit({ type: "window", size, reason }),
    });
    const destinations = onFirstUse(options, runtime, sender, report);
    const run: Run = { options, runtime, report, sender, resources, destinations };
    return options.files.length === 1 ? await uploadOnly(run) : await uploadEach(run);
  } finally {
    sender.close();
  }
}

function onFirstUse(
  options: SettledPutOptions,
  runtime: Runtime,
  sender: PartSender,
  report: Report,
): Run["destinations"] {
  let opened: Promise<Destinations> | undefined;
  return () => {
    opened ??= openDestinations(options, runtime, sender, (notice) => report.emit({ type: "warning", ...notice }));
    return opened;
  };
}

async function uploadOnly(run: Run): Promise<ExitCode> {
  const [path = ""] = run.options.files;
  run.report.emit({ type: "file", path, index: 1, count: 1 });
  const object = await uploadPath(path, run);
  if (object !== undefined) run.report.emit({ type: "summary", stored: 1, failed: 0, bytes: object.size });
  return EXIT.ok;
}

async function uploadEach(run: Run): Promise<ExitCode> {
  const { options, report, runtime } = run;
  const { files, dryRun } = options;
  let bytes = 0;
  let stored = 0;
  let firstFailure: ExitCode = EXIT.ok;

  for (const [index, path] of files.entries()) {
    report.emit({ type: "file", path, index: index + 1, count: files.length });
    try {
      const object = await uploadPath(path, run);
      stored += 1;
      bytes += object?.size ?? 0;
    } catch (error) {
      if (!(error instanceof S3upError) || runtime.signal.aborted) throw error;
      report.emit({ type: "failed", path, error });
      if (firstFailure === EXIT.ok) firstFailure = exitCodeOf[error.code];
    }
  }
  if (!dryRun) report.emit({ type: "summary", stored, failed: files.length - stored, bytes });
  return firstFailure;
}

/** @returns undefined for a dry run */
async function uploadPath(path: string, run: Run): Promise<StoredObject | undefined> {
  return path === "-" ? uploadStdin(run) : uploadFile(path, run);
}

async function uploadFile(path: string, run: Run): Promise<StoredObject | undefined> {
  const { options, runtime, report, sender, resources, destinations } = run;
  const source = await runtime.openFile(path);
  try {
    const destination = await (await destinations()).forFile(source);
    report.emit({ type: "preparing", step: "capabilities" });
    const plan = planUpload(source, await destination.limits(runtime.signal), options.wishes);
    if (options.dryRun) {
      report.emit({ type: "dry-run", facts: dryRunOf(plan, destination.label, options) });
      return undefined;
    }
    report.emit({ type: "planned", plan, destination: destination.label });

    const { maxAttempts, checksum } = options;
    const contentType = options.contentType ?? (await runtime.contentTypeOf(source.name));
    const stored = await executeUpload(plan, source, destination, {
      sender,
      emit: (event) => report.emit(event),
      signal: runtime.signal,
      clock: { now: () => runtime.now().getTime(), sleep: (ms, signal) => runtime.sleep(ms, signal) },
      random: () => runtime.random(),
      settings: { contentType, maxAttempts, checksum },
      resources,
      ...(await resumeOf(run)),
    });
    await verify(stored, destination, run);
    return stored;
  } finally {
    await source.close();
  }
}

async function resumeOf({ options, runtime }: Run): Promise<Pick<UploadTools, "resume">> {
  const { resume, wishes } = options;
  if (resume === undefined) return {};
  return { resume: await resumeTools(resume, wishes.partSize, resume.commands, runtime) };
}

async function uploadStdin(run: Run): Promise<StoredObject | undefined> {
  const { options, runtime, report, destinations } = run;
  const { upload, send, destination } = await (await destinations()).forStream();
  if (options.dryRun) {
    report.emit({ type: "dry-run", facts: dryRunOfStream(upload, destination.label, options) });
    return undefined;
  }
  report.emit({ type: "streaming", destination: destination.label, partSize: upload.partSize });
  const stored = await send(runtime.stdin, { emit: (event) => report.emit(event), signal: runtime.signal });
  await verify(stored, destination, run);
  return stored;
}

async function verify(
  stored: StoredObject,
  destination: Destination,
  { options, runtime, report }: Run,
): Promise<void> {
  if (!options.verify) return;
  report.emit({ type: "verified", object: await verifyStored(stored, destination, runtime.signal) });
}
