import { Argument, Command, Option } from "commander";
import { S3upError } from "../errors.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Runtime } from "../runtime.ts";
import { storeOf } from "../signing/store-quirks.ts";
import { type ChecksumChoice, checksumChoices } from "../upload/checksum.ts";
import type { UploadWishes } from "../upload/plan.ts";
import type { Concurrency } from "../upload/resources.ts";
import type { ResumeCommands } from "../upload/resume-tools.ts";
import type { Selection } from "../upload/selection.ts";
import { type AccessFlags, addAccessOptions } from "./access-options.ts";
import { type AwsFlags, addAwsOptions, addAwsRequestOptions, addStoreOption } from "./aws-options.ts";
import type { CommandContext } from "./command-context.ts";
import { addEndpointOptions, type EndpointFlags } from "./endpoint-options.ts";
import { addObjectOptions, type ObjectFlags } from "./object-options.ts";
import {
  oneOf,
  parseBytes,
  parseConcurrency,
  parsePartSize,
  parseRate,
  parseTimeout,
  parseUrl,
} from "./option-types.ts";
import { choosePutTarget, type PutTarget } from "./put-target.ts";
import { resumeCommands } from "./resume-commands.ts";
import { addResumeOptions, type ResumeFlags, type ResumeOptions, resumeOptions } from "./resume-options.ts";
import { saidOptions } from "./said-options.ts";
import { addSelectionOptions, type SelectionFlags, selectionRules } from "./selection-options.ts";
import { checksumFor, refuseLacking } from "./store-fitness.ts";
import { uploadAll } from "./upload-all.ts";

export interface PutOptions {
  /** As the user gave them: files, directories, patterns; `-` is stdin. */
  readonly files: readonly string[];
  /** What they stand for. */
  readonly selection: Omit<Selection, "operands">;
  /** Files at a time. */
  readonly jobs: Concurrency;
  readonly stopOnError: boolean;
  /** Implies `verify`. */
  readonly deleteSource: boolean;
  readonly target: PutTarget;
  readonly contentType: string | undefined;
  readonly wishes: UploadWishes;
  /** Undefined: CRC32, or none where the AWS settings want none. */
  readonly checksum: ChecksumChoice | undefined;
  /** Undefined: as the AWS config file says, else "auto". */
  readonly concurrency: Concurrency | undefined;
  /** Bytes of file content in memory. */
  readonly maxMemory: number;
  /** Bytes a second over all files; undefined: as fast as it goes. */
  readonly bwlimit: number | undefined;
  readonly maxAttempts: number;
  readonly stallTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly verify: boolean;
  readonly dryRun: boolean;
  /** Whose certificates are trusted, and whose transfer settings count; undefined: AWS_PROFILE's. */
  readonly profile: string | undefined;
  /** Undefined: an upload begins anew, and one that fails is aborted. */
  readonly resume: (ResumeOptions & { readonly commands: ResumeCommands }) | undefined;
  readonly report: Parameters<Runtime["report"]>[0];
}

export interface PutFlags extends AwsFlags, EndpointFlags, ObjectFlags, AccessFlags, ResumeFlags, SelectionFlags {
  readonly region?: string;
  readonly profile?: string;
  readonly maxAttempts?: number;
  readonly url?: string;
  readonly manifest?: string;
  readonly partSize?: number;
  readonly multipartThreshold?: number;
  readonly concurrency?: Concurrency;
  readonly maxMemory: number;
  readonly bwlimit?: number;
  readonly checksum?: ChecksumChoice;
  readonly stallTimeout: number;
  readonly verify: boolean;
  readonly dryRun: boolean;
  /** False after --no-overwrite. */
  readonly overwrite: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly progress?: boolean;
}

const MiB = 1024 ** 2;
const defaults = {
  maxMemory: 256 * MiB,
  maxAttempts: 6,
  stallTimeoutMs: 30_000,
  connectTimeoutMs: 5_000,
} as const;

/** argv -> PutOptions. Nothing else happens here. */
export function putCommand({ runtime, argv, finish }: CommandContext, run = runPut): Command {
  const command = new Command("put")
    .summary("upload files")
    .description(
      "Upload files to S3: with AWS credentials, or without any through a presign endpoint, a presigned URL or a manifest.\nEach stored object is one line on stdout: address, bytes, checksum as S3 confirmed it.",
    )
    .addArgument(
      new Argument(
        "[file...]",
        "files, directories, patterns, or - for stdin; then s3://bucket/key or s3://bucket/prefix/",
      ),
    )
    .option("--url <url>", "send to this presigned URL; better in S3UP_URL, where no process list shows it", parseUrl)
    .option("--manifest <file>", "send to the URLs of a manifest made by `s3up presign --multipart`")
    .option(
      "--part-size <size>",
      "size of one part, such as 16MiB (default: 8MiB, more for large files)",
      parsePartSize,
    )
    .option("--multipart-threshold <size>", "files of this size and more go in parts (default: 16MiB)", parseBytes)
    .addOption(
      new Option(
        "-c, --concurrency <n>",
        "requests at a time over all files, or auto: as many as make it faster (default: auto)",
      ).argParser(parseConcurrency),
    )
    .addOption(
      new Option("--max-memory <size>", "most file content in memory")
        .argParser(parseBytes)
        .default(defaults.maxMemory, "256MiB"),
    )
    .option("--bwlimit <rate>", "most bytes a second over all files, such as 10MiB (default: no limit)", parseRate)
    .option("--checksum <kind>", `${checksumChoices.join(", ")} (default: crc32)`, oneOf(checksumChoices))
    .option("--no-overwrite", "refuse when the key exists")
    .option("--verify", "ask S3 for the stored object afterwards and compare size and checksum", false)
    .addOption(
      new Option("--stall-timeout <time>", "a request without progress for so long is tried again")
        .argParser(parseTimeout)
        .default(defaults.stallTimeoutMs, "30s"),
    )
    .option("--dryrun, --dry-run", "show parts, requests and memory, and send nothing", false);

  for (const add of groups) add(command);
  return command.addHelpText("after", examples).action(async (operands: readonly string[]) => {
    const flags = command.optsWithGlobals<PutFlags>();
    finish(await run(putOptions(operands, flags, saidOptions(command), argv), runtime));
  });
}

const groups = [
  addSelectionOptions,
  addResumeOptions,
  addObjectOptions,
  addAccessOptions,
  addEndpointOptions,
  addAwsOptions,
  addStoreOption,
  addAwsRequestOptions,
];

const examples = `
Examples:
  $ s3up put movie.mp4 s3://bucket/movies/
  $ s3up put *.jpg s3://bucket/photos/ --no-overwrite
  $ s3up put site s3://bucket/ --recursive --exclude "*" --include "*.html"
  $ s3up put 'photos/**/*.jpg' s3://bucket/photos/
  $ find . -newer stamp -print0 | s3up put --files-from - s3://bucket/backup/
  $ tar cz src | s3up put - s3://bucket/src.tar.gz
  $ s3up put movie.mp4 --endpoint https://…/presign
  $ s3up put movie.mp4 --manifest movie.json
  $ s3up put movie.mp4 s3://bucket/movies/             again after a failure: goes on where it stopped
`;

/** @throws S3upError USAGE */
export function putOptions(
  operands: readonly string[],
  flags: PutFlags,
  said: readonly string[],
  argv: readonly string[],
): PutOptions {
  const { target, files } = choosePutTarget(operands, flags, said);
  if (files.includes("-")) refuseUnfitStdin(files, target, flags.filesFrom);
  const resume = resumeOptions(flags, target, files, said);
  return {
    files,
    selection: selectionRules(flags),
    jobs: flags.jobs ?? "auto",
    stopOnError: flags.stopOnError ?? false,
    deleteSource: flags.deleteSource ?? false,
    target,
    contentType: flags.contentType,
    wishes: {
      partSize: flags.partSize,
      // An upload that was begun in parts is ended in parts, however small the file is.
      multipartThreshold: resume?.uploadId === undefined ? flags.multipartThreshold : 0,
    },
    checksum: flags.checksum,
    concurrency: flags.concurrency,
    maxMemory: flags.maxMemory,
    bwlimit: flags.bwlimit,
    maxAttempts: flags.maxAttempts ?? defaults.maxAttempts,
    stallTimeoutMs: flags.stallTimeout,
    connectTimeoutMs: flags.connectTimeout ?? defaults.connectTimeoutMs,
    verify: flags.verify || flags.deleteSource === true,
    dryRun: flags.dryRun,
    profile: flags.profile,
    resume: resume && { ...resume, commands: resumeCommands(argv, target) },
    report: {
      format: flags.json ? "json" : "human",
      quiet: flags.quiet ?? false,
      progress: flags.progress ?? true,
      color: flags.color,
    },
  };
}

/** PutOptions -> plans -> execution -> events. */
export async function runPut(options: PutOptions, runtime: Runtime): Promise<ExitCode> {
  const report = await runtime.report(options.report);
  try {
    return await uploadAll(await settle(options, runtime), runtime, report);
  } finally {
    report.close();
  }
}

/** PutOptions of which nothing is left open. */
export type SettledPutOptions = PutOptions & {
  readonly concurrency: Concurrency;
  readonly checksum: ChecksumChoice;
  /** The S3 server, where AWS credentials are used; undefined: AWS itself. */
  readonly s3Endpoint?: string | undefined;
};

/** What is left open is filled from the AWS config file, but only where AWS credentials are used. */
async function settle(options: PutOptions, runtime: Runtime): Promise<SettledPutOptions> {
  const { target } = options;
  if (target.via !== "credentials") {
    const { concurrency = "auto", checksum = "crc32" } = options;
    // Of a setting only: on the command line it was refused. Content-MD5 is none of what such a signature binds.
    return { ...options, concurrency, checksum: checksum === "md5" ? "crc32" : checksum };
  }
  const { multipartThreshold, partSize, concurrency, checksums, endpoint } = await runtime.transferDefaults(target.aws);
  const store = storeOf(target.aws.store, endpoint);
  refuseLacking(target, store);
  return {
    ...options,
    concurrency: options.concurrency ?? concurrency ?? "auto",
    checksum: checksumFor(store, options.checksum, checksums),
    s3Endpoint: endpoint,
    wishes: {
      ...options.wishes,
      multipartThreshold: options.wishes.multipartThreshold ?? multipartThreshold,
      usualPartSize: partSize,
    },
  };
}

function refuseUnfitStdin(files: readonly string[], target: PutTarget, filesFrom: string | undefined): void {
  if (target.via !== "credentials") {
    throw new S3upError("USAGE", "Stdin can only be uploaded with AWS credentials.", {
      why: "A presigned request binds the exact length, and nobody knows how much will come from stdin.",
      hint: "Save it to a file first, or name an s3:// address.",
    });
  }
  if (files.length > 1 || filesFrom !== undefined) {
    throw new S3upError("USAGE", "Stdin (-) must be the only file.", {
      why: "The address is one key, and stdin has no name to tell it from the others.",
      hint: "Upload the files with a command of their own.",
    });
  }
}
