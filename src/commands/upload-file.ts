/** One file of a run, from its path to what S3 confirmed. */
import type { Report, ReportEvent, Runtime } from "../runtime.ts";
import type { StoredObject } from "../upload/events.ts";
import { executeUpload } from "../upload/execute.ts";
import type { Pace } from "../upload/expiry.ts";
import { planUpload } from "../upload/plan.ts";
import { limitBytes, type RateLimit } from "../upload/rate-limit.ts";
import type { UploadResources } from "../upload/resources.ts";
import type { FoundFile } from "../upload/selection.ts";
import type { SourceFacts } from "../upload/source.ts";
import type { UploadTools } from "../upload/tools.ts";
import type { Destination, PartSender } from "../upload/transport.ts";
import { dryRunOf, dryRunOfStream } from "./dry-run.ts";
import type { SettledPutOptions } from "./put.ts";
import type { Destinations } from "./put-destinations.ts";
import { resumeTools } from "./resume-options.ts";
import { verifyStored } from "./verify-stored.ts";

/** What every file of the run shares. */
export interface Run {
  readonly options: SettledPutOptions;
  readonly runtime: Runtime;
  readonly report: Report;
  readonly sender: PartSender;
  /** The sender keeps to it by itself. Undefined: as fast as it goes. */
  readonly rateLimit: RateLimit | undefined;
  /** What expires is held against it. */
  readonly pace: Pace;
  readonly resources: UploadResources;
  /** A file that is not there is found before AWS or an endpoint is asked anything. */
  readonly destinations: () => Promise<Destinations>;
}

type Emit = (event: ReportEvent) => void;

/**
 * @returns undefined for a dry run
 * @throws S3upError
 */
export async function uploadFile(found: FoundFile, run: Run, emit: Emit): Promise<StoredObject | undefined> {
  const { options, runtime, sender, pace, resources, destinations } = run;
  const source = await runtime.openFile(found.path);
  let stored: StoredObject;
  try {
    const destination = await (await destinations()).forFile(source, found);
    emit({ type: "preparing", step: "capabilities" });
    const plan = planUpload(source, await destination.limits(runtime.signal), options.wishes);
    if (options.dryRun) {
      emit({ type: "dry-run", facts: dryRunOf(plan, destination.label, options) });
      return undefined;
    }
    emit({ type: "planned", plan, destination: destination.label });

    const { maxAttempts, checksum } = options;
    const contentType = options.contentType ?? (await runtime.contentTypeOf(source.name));
    stored = await executeUpload(plan, source, destination, {
      sender,
      emit,
      signal: runtime.signal,
      clock: { now: () => runtime.now().getTime(), sleep: (ms, signal) => runtime.sleep(ms, signal) },
      random: () => runtime.random(),
      pace,
      settings: { contentType, maxAttempts, checksum },
      resources,
      ...(plan.kind === "multipart" ? await resumeOf(run) : {}),
    });
    const verified = await verify(stored, destination, run, emit);
    if (options.deleteSource) await deleteSource(found.path, { sent: source, stored, verified }, run, emit);
  } finally {
    await source.close();
  }
  return stored;
}

async function resumeOf({ options, runtime, report }: Run): Promise<Pick<UploadTools, "resume">> {
  const { resume, wishes } = options;
  if (resume === undefined) return {};
  return { resume: await resumeTools(resume, wishes.partSize, runtime, (event) => report.emit(event)) };
}

export async function uploadStdin(run: Run): Promise<StoredObject | undefined> {
  const { options, runtime, report, rateLimit, destinations } = run;
  const { upload, send, destination } = await (await destinations()).forStream();
  const emit: Emit = (event) => report.emit(event);
  if (options.dryRun) {
    emit({ type: "dry-run", facts: dryRunOfStream(upload, destination.label, options) });
    return undefined;
  }
  emit({ type: "streaming", destination: destination.label, partSize: upload.partSize });
  const bytes = rateLimit === undefined ? runtime.stdin : limitBytes(runtime.stdin, rateLimit, runtime.signal);
  const stored = await send(bytes, { emit, signal: runtime.signal });
  await verify(stored, destination, run, emit);
  return stored;
}

/** @returns the object as it was found; undefined when nobody looked */
async function verify(
  stored: StoredObject,
  destination: Destination,
  { options, runtime }: Run,
  emit: Emit,
): Promise<StoredObject | undefined> {
  if (!options.verify) return undefined;
  const object = await verifyStored(stored, destination, runtime.signal);
  emit({ type: "verified", object });
  return object;
}

/** Never on doubt: where S3 tells no checksum, or the file is not the one that was sent, it stays. */
async function deleteSource(
  path: string,
  { sent, stored, verified }: { sent: SourceFacts; stored: StoredObject; verified: StoredObject | undefined },
  { runtime }: Run,
  emit: Emit,
): Promise<void> {
  // The answer to the upload was compared with the bytes that were sent; what stands there now is compared with it.
  const [answered, found] = [stored.checksum, verified?.checksum];
  const kept =
    answered === undefined ||
    found?.algorithm !== answered.algorithm ||
    found.value !== answered.value ||
    verified?.size !== sent.size
      ? "S3 did not confirm the checksum of what it stored."
      : await runtime.removeSource(path, sent);
  if (kept !== undefined) emit({ type: "warning", message: `${path} is stored and was not deleted.`, hint: kept });
}
