/** What one `put` is about: a single file, or as many as are found. */
import { S3upError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Report, Runtime } from "../runtime.ts";
import type { Pace } from "../upload/expiry.ts";
import { createRateLimit, limitSender, type RateLimit } from "../upload/rate-limit.ts";
import { createResources, mostRequests } from "../upload/resources.ts";
import type { Found, FoundFile } from "../upload/selection.ts";
import type { PartSender } from "../upload/transport.ts";
import type { SettledPutOptions } from "./put.ts";
import { openDestinations } from "./put-destinations.ts";
import { type Run, uploadFile, uploadStdin } from "./upload-file.ts";
import { uploadMany } from "./upload-many.ts";

/** @throws S3upError the failure of the only file, what all files would fail of, or an interruption */
export async function uploadAll(options: SettledPutOptions, runtime: Runtime, report: Report): Promise<ExitCode> {
  const { concurrency, maxMemory, connectTimeoutMs, stallTimeoutMs, profile, files, selection } = options;
  const connections = mostRequests(concurrency);
  const rateLimit = rateLimitOf(options, runtime);
  const unlimited = await runtime.sender({ connections, connectTimeoutMs, stallTimeoutMs, profile });
  const sender = rateLimit === undefined ? unlimited : limitSender(unlimited, rateLimit);
  try {
    const resources = createResources({
      concurrency,
      maxMemory,
      clock: { now: () => runtime.now().getTime() },
      load: () => runtime.load(),
      onChange: (size, reason) => report.emit({ type: "window", size, reason }),
    });
    const destinations = onFirstUse(options, runtime, sender, report);
    const run: Run = {
      options,
      runtime,
      report,
      sender,
      rateLimit,
      pace: paceOf(options, runtime),
      resources,
      destinations,
    };
    if (files.includes("-")) return await uploadOnly("-", run, () => uploadStdin(run));

    const found = runtime.findFiles({ ...selection, operands: files });
    return files.length === 1 && selection.filesFrom === undefined
      ? await uploadOperand(found, run)
      : await uploadMany(found, run);
  } finally {
    sender.close();
  }
}

function paceOf({ bwlimit }: SettledPutOptions, runtime: Runtime): Pace {
  const told = new Set<string>();
  return {
    bytesPerSecond: bwlimit,
    now: () => runtime.now().getTime(),
    isNews(of) {
      const isNews = !told.has(of);
      told.add(of);
      return isNews;
    },
  };
}

function rateLimitOf({ bwlimit }: SettledPutOptions, runtime: Runtime): RateLimit | undefined {
  if (bwlimit === undefined) return undefined;
  return createRateLimit(bwlimit, {
    now: () => runtime.now().getTime(),
    sleep: (ms, signal) => runtime.sleep(ms, signal),
  });
}

function onFirstUse(
  options: SettledPutOptions,
  runtime: Runtime,
  sender: PartSender,
  report: Report,
): Run["destinations"] {
  let opened: ReturnType<Run["destinations"]> | undefined;
  return () => {
    opened ??= openDestinations(options, runtime, sender, (notice) => report.emit({ type: "warning", ...notice }));
    return opened;
  };
}

/** One operand may be a file, or a directory or pattern that stands for many. */
async function uploadOperand(found: AsyncIterable<Found>, run: Run): Promise<ExitCode> {
  const entries = found[Symbol.asyncIterator]();
  const first = await entries.next();
  if (first.done !== true && isNamed(first.value)) {
    const file = first.value;
    return uploadOnly(file.path, run, () => uploadFile(file, run, (event) => run.report.emit(event)));
  }
  refuseSingleTarget(run);
  return uploadMany(startingWith(first, entries), run);
}

function isNamed(found: Found): found is FoundFile {
  return found.kind === "file" && !found.within;
}

/** A URL, a manifest and an unfinished upload are good for one file, and which one must not be left to a pattern. */
function refuseSingleTarget({ options: { target, resume } }: Run): void {
  const ofOne = resume?.uploadId === undefined ? target.via : "upload-id";
  if (ofOne === "credentials" || ofOne === "endpoint") return;
  throw new S3upError("USAGE", `--${ofOne} takes one file.`, {
    why: "What is named is no file, and a directory or a pattern may stand for many.",
    hint: "Name one file.",
  });
}

async function* startingWith(first: IteratorResult<Found, unknown>, rest: AsyncIterator<Found>): AsyncGenerator<Found> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function uploadOnly(
  path: string,
  { report }: Run,
  upload: () => ReturnType<typeof uploadFile>,
): Promise<ExitCode> {
  report.emit({ type: "file", path });
  const object = await upload();
  if (object !== undefined) report.emit({ type: "summary", stored: 1, failed: 0, bytes: object.size });
  return EXIT.ok;
}
