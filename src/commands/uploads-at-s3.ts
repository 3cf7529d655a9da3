/** Unfinished uploads as S3 lists them, with AWS credentials. */
import { S3upError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Report, Runtime } from "../runtime.ts";
import type { MultipartControl } from "../signing/multipart-control.ts";
import {
  type IncompleteUpload,
  incompleteUploads,
  inOrder,
  partsTeller,
  pendingUploads,
  type UploadsWanted,
} from "../upload/incomplete.ts";
import { awsSettings } from "./aws-options.ts";
import type { S3Address } from "./s3-address.ts";
import type { UploadsOptions } from "./uploads.ts";
import { createTotal } from "./uploads-total.ts";

type AddressedOptions = UploadsOptions & { readonly address: S3Address };

const abortsAtATime = 8;
/** A part in flight can land after an abort, and others begin uploads meanwhile. */
const mostRounds = 5;

export async function listAtS3(options: AddressedOptions, runtime: Runtime, report: Report): Promise<ExitCode> {
  const { control } = await runtime.s3(awsSettings(options.access, options.address.bucket));
  const total = createTotal(runtime.now());
  const held = await heldUploads(runtime);
  const warn = unlisted(report);
  for await (const upload of incompleteUploads(control, wantedOf(options, runtime), runtime.signal, warn)) {
    if (options.uploadId !== undefined && upload.uploadId !== options.uploadId) continue;
    const known = { ...upload, ...held.get(upload.uploadId) };
    total.add(known);
    report.emit({ type: "incomplete", upload: known, ageSeconds: total.ageOf(known) });
  }
  report.emit({ type: "incomplete-total", action: "list", ...total.sum() });
  return EXIT.ok;
}

export async function abortAtS3(options: AddressedOptions, runtime: Runtime, report: Report): Promise<ExitCode> {
  const { control } = await runtime.s3(awsSettings(options.access, options.address.bucket));
  const total = createTotal(runtime.now());
  const held = await heldUploads(runtime);
  const wanted = wantedOf(options, runtime);
  const describe = partsTeller(control, wanted.bucket, runtime.signal, unlisted(report));

  async function abort(upload: IncompleteUpload): Promise<IncompleteUpload> {
    if (!options.dryRun) await control.abort({ ...upload, bucket: wanted.bucket });
    return upload;
  }

  const seen = new Set<string>();
  for (let round = 1; ; round += 1) {
    const found = (await findUploads(control, wanted, options, runtime.signal)).filter((upload) => {
      const heldBy = options.uploadId === undefined ? held.get(upload.uploadId)?.heldBy : undefined;
      if (heldBy !== undefined && !seen.has(upload.uploadId)) {
        report.emit({ type: "spared", bucket: wanted.bucket, key: upload.key, uploadId: upload.uploadId, heldBy });
      }
      const isNew = heldBy === undefined && !(options.dryRun && seen.has(upload.uploadId));
      seen.add(upload.uploadId);
      return isNew;
    });
    if (found.length === 0) break;
    if (round > mostRounds) throw keepsComing(options.address, found.length);
    const work = async (pending: (typeof found)[number]) => {
      const upload = await describe(pending);
      return upload === undefined ? undefined : abort(upload);
    };
    for await (const upload of inOrder(found, abortsAtATime, work)) {
      if (upload === undefined) continue;
      total.add(upload);
      const type = options.dryRun ? ("would-abort" as const) : ("upload-aborted" as const);
      report.emit({ type, upload, ageSeconds: total.ageOf(upload) });
    }
    if (options.dryRun || options.uploadId !== undefined) break;
  }
  if (!options.dryRun) await forgetJournals(runtime, seen, held);
  report.emit({ type: "incomplete-total", action: options.dryRun ? "dry-run" : "abort", ...total.sum() });
  return EXIT.ok;
}

/** One that is named needs no list, which not everybody may ask for. */
async function findUploads(
  control: MultipartControl,
  wanted: UploadsWanted,
  { uploadId, address, olderThanSeconds }: AddressedOptions,
  signal: AbortSignal,
) {
  const isPrefix = address.key === "" || address.key.endsWith("/");
  if (uploadId === undefined || isPrefix || olderThanSeconds !== undefined) {
    const all = await pendingUploads(control, wanted, signal);
    return uploadId === undefined ? all : all.filter((upload) => upload.uploadId === uploadId);
  }
  return [{ key: address.key, uploadId, initiated: undefined }];
}

function wantedOf({ address, olderThanSeconds }: AddressedOptions, runtime: Runtime): UploadsWanted {
  const before =
    olderThanSeconds === undefined ? undefined : new Date(runtime.now().getTime() - olderThanSeconds * 1000);
  return { bucket: address.bucket, prefix: address.key, before };
}

/** By upload id: what this machine knows of an upload. */
async function heldUploads(runtime: Runtime): Promise<ReadonlyMap<string, Pick<IncompleteUpload, "file" | "heldBy">>> {
  const journals = await (await runtime.journals()).list();
  return new Map(
    journals.flatMap(({ saved, heldBy }) =>
      saved.upload === undefined
        ? []
        : [[saved.upload.uploadId, { file: saved.file.path, ...(heldBy === undefined ? {} : { heldBy }) }] as const],
    ),
  );
}

/** What is aborted is nothing to go on with. */
async function forgetJournals(
  runtime: Runtime,
  aborted: ReadonlySet<string>,
  held: ReadonlyMap<string, Pick<IncompleteUpload, "heldBy">>,
): Promise<void> {
  const store = await runtime.journals();
  for (const { id, saved } of await store.list()) {
    const uploadId = saved.upload?.uploadId ?? "";
    if (!aborted.has(uploadId) || held.get(uploadId)?.heldBy !== undefined) continue;
    const grip = await store.take(id, () => {});
    if (grip.state !== "taken") continue;
    await grip.journal.clear();
    await grip.journal.release();
  }
}

function unlisted(report: Report): (error: S3upError) => void {
  return ({ hint }) =>
    report.emit({
      type: "warning",
      message: "How much the uploads hold is not known: these credentials may not list their parts.",
      ...(hint === undefined ? {} : { hint }),
    });
}

function keepsComing({ bucket, key }: S3Address, count: number): S3upError {
  return new S3upError("S3_ERROR", `s3://${bucket}/${key} keeps getting uploads.`, {
    why: `S3 still lists ${count} after ${mostRounds} rounds: somebody uploads there now.`,
    hint: "Stop them first, or leave the young ones alone with --older-than 1d.",
  });
}
