import { Argument, Command, Option } from "commander";
import { S3upError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Checksum, ChecksumAlgorithm } from "../protocol/messages.ts";
import type { AwsSettings, EndpointSettings, Runtime } from "../runtime.ts";
import type { ObjectOptions } from "../signing/upload-headers.ts";
import { type AwsFlags, addAwsOptions, addStoreOption, awsSettings } from "./aws-options.ts";
import type { CommandContext } from "./command-context.ts";
import { addEndpointOptions, type EndpointFlags, endpointSettings } from "./endpoint-options.ts";
import { addObjectOptions, type ObjectFlags, objectOptions } from "./object-options.ts";
import { oneOf, parseBytes, parseChecksumWish, parseDuration, parsePartSize, wholeNumber } from "./option-types.ts";
import { refuseUnfitPresign } from "./presign-fitness.ts";
import { writePresigned } from "./presign-output.ts";
import { presignAtEndpoint, presignLocally } from "./presigning.ts";
import { isS3Address, parseS3Address, type S3Address } from "./s3-address.ts";
import { saidOptions } from "./said-options.ts";

export const presignMethods = ["put", "get", "head", "delete", "post"] as const;
export type PresignMethod = (typeof presignMethods)[number];

export const presignFormats = ["url", "curl", "json"] as const;
export type PresignFormat = (typeof presignFormats)[number];

/** Of the file: `sha256`; or a value that is known: `sha256=…`. */
export type ChecksumWish =
  | { readonly kind: "compute"; readonly algorithm: ChecksumAlgorithm | undefined }
  | { readonly kind: "given"; readonly checksum: Checksum };

/** What is to be signed, whoever signs it. */
export interface PresignWish {
  readonly method: PresignMethod;
  readonly expiresInSeconds: number;
  readonly file: string | undefined;
  readonly contentLength: number | undefined;
  readonly checksum: ChecksumWish | undefined;
  readonly noOverwrite: boolean;
  /** Bytes; forms only. */
  readonly maxSize: number | undefined;
  readonly object: ObjectOptions;
  readonly multipart: { readonly partSize: number | undefined } | undefined;
}

export type PresignTarget =
  | { readonly via: "credentials"; readonly address: S3Address; readonly aws: AwsSettings }
  | { readonly via: "endpoint"; readonly endpoint: EndpointSettings; readonly profile: string | undefined };

export interface PresignOptions {
  readonly target: PresignTarget;
  readonly wish: PresignWish;
  readonly format: PresignFormat;
  readonly quiet: boolean;
  readonly color: boolean | undefined;
  readonly progress: boolean;
}

interface PresignFlags extends AwsFlags, EndpointFlags, ObjectFlags {
  readonly method: PresignMethod;
  readonly expiresIn: number;
  readonly file?: string;
  readonly contentLength?: number;
  readonly checksum?: ChecksumWish;
  /** False after --no-overwrite. */
  readonly overwrite: boolean;
  readonly maxSize?: number;
  readonly multipart: boolean;
  readonly partSize?: number;
  readonly format?: PresignFormat;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly progress?: boolean;
}

const defaultExpiresInSeconds = 300;

export function presignCommand({ runtime, finish }: CommandContext, run = runPresign): Command {
  const command = new Command("presign")
    .summary("make a URL with which someone else can upload or download")
    .description(
      "Make a presigned URL, form or upload manifest: locally with AWS credentials, or through a presign endpoint.\nWhatever a file tells (length, type, checksum) is signed, so that nothing else can be stored with the URL.",
    )
    .addArgument(new Argument("[target]", "s3://bucket/key; or the file to upload, with --endpoint"))
    .addOption(
      new Option("--method <method>", presignMethods.join(", ")).argParser(oneOf(presignMethods)).default("put", "put"),
    )
    .addOption(
      new Option("--expires-in <time>", "life of the URL, such as 900, 15m or 7d; seven days at most")
        .argParser(parseDuration)
        .default(defaultExpiresInSeconds, "5m"),
    )
    .option("--file <path>", "bind length, type and checksum of this file")
    .option("--content-length <bytes>", "bind an exact length", wholeNumber(0, 5 * 1024 ** 3))
    .option(
      "--checksum <kind>",
      "sha256, crc32, crc32c, crc64nvme or none for --file; else a value: sha256=…",
      parseChecksumWish,
    )
    .option("--no-overwrite", "good for one upload only: refused where the key exists")
    .option("--max-size <size>", "most bytes that a form takes (--method post)", parseBytes)
    .option("--multipart", "a manifest for an upload in parts, to be used by `s3up put --manifest`", false)
    .option("--part-size <size>", "size of one part with --multipart, such as 16MiB", parsePartSize)
    .addOption(new Option("--format <format>", "url, curl or json").argParser(oneOf(presignFormats)));

  addEndpointOptions(addStoreOption(addAwsOptions(addObjectOptions(command))));
  return command.addHelpText("after", examples).action(async (target: string | undefined) => {
    const flags = command.optsWithGlobals<PresignFlags>();
    finish(await run(presignOptions(target, flags, saidOptions(command)), runtime));
  });
}

const examples = `
Examples:
  $ s3up presign s3://bucket/photo.jpg --file photo.jpg --format curl     a line to send to someone
  $ s3up presign s3://bucket/report.pdf --method get --expires-in 1h
  $ s3up presign s3://bucket/in.zip --method post --max-size 10MiB        a browser form
  $ s3up presign s3://bucket/movie.mp4 --multipart --file movie.mp4 > movie.json
  $ s3up presign photo.jpg --endpoint https://…/presign
`;

/** argv -> PresignOptions. @throws S3upError USAGE */
export function presignOptions(
  target: string | undefined,
  flags: PresignFlags,
  said: readonly string[],
): PresignOptions {
  const format = flags.json ? "json" : flags.format;
  const chosen = chooseTarget(target, flags, said);
  const wish = wishOf(flags, chosen.file ?? flags.file);
  refuseUnfitPresign(chosen.target, wish, format, said);
  return {
    target: chosen.target,
    wish,
    format: format ?? (wish.method === "post" || wish.multipart !== undefined ? "json" : "url"),
    quiet: flags.quiet ?? false,
    color: flags.color,
    progress: flags.progress ?? true,
  };
}

/** PresignOptions -> a signature on stdout. */
export async function runPresign(options: PresignOptions, runtime: Runtime): Promise<ExitCode> {
  const { target, wish, quiet, color, progress } = options;
  const report = await runtime.report({ format: "human", quiet, color, progress });
  try {
    const presigned =
      target.via === "credentials"
        ? await presignLocally(target, wish, runtime, report)
        : await presignAtEndpoint(target, wish, runtime, report);
    report.close();
    writePresigned(presigned, options, runtime, report);
    return EXIT.ok;
  } finally {
    report.close();
  }
}

function chooseTarget(
  target: string | undefined,
  flags: PresignFlags,
  said: readonly string[],
): { readonly target: PresignTarget; readonly file?: string } {
  if (target !== undefined && isS3Address(target)) {
    if (said.includes("--endpoint")) throw twoSigners();
    const address = parseS3Address(target);
    if (address.key === "" || address.key.endsWith("/")) throw noKey(target);
    return { target: { via: "credentials", address, aws: awsSettings(flags, address.bucket) } };
  }
  const file = target ?? flags.file;
  if (flags.endpoint !== undefined && file !== undefined) {
    const wishes = {
      expiresInSeconds: said.includes("--expires-in") ? flags.expiresIn : undefined,
      metadata: flags.metadata,
    };
    const endpoint = endpointSettings(flags.endpoint, flags, wishes);
    return { target: { via: "endpoint", endpoint, profile: flags.profile }, file };
  }
  throw new S3upError(
    "USAGE",
    target === undefined ? "There is nothing to presign." : `${target} is no s3:// address.`,
    {
      why: "A URL is signed for s3://bucket/key, or for a file when an endpoint signs it.",
      hint: "Write s3up presign s3://bucket/key, or s3up presign <file> --endpoint https://…/presign.",
    },
  );
}

function wishOf(flags: PresignFlags, file: string | undefined): PresignWish {
  return {
    method: flags.method,
    expiresInSeconds: flags.expiresIn,
    file,
    contentLength: flags.contentLength,
    checksum: flags.checksum,
    noOverwrite: flags.overwrite === false,
    maxSize: flags.maxSize,
    object: objectOptions(flags),
    multipart: flags.multipart ? { partSize: flags.partSize } : undefined,
  };
}

function twoSigners(): S3upError {
  return new S3upError("USAGE", "--endpoint cannot be used with an s3:// address.", {
    why: "The endpoint chooses bucket and key itself.",
    hint: "Name the file instead of the address, or leave --endpoint out to sign with AWS credentials.",
  });
}

function noKey(target: string): S3upError {
  return new S3upError("USAGE", `${target} names no object.`, {
    why: "A URL is signed for exactly one key.",
    hint: "Add the key: s3://bucket/key.",
  });
}
