/** Whether and how an upload may be gone on with: the flags, and what the engine makes of them. */
import { type Command, Option } from "commander";
import { S3upError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Emit } from "../upload/events.ts";
import type { OnFailure, ResumeCommands, ResumeTools } from "../upload/resume-tools.ts";
import { oneOf } from "./option-types.ts";
import type { PutTarget } from "./put-target.ts";
import { refuseUnfit } from "./said-options.ts";
import { manyFilesOptions } from "./selection-options.ts";

export interface ResumeFlags {
  /** False after --no-resume. */
  readonly resume?: boolean;
  readonly restart?: boolean;
  readonly uploadId?: string;
  readonly onFailure?: OnFailure;
  readonly filesFrom?: string;
}

export interface ResumeOptions {
  readonly restart: boolean;
  readonly uploadId: string | undefined;
  readonly onFailure: OnFailure;
}

const group = "Going on with an upload:";

export function addResumeOptions(command: Command): Command {
  const options = [
    new Option("--no-resume", "neither go on with an earlier upload nor save anything for a later run"),
    new Option("--restart", "abort the earlier upload of this file and begin anew"),
    new Option("--upload-id <id>", "go on with this upload, begun elsewhere; needs AWS credentials"),
    new Option(
      "--on-failure <what>",
      "keep what is at S3 so that the same command goes on with it, or abort (default: keep)",
    ).argParser(oneOf(["keep", "abort"] as const)),
  ];
  for (const option of options) command.addOption(option.helpGroup(group));
  return command;
}

/**
 * @returns undefined where nothing is gone on with
 * @throws S3upError USAGE
 */
export function resumeOptions(
  flags: ResumeFlags,
  target: PutTarget,
  files: readonly string[],
  said: readonly string[],
): ResumeOptions | undefined {
  const { resume = true, restart = false, uploadId, onFailure = "keep" } = flags;
  if (!resume) {
    refuseUnfit(said, ["--restart", "--upload-id"], {
      beside: "with --no-resume",
      why: "Each of them is about an earlier upload, which --no-resume leaves alone.",
      hint: "Leave one of them out.",
    });
    if (said.includes("--on-failure") && onFailure === "keep") {
      throw new S3upError("USAGE", "--on-failure keep cannot be used with --no-resume.", {
        why: "What is kept at S3 is for a later run, and nothing is saved for one.",
        hint: "Leave one of them out.",
      });
    }
    return undefined;
  }
  if (uploadId !== undefined) {
    refuseUnfitUploadId(target, files.length > 1 || files.includes("-") || flags.filesFrom !== undefined, restart);
    refuseUnfit(said, manyFilesOptions, {
      beside: "with --upload-id",
      why: "An upload becomes one object, and these name many files.",
      hint: "Name the one file that the upload was begun with.",
    });
  }
  return { restart, uploadId, onFailure };
}

function refuseUnfitUploadId(target: PutTarget, isUnfit: boolean, restart: boolean): void {
  if (restart) {
    throw new S3upError("USAGE", "--upload-id and --restart cannot be used together.", {
      why: "One goes on with an upload, the other begins anew.",
      hint: "Leave one of them out.",
    });
  }
  if (target.via !== "credentials") {
    throw new S3upError("USAGE", "--upload-id needs AWS credentials.", {
      why: "An upload of which only the id is known is reached with its bucket and key, by someone who may ask S3.",
      hint: "Name an s3:// address, or leave --upload-id out: the same command goes on by itself.",
    });
  }
  if (isUnfit) {
    throw new S3upError("USAGE", "--upload-id takes one file.", {
      why: "An upload becomes one object, and stdin cannot be read again from where it stopped.",
      hint: "Name the one file that the upload was begun with.",
    });
  }
}

/** Nobody goes on with an upload after so long, and lifecycle rules have removed most. */
const journalLifeDays = 30;

/** @param partSize bytes; only where the user insists on it */
export async function resumeTools(
  { restart, uploadId, onFailure, commands }: ResumeOptions & { readonly commands: ResumeCommands },
  partSize: number | undefined,
  runtime: Runtime,
  emit: Emit,
): Promise<ResumeTools> {
  const journals = await runtime.journals();
  for (const { upload } of await journals.sweep(journalLifeDays)) {
    if (upload === undefined) continue;
    const { bucket, key, uploadId: id } = upload;
    emit({ type: "forgotten", bucket, key, uploadId: id });
  }
  return { journals, restart, uploadId, partSize, onFailure, newId: () => runtime.newId(), commands };
}
