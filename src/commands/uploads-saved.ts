/** Unfinished uploads that this machine saved to go on with: its journals know how each is reached. */
import { S3upError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Report, Runtime } from "../runtime.ts";
import type { IncompleteUpload } from "../upload/incomplete.ts";
import type { JournalTarget, ListedJournal, SavedJournal, SavedUpload } from "../upload/journal.ts";
import { parseManifest } from "../upload/manifest.ts";
import { bytesOf } from "../upload/resume.ts";
import type { Destination, MultipartSession, PartSender } from "../upload/transport.ts";
import { awsSettings } from "./aws-options.ts";
import { endpointSettings } from "./endpoint-options.ts";
import type { UploadsOptions } from "./uploads.ts";
import { createTotal } from "./uploads-total.ts";

const senderLimits = { connections: 1, connectTimeoutMs: 5_000, stallTimeoutMs: 30_000 } as const;

export async function listSaved(options: UploadsOptions, runtime: Runtime, report: Report): Promise<ExitCode> {
  const total = createTotal(runtime.now());
  for (const journal of await wantedJournals(options, runtime)) {
    const upload = describe(journal);
    total.add(upload);
    report.emit({ type: "incomplete", upload, ageSeconds: total.ageOf(upload) });
  }
  report.emit({ type: "incomplete-total", action: "list", ...total.sum() });
  return EXIT.ok;
}

export async function abortSaved(options: UploadsOptions, runtime: Runtime, report: Report): Promise<ExitCode> {
  const journals = await wantedJournals(options, runtime);
  if (journals.length === 0 && options.uploadId !== undefined) throw notSaved(options.uploadId);
  const total = createTotal(runtime.now());
  const sender = await runtime.sender({ ...senderLimits, profile: options.access.profile });
  try {
    for (const journal of journals) {
      const upload = describe(journal);
      const { bucket, key, uploadId, heldBy } = upload;
      if (heldBy !== undefined) {
        report.emit({ type: "spared", bucket, key, uploadId, heldBy });
        continue;
      }
      if (!options.dryRun) await abortOne(journal, options, runtime, sender);
      total.add(upload);
      const type = options.dryRun ? ("would-abort" as const) : ("upload-aborted" as const);
      report.emit({ type, upload, ageSeconds: total.ageOf(upload) });
    }
  } finally {
    sender.close();
  }
  report.emit({ type: "incomplete-total", action: options.dryRun ? "dry-run" : "abort", ...total.sum() });
  return EXIT.ok;
}

async function wantedJournals(
  { olderThanSeconds, uploadId }: UploadsOptions,
  runtime: Runtime,
): Promise<readonly (ListedJournal & { readonly saved: Begun })[]> {
  const youngest = runtime.now().getTime() - (olderThanSeconds ?? 0) * 1000;
  const all = await (await runtime.journals()).list();
  return all.filter(
    (journal): journal is ListedJournal & { readonly saved: Begun } =>
      journal.saved.upload !== undefined &&
      (olderThanSeconds === undefined || journal.touchedAt.getTime() < youngest) &&
      (uploadId === undefined || journal.saved.upload.uploadId === uploadId),
  );
}

type Begun = SavedJournal & { readonly upload: SavedUpload };

/** What the journal knows; S3 is not asked. */
function describe({ saved, touchedAt, heldBy }: ListedJournal & { readonly saved: Begun }): IncompleteUpload {
  const { bucket, key, uploadId } = saved.upload;
  const { size: parts } = saved.parts;
  return {
    bucket,
    key,
    uploadId,
    initiated: touchedAt,
    parts,
    bytes: bytesOf(saved.parts.values()),
    file: saved.file.path,
    ...(heldBy === undefined ? {} : { heldBy }),
  };
}

async function abortOne(
  { id, saved }: ListedJournal & { readonly saved: Begun },
  options: UploadsOptions,
  runtime: Runtime,
  sender: PartSender,
): Promise<void> {
  const store = await runtime.journals();
  const grip = await store.take(id, () => {});
  if (grip.state === "busy") throw inUse(saved, grip.pid);
  try {
    const session = await sessionOf(saved, options, runtime, sender);
    await session.abort().catch((error: unknown) => {
      throw explain(error, saved);
    });
    if (grip.state === "taken") await grip.journal.clear();
  } finally {
    if (grip.state === "taken") await grip.journal.release();
  }
}

async function sessionOf(
  saved: Begun,
  options: UploadsOptions,
  runtime: Runtime,
  sender: PartSender,
): Promise<Pick<MultipartSession, "abort">> {
  const { upload, asked, file, target } = saved;
  const destination = await destinationOf(target, upload, options, runtime, sender);
  const fileName = file.path.slice(file.path.lastIndexOf("/") + 1);
  const object = { fileName, contentType: await runtime.contentTypeOf(fileName), size: file.size };
  const { resumable } = destination;
  if (resumable === undefined) throw new Error("a journal was kept for a destination that has none");
  return resumable.resume(object, { upload, asked, completion: undefined }, runtime.signal);
}

async function destinationOf(
  target: JournalTarget,
  { bucket = "", key }: SavedUpload,
  { access }: UploadsOptions,
  runtime: Runtime,
  sender: PartSender,
): Promise<Destination> {
  switch (target.via) {
    case "credentials": {
      const settings = awsSettings(access, bucket);
      const s3 = await runtime.s3({ ...settings, endpointUrl: settings.endpointUrl ?? target.s3Endpoint });
      return s3.destination({ bucket, key, headers: {}, ifNoneMatch: undefined });
    }
    case "endpoint":
      return runtime.endpoint(endpointSettings(target.url, access, {}), sender);
    case "manifest":
      return runtime.manifestDestination(
        parseManifest(await runtime.readText(target.path), target.path),
        target.path,
        sender,
      );
  }
}

function explain(error: unknown, { target, upload }: Begun): unknown {
  if (!(error instanceof S3upError) || error.code !== "URL_EXPIRED") return error;
  const by = target.via === "endpoint" ? "Whoever runs the endpoint" : "Someone with AWS credentials";
  return new S3upError(error.code, error.message, {
    ...(error.why === undefined ? {} : { why: error.why }),
    hint: `${by} can remove it: s3up uploads abort s3://${upload.bucket ?? "<bucket>"}/${upload.key} --upload-id ${upload.uploadId}`,
    cause: error,
  });
}

function inUse({ file }: SavedJournal, pid: number): S3upError {
  return new S3upError("UPLOAD_BUSY", `${file.path} is being uploaded now.`, {
    why: `Process ${pid} works on it.`,
    hint: `End it first (kill ${pid}).`,
  });
}

function notSaved(uploadId: string): S3upError {
  return new S3upError("USAGE", `This machine knows of no upload ${uploadId}.`, {
    why: "It was begun elsewhere, has ended, or its journal is gone.",
    hint: `With AWS credentials: s3up uploads abort s3://bucket/key --upload-id ${uploadId}`,
  });
}
