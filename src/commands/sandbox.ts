import { Command, InvalidArgumentError } from "commander";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Runtime } from "../runtime.ts";
import type { CommandContext } from "./command-context.ts";
import { parseBytes, wholeNumber } from "./option-types.ts";

export interface SandboxCommandOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** Undefined: the one after `port`, or any free one. */
  readonly presignPort: number | undefined;
  /** Undefined: a temporary directory that goes when the sandbox stops. */
  readonly directory: string | undefined;
  readonly bucket: string | undefined;
  readonly region: string | undefined;
  /** In words; the sandbox reads them, and refuses what it does not know. */
  readonly faults: readonly string[];
  readonly seed: number | undefined;
  /** Variables of the presign backend. */
  readonly presignLimits: Readonly<Record<string, string>>;
  readonly format: "human" | "json";
  readonly quiet: boolean;
}

interface SandboxFlags {
  readonly port: number;
  readonly presignPort?: number;
  readonly dir?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly fault?: readonly string[];
  readonly seed?: number;
  readonly maxSize?: number;
  readonly backendEnv?: Readonly<Record<string, string>>;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const defaultPort = 9000;
const parsePort = wholeNumber(0, 65_535);

/** argv -> SandboxCommandOptions. */
export function sandboxCommand({ runtime, finish }: CommandContext, run = runSandbox): Command {
  const command = new Command("sandbox")
    .summary("run a local S3 and a presign endpoint to try everything on")
    .description(
      "Run a local S3 and a presign endpoint, for this machine only and without an AWS account.\nIt is as strict as S3 about what s3up presigns, uploads and audits, refuses what it does not imitate, and runs until Ctrl-C.",
    )
    .option("--port <port>", "port of the S3; 0 for any free one", parsePort, defaultPort)
    .option("--presign-port <port>", "port of the presign endpoint (default: the next one)", parsePort)
    .option("--dir <directory>", "keep objects and settings there (default: a temporary directory)")
    .option("--bucket <name>", "the bucket that is there from the start")
    .option("--region <region>", "the region that the S3 says it is in")
    .option(
      "--fault <rule>",
      "fail on purpose, such as slow-down:operation=UploadPart,count=3; repeatable",
      collect,
      [],
    )
    .option("--seed <number>", "makes faults with a probability repeatable", wholeNumber(0, 2 ** 32 - 1))
    .option("--max-size <size>", "largest object that the presign endpoint signs for, such as 100MiB", parseBytes)
    .option("--backend-env <NAME=value>", "a variable of the presign backend; repeatable", parseVariable);

  return command.addHelpText("after", examples).action(async () => {
    finish(await run(sandboxOptions(command.optsWithGlobals<SandboxFlags>()), runtime));
  });
}

const examples = `
Examples:
  $ s3up sandbox                                              and, in another terminal, the lines that it prints
  $ s3up sandbox --dir .sandbox --port 9000                   the same objects the next time
  $ s3up sandbox --fault lost-answer:operation=CompleteMultipartUpload
  $ s3up sandbox --fault latency:milliseconds=200 --fault status-500:probability=0.1,count=all --seed 7
  $ s3up sandbox --port 0 --json                              for scripts: one line, then it runs

Faults: latency, bandwidth, reset-before, reset-after, stall, status-500, slow-down, expired, expired-token,
skewed, moved, moved-for-now, error-in-200, truncated, wrong-etag, html, lost-answer, silent, stalled-answer.
Members: operation, parts, bytes, milliseconds, bytesPerSecond, region, count, lasts, probability, after.
`;

function sandboxOptions(flags: SandboxFlags): SandboxCommandOptions {
  return {
    port: flags.port,
    presignPort: flags.presignPort,
    directory: flags.dir,
    bucket: flags.bucket,
    region: flags.region,
    faults: flags.fault ?? [],
    seed: flags.seed,
    presignLimits: { ...flags.backendEnv, ...(flags.maxSize === undefined ? {} : { MAX_SIZE: String(flags.maxSize) }) },
    format: flags.json ? "json" : "human",
    quiet: flags.quiet ?? false,
  };
}

/** Starts it, says where it is, and waits for the signal. A server that was asked to stop is done: that is no failure. */
export async function runSandbox(options: SandboxCommandOptions, runtime: Runtime): Promise<ExitCode> {
  const { port, presignPort, directory, bucket, region, faults, seed, presignLimits } = options;
  const sandbox = await runtime.startSandbox({
    port,
    faults,
    presignLimits,
    ...(presignPort === undefined ? {} : { presignPort }),
    ...(directory === undefined ? {} : { directory }),
    ...(bucket === undefined ? {} : { bucket }),
    ...(region === undefined ? {} : { region }),
    ...(seed === undefined ? {} : { seed }),
    log: ({ level, operation, requestId, unexpected = "no reason given" }) => {
      if (level === "error")
        runtime.stderr.write(`The presign endpoint failed (${operation}, request ${requestId}): ${unexpected}\n`);
    },
  });
  try {
    announce(sandbox, options, runtime);
    await aborted(runtime.signal);
  } finally {
    await sandbox.close();
  }
  if (options.format === "human" && !options.quiet) runtime.stderr.write("\nThe sandbox has stopped.\n");
  return EXIT.ok;
}

interface Addresses {
  readonly s3: string;
  readonly presign: string;
  readonly bucket: string;
  readonly env: Readonly<Record<string, string>>;
}

function announce(sandbox: Addresses, options: SandboxCommandOptions, { json, stdout, stderr }: Runtime): void {
  const { s3, presign, bucket, env } = sandbox;
  if (options.format === "json") {
    json({ type: "ready", s3, presign, bucket, env });
    return;
  }
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${shellWord(value)}\n`);
  if (!options.quiet) stderr.write(welcome(sandbox, options));
  stdout.write(exports.join(""));
  if (!options.quiet) stderr.write(suggestions(sandbox));
}

function welcome({ s3, presign, bucket }: Addresses, { directory, faults }: SandboxCommandOptions): string {
  const kept = directory === undefined ? "in a temporary directory, gone when it stops" : `in ${directory}`;
  return `The sandbox runs, for this machine only, until Ctrl-C.

  S3        ${s3}
  Bucket    ${bucket}, ${kept}
  Presign   ${presign}
  Page      ${new URL("/", presign)}
${faults.map((fault) => `  Fault     ${fault}\n`).join("")}
For another terminal:

`;
}

function suggestions({ presign, bucket }: Addresses): string {
  return `
And there, for instance:

  s3up put movie.mp4 --endpoint ${presign}
  s3up put movie.mp4 s3://${bucket}/
  s3up presign s3://${bucket}/movie.mp4 --file movie.mp4 --format curl
`;
}

/** As a shell reads it back: bare where nothing in it is special, else in single quotes. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

/** Not by commas, as other pairs are: values of the backend hold commas themselves. */
function parseVariable(text: string, earlier: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name = "", value = ""] = /^([A-Z][A-Z0-9_]*)=([\s\S]*)$/.exec(text) ?? [];
  if (name !== "") return { ...earlier, [name]: value };
  throw new InvalidArgumentError("That is no variable.\nWrite NAME=value, such as PART_SIZE=5MiB.");
}
