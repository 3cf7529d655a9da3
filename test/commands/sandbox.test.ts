import { Command, type CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { type SandboxCommandOptions, sandboxCommand } from "../../src/commands/sandbox.ts";
import { usageErrorFrom } from "../../src/commands/usage-error.ts";
import { S3upError } from "../../src/errors.ts";
import type { ExitCode } from "../../src/exit-codes.ts";
import type { JsonLine, Runtime } from "../../src/runtime.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

type StartOptions = Parameters<Runtime["startSandbox"]>[0];

const addresses = {
  s3: "http://127.0.0.1:9000",
  presign: "http://127.0.0.1:9001/presign",
  bucket: "drop",
  env: {
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "a b'c",
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9000",
    S3UP_ENDPOINT: "http://127.0.0.1:9001/presign",
  },
};

const defaults: SandboxCommandOptions = {
  port: 9000,
  presignPort: undefined,
  directory: undefined,
  bucket: undefined,
  region: undefined,
  faults: [],
  seed: undefined,
  presignLimits: {},
  format: "human",
  quiet: false,
};

/** Commander as the program sets it up, with the command alone in it. */
function program(context: Parameters<typeof sandboxCommand>[0], run?: Parameters<typeof sandboxCommand>[1]): Command {
  const root = new Command("s3up")
    .option("--json")
    .option("-q, --quiet")
    .configureOutput({ writeErr: () => {} });
  const command = sandboxCommand(context, run);
  root.addCommand(command);
  command.copyInheritedSettings(root);
  return command.exitOverride((error: CommanderError) => {
    throw usageErrorFrom(error, command) ?? error;
  }).parent as Command;
}

async function optionsOf(argv: readonly string[]): Promise<SandboxCommandOptions> {
  let seen: SandboxCommandOptions | undefined;
  const run = async (options: SandboxCommandOptions): Promise<ExitCode> => {
    seen = options;
    return 0;
  };
  await program({ runtime: {} as Runtime, argv: [], finish: () => {} }, run).parseAsync(["sandbox", ...argv], {
    from: "user",
  });
  if (seen === undefined) throw new Error("the command did not run");
  return seen;
}

describe("argv -> options", () => {
  test.for<[string, Partial<SandboxCommandOptions>]>([
    ["", {}],
    ["--port 0", { port: 0 }],
    ["--port 8080 --presign-port 8090", { port: 8080, presignPort: 8090 }],
    [
      "--dir .sandbox --bucket my-uploads --region eu-central-1",
      { directory: ".sandbox", bucket: "my-uploads", region: "eu-central-1" },
    ],
    [
      "--fault stall --fault slow-down:count=3,operation=UploadPart --seed 7",
      { faults: ["stall", "slow-down:count=3,operation=UploadPart"], seed: 7 },
    ],
    ["--max-size 1MiB", { presignLimits: { MAX_SIZE: "1048576" } }],
    [
      "--backend-env MODES=put,post --backend-env KEY_PREFIX=in",
      { presignLimits: { MODES: "put,post", KEY_PREFIX: "in" } },
    ],
    ["--json", { format: "json" }],
    ["--quiet", { quiet: true }],
  ])("sandbox %s", async ([argv, changes]) => {
    expect(await optionsOf(argv.split(" ").filter(Boolean))).toEqual({ ...defaults, ...changes });
  });

  test.for<[string, string]>([
    ["--port 70000", '--port cannot be "70000".'],
    ["--seed x", '--seed cannot be "x".'],
    ["--max-size much", '--max-size cannot be "much".'],
    ["--backend-env part_size=1", '--backend-env cannot be "part_size=1".'],
    ["--ports 1", "Unknown option --ports."],
    ["here", "s3up sandbox was given too many words."],
  ])("sandbox %s is refused", async ([argv, message]) => {
    await expect(optionsOf(argv.split(" "))).rejects.toMatchObject({ code: "USAGE", message });
  });
});

interface Run {
  readonly exitCode: ExitCode | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly lines: readonly JsonLine[];
  readonly asked: StartOptions | undefined;
  readonly closed: boolean;
  /** Both outputs as one sees them on a terminal. */
  readonly terminal: string;
}

/** Runs the command until the signal comes, which it does as soon as it waits for it. */
async function runUntilSignal(
  argv: readonly string[],
  start?: (options: StartOptions) => Promise<Sandbox>,
): Promise<Run> {
  const run = { stdout: "", stderr: "", terminal: "", lines: [] as JsonLine[], closed: false };
  const controller = new AbortController();
  let asked: StartOptions | undefined;
  let exitCode: ExitCode | undefined;
  const output = (stream: "stdout" | "stderr") => ({
    isTerminal: true,
    write: (text: string) => {
      run[stream] += text;
      run.terminal += text;
    },
  });
  const runtime = {
    stdout: output("stdout"),
    stderr: output("stderr"),
    json: (line: JsonLine) => run.lines.push(line),
    signal: controller.signal,
    startSandbox: async (options: StartOptions) => {
      asked = options;
      setImmediate(() => controller.abort(new S3upError("INTERRUPTED", "Interrupted.")));
      if (start !== undefined) return start(options);
      const close = async () => {
        run.closed = true;
      };
      return { ...addresses, close } as unknown as Sandbox;
    },
  } as unknown as Runtime;
  const finish = (code: ExitCode) => {
    exitCode = code;
  };
  await program({ runtime, argv, finish }).parseAsync(["sandbox", ...argv], { from: "user" });
  return { ...run, exitCode, asked };
}

describe("a run", () => {
  test("prints the export lines alone on stdout, and what runs where on stderr, until it is stopped", async () => {
    const run = await runUntilSignal([]);
    expect(run.stdout).toBe(`export AWS_ACCESS_KEY_ID=AKIAEXAMPLE
export AWS_SECRET_ACCESS_KEY='a b'\\''c'
export AWS_REGION=us-east-1
export AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000
export S3UP_ENDPOINT=http://127.0.0.1:9001/presign
`);
    for (const part of ["http://127.0.0.1:9000", "drop", "http://127.0.0.1:9001/presign", "http://127.0.0.1:9001/\n"]) {
      expect(run.stderr).toContain(part);
    }
    expect(run.stderr).toContain("temporary directory");
    expect(run.stderr).toContain("s3up put movie.mp4 --endpoint");
    expect(run.terminal.indexOf("another terminal")).toBeLessThan(run.terminal.indexOf("export AWS"));
    expect(run).toMatchObject({ exitCode: 0, closed: true, lines: [] });
    expect(run.stderr).toMatch(/The sandbox has stopped\.\n$/);
  });

  test("with --json is one line", async () => {
    const run = await runUntilSignal(["--json", "--port", "0"]);
    expect(run.lines).toEqual([{ type: "ready", ...addresses }]);
    expect(Object.keys(run.lines[0] ?? {})).toEqual(["type", "s3", "presign", "bucket", "env"]);
    expect(run).toMatchObject({ exitCode: 0, closed: true, stdout: "", stderr: "" });
  });

  test("with --quiet is nothing but the export lines", async () => {
    const run = await runUntilSignal(["--quiet"]);
    expect(run.stdout.split("\n")).toHaveLength(6);
    expect(run.stderr).toBe("");
  });

  test("names directory and faults", async () => {
    const run = await runUntilSignal(["--dir", "here", "--fault", "stall", "--seed", "3"]);
    expect(run.stderr).toContain("in here");
    expect(run.stderr).toContain("Fault     stall");
    expect(run.asked).toMatchObject({ directory: "here", faults: ["stall"], seed: 3, port: 9000 });
  });

  test("tells of a failure of the endpoint that nobody foresaw, and of nothing else it logs", async () => {
    const start = async ({ log }: StartOptions) => {
      log?.({ level: "info", operation: "presign", status: 200, requestId: "1" });
      log?.({ level: "error", operation: "presign", status: 500, requestId: "2", unexpected: "TypeError: no" });
      return { ...addresses, close: async () => {} } as unknown as Sandbox;
    };
    const { stderr } = await runUntilSignal(["--quiet"], start);
    expect(stderr).toBe("The presign endpoint failed (presign, request 2): TypeError: no\n");
  });

  test("that cannot start says nothing itself", async () => {
    const taken = new S3upError("NETWORK", "The sandbox cannot use port 9000.");
    await expect(runUntilSignal([], () => Promise.reject(taken))).rejects.toBe(taken);
  });
});
