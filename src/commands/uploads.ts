import { Argument, Command, Option } from "commander";
import { S3upError } from "../errors.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Report, Runtime } from "../runtime.ts";
import { type AwsFlags, addAwsOptions, addAwsRequestOptions, addStoreOption } from "./aws-options.ts";
import type { CommandContext } from "./command-context.ts";
import { addEndpointAuthOptions, type EndpointFlags } from "./endpoint-options.ts";
import { oneOf, parseDuration } from "./option-types.ts";
import { parseS3Address, type S3Address } from "./s3-address.ts";
import { abortAtS3, listAtS3 } from "./uploads-at-s3.ts";
import { abortSaved, listSaved } from "./uploads-saved.ts";

export interface UploadsOptions {
  readonly action: "list" | "abort";
  /** Undefined: the uploads that this machine saved to go on with. */
  readonly address: S3Address | undefined;
  readonly olderThanSeconds: number | undefined;
  readonly uploadId: string | undefined;
  readonly dryRun: boolean;
  /** Of AWS and of the presign endpoint. */
  readonly access: AwsFlags & EndpointFlags;
  readonly report: Parameters<Runtime["report"]>[0];
}

interface UploadsFlags extends AwsFlags, EndpointFlags {
  readonly profile?: string;
  readonly region?: string;
  readonly maxAttempts?: number;
  readonly olderThan?: number;
  readonly uploadId?: string;
  readonly dryRun: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly progress?: boolean;
}

/** argv -> UploadsOptions. Nothing else happens here. */
export function uploadsCommand({ runtime, finish }: CommandContext, run = runUploads): Command {
  const command = new Command("uploads")
    .summary("list or abort unfinished uploads")
    .description(
      "List or abort multipart uploads that were begun and not completed: S3 bills what they hold, and lists it nowhere else.\nWithout an address: those that this machine can go on with, whatever way they were begun.",
    )
    .addArgument(new Argument("<action>", "list or abort").argParser(oneOf(["list", "abort"] as const)))
    .addArgument(new Argument("[address]", "s3://bucket, or s3://bucket/prefix: all keys that begin so"))
    .addOption(new Option("--older-than <age>", "only those begun so long ago, such as 1d").argParser(parseDuration))
    .option("--upload-id <id>", "only this one")
    .option("--dryrun, --dry-run", "show what would be aborted, and abort nothing", false);

  addAwsRequestOptions(addStoreOption(addAwsOptions(addEndpointAuthOptions(command))));
  return command
    .addHelpText("after", examples)
    .action(async (action: UploadsOptions["action"], address: string | undefined) => {
      finish(await run(uploadsOptions(action, address, command.optsWithGlobals<UploadsFlags>()), runtime));
    });
}

const examples = `
Examples:
  $ s3up uploads list s3://bucket
  $ s3up uploads list s3://bucket/videos/ --older-than 1d --json
  $ s3up uploads abort s3://bucket/videos/ --older-than 7d --dry-run
  $ s3up uploads abort s3://bucket/videos/movie.mp4 --upload-id 2~kZx…
  $ s3up uploads list                              those that this machine can go on with
  $ s3up uploads abort --upload-id 2~kZx…          one of them, also without AWS credentials
`;

/** @throws S3upError USAGE */
export function uploadsOptions(
  action: UploadsOptions["action"],
  address: string | undefined,
  flags: UploadsFlags,
): UploadsOptions {
  const { olderThan, uploadId, dryRun } = flags;
  if (action === "abort" && address === undefined && olderThan === undefined && uploadId === undefined) {
    throw new S3upError("USAGE", "It is not said which uploads to abort.", {
      why: "There is neither an s3:// address, nor --upload-id or --older-than.",
      hint: "Write s3up uploads abort s3://bucket/prefix; `s3up uploads list` shows what this machine can go on with.",
    });
  }
  return {
    action,
    address: address === undefined ? undefined : parseS3Address(address),
    olderThanSeconds: olderThan,
    uploadId,
    dryRun,
    access: flags,
    report: {
      format: flags.json ? "json" : "human",
      quiet: flags.quiet ?? false,
      progress: flags.progress ?? true,
      color: flags.color,
    },
  };
}

export async function runUploads(options: UploadsOptions, runtime: Runtime): Promise<ExitCode> {
  const report: Report = await runtime.report(options.report);
  try {
    const { action, address } = options;
    if (address === undefined) return await (action === "list" ? listSaved : abortSaved)(options, runtime, report);
    return await (action === "list" ? listAtS3 : abortAtS3)({ ...options, address }, runtime, report);
  } finally {
    report.close();
  }
}
