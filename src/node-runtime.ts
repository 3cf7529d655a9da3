/**
 * The Runtime of the real process: the only file that says `process`, and that knows every adapter. Each adapter is
 * loaded when a command first asks for it, so that `--help` costs no SDK.
 */
import { setMaxListeners } from "node:events";
import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { addAbortSignal } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { S3upError } from "./errors.ts";
import { EXIT } from "./exit-codes.ts";
import type { BackendClientOptions } from "./http/backend-client.ts";
import { type BatchedText, batchText } from "./report/batched-text.ts";
import { isColored } from "./report/error-message.ts";
import type { EndpointAuth, EndpointSettings, JsonLine, Notice, ResultOutput, Runtime, TextOutput } from "./runtime.ts";

declare const S3UP_VERSION: string | undefined;

const version = typeof S3UP_VERSION === "undefined" ? "0.0.0" : S3UP_VERSION;
const environment: Runtime["environment"] = process.env;

/** To be called once: it listens to the signals of the process. */
export function createNodeRuntime(): Runtime {
  const signal = abortOnSignals();
  const stdout = batched(outputOf(process.stdout));
  const stderr = after(stdout.flush, outputOf(process.stderr));
  const writeJson = jsonLines(stdout);
  let journals: ReturnType<Runtime["journals"]> | undefined;
  const stdin = { [Symbol.asyncIterator]: () => readStdin(signal) };

  return {
    version,
    environment,
    workingDirectory: process.cwd(),
    stdout,
    stderr,
    json: writeJson,
    signal,
    now: () => new Date(),
    random: () => Math.random(),
    newId: () => crypto.randomUUID(),
    sleep: (milliseconds, stop) => sleep(milliseconds, stop),
    load: createLoadMeter(),

    readText,
    writeText,
    findUpwards,
    async openFile(path) {
      const { openFileSource } = await loadFileSource();
      return openFileSource(path);
    },
    async *findFiles(selection) {
      const { findFiles } = await import("./files/find-files.ts");
      yield* findFiles(selection, stdin);
    },
    async removeSource(path, sent) {
      const { removeSource } = await loadRemoval();
      return removeSource(path, sent);
    },
    stdin,
    async contentTypeOf(fileName) {
      const { default: mime } = await loadMime();
      return mime.getType(basename(fileName)) ?? "application/octet-stream";
    },

    report: (options) => chooseReport(options, stdout, stderr, writeJson),
    s3: connect,
    async transferDefaults(aws) {
      const { readTransferDefaults } = await import("./aws/transfer-defaults.ts");
      return readTransferDefaults(aws, environment);
    },
    endpoint: openEndpoint,
    async urlDestination(upload) {
      const { createUrlDestination } = await import("./http/url-destination.ts");
      return createUrlDestination({ ...upload, now: () => new Date() });
    },
    async manifestDestination(manifest, name, sender) {
      const { createManifestDestination } = await import("./http/manifest-destination.ts");
      return createManifestDestination({ manifest, name, path: resolve(name), sender, now: () => new Date() });
    },
    async sender({ profile, ...limits }) {
      holdYoungGeneration();
      const [{ createPartSender }, { trustedCertificates }] = await Promise.all([
        import("./http/part-sender.ts"),
        import("./aws/certificates.ts"),
      ]);
      const certificates = await trustedCertificates(profile, environment);
      return createPartSender({ ...limits, certificates, proxy: await proxies() });
    },
    async liveBuckets({ aws, signer: { functionName, role } }) {
      const { createLiveSource } = await import("./aws/live-source.ts");
      return createLiveSource({ ...aws, accountId: undefined, signer: { functionName, role } }, await surroundings());
    },
    probeEndpoint,
    async terraform() {
      const { createTerraformReader } = await import("./terraform/reader.ts");
      return createTerraformReader(sourceFiles);
    },
    auditTexts: () => loadAuditTexts(stdout, stderr),
    journals: () => {
      journals ??= openJournals();
      return journals;
    },
    async startSandbox(options) {
      const { startSandbox } = await import("./sandbox/sandbox.ts");
      return startSandbox({ ...options, now: () => new Date(), random: () => Math.random() });
    },
  };
}

function createLoadMeter(): Runtime["load"] {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}

/**
 * V8 doubles the memory for short-lived objects again and again while a large file is sent, up to 32 MiB that nothing
 * needs. What it has by now does (bench/README.md). V8 14 and later were not tried: a flag that it no longer knows, it
 * complains of on stderr.
 */
function holdYoungGeneration(): void {
  if (/^1[123]\./.test(process.versions.v8)) setFlagsFromString("--semi-space-growth-factor=1");
}

/** For what every file asks for: Node looks an import up anew each time. */
function once<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}

const loadFileSource = once(() => import("./files/file-source.ts"));
const loadMime = once(() => import("mime"));
const loadRemoval = once(() => import("./files/remove-source.ts"));

/** The first signal asks everything to end and clean up; the second leaves at once, with the same exit code. */
function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  // Every request under way listens to it; beyond ten Node would suspect a leak.
  setMaxListeners(0, controller.signal);
  const codes = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) leaveAtOnce(codes[name]);
      controller.abort(interruption(name));
    });
  }
  return controller.signal;
}

function interruption(name: "SIGINT" | "SIGTERM"): S3upError {
  return new S3upError(
    name === "SIGINT" ? "INTERRUPTED" : "TERMINATED",
    name === "SIGINT" ? "Interrupted." : "Terminated.",
    {
      why: name === "SIGINT" ? "Ctrl-C was pressed." : "The process was asked to end (SIGTERM).",
      hint: "Run the same command again to begin anew.",
    },
  );
}

function leaveAtOnce(code: number): never {
  // The bar may have hidden the cursor and turned line wrapping off.
  if (process.stderr.isTTY) process.stderr.write("\u001b[?25h\u001b[?7h\n");
  process.exit(code);
}

function outputOf(stream: NodeJS.WriteStream): ResultOutput {
  // A reader that has seen enough (head, less) closes the pipe; the work goes on and says nothing more.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    write: (text) => void stream.write(text),
    writeAll: async (pieces) => {
      for (const piece of pieces) if (!stream.write(piece)) await roomIn(stream);
    },
    isTerminal: stream.isTTY === true,
  };
}

/** Results that a program reads; a person sees them at once. What is left is written when the process ends. */
function batched(output: ResultOutput): ResultOutput & Pick<BatchedText, "flush"> {
  if (output.isTerminal) return { ...output, flush: () => {} };
  const { write, flush } = batchText(output.write, setImmediate);
  process.on("exit", flush);
  return {
    ...output,
    write,
    flush,
    async writeAll(pieces) {
      flush();
      await output.writeAll(pieces);
    },
  };
}

/** So that both stay in order where they go to one place. */
function after(flush: () => void, output: ResultOutput): ResultOutput {
  return {
    ...output,
    write(text) {
      flush();
      output.write(text);
    },
  };
}

/** Until the reader has caught up, or is gone. */
function roomIn(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.errored) return Promise.resolve();
  return new Promise((resolve) => {
    const ends = ["drain", "close", "error"];
    const settle = () => {
      for (const event of ends) stream.off(event, settle);
      resolve();
    };
    for (const event of ends) stream.on(event, settle);
  });
}

function jsonLines(stdout: TextOutput): (line: JsonLine) => void {
  let first = true;
  return (line) => {
    stdout.write(`${JSON.stringify(first ? { v: 1, ...line } : line)}\n`);
    first = false;
  };
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const absent = isErrno(cause) && (cause.code === "ENOENT" || cause.code === "ENOTDIR");
    throw new S3upError(
      absent ? "FILE_NOT_FOUND" : "FILE_UNREADABLE",
      absent ? `There is no file ${path}.` : `${path} cannot be read.`,
      {
        why: absent
          ? "Nothing of that name is there."
          : `The system says ${isErrno(cause) ? cause.code : "no more than that"}.`,
        hint: "Check the path and its permissions; it is taken relative to the working directory.",
        cause,
      },
    );
  }
}

/** What cannot be read of a configuration is left out: it only says where things are written. */
const sourceFiles = {
  list: (directory: string) => readdir(directory).catch(() => []),
  read: (path: string) => readFile(path, "utf8").catch(() => undefined),
};

async function writeText(path: string, pieces: Iterable<string>): Promise<void> {
  try {
    await writeFile(path, pieces);
  } catch (cause) {
    throw new S3upError("FILE_UNWRITABLE", `${path} cannot be written.`, {
      why: `The system says ${isErrno(cause) ? cause.code : "no more than that"}.`,
      hint: "Check that its directory is there and may be written to.",
      cause,
    });
  }
}

async function findUpwards(name: string): Promise<string | undefined> {
  for (let directory = process.cwd(); ; directory = dirname(directory)) {
    const path = join(directory, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
    if (dirname(directory) === directory) return undefined;
  }
}

async function* readStdin(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  addAbortSignal(signal, process.stdin);
  try {
    yield* process.stdin as AsyncIterable<Uint8Array>;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

async function chooseReport(
  { format, quiet, progress, color }: Parameters<Runtime["report"]>[0],
  stdout: TextOutput,
  stderr: TextOutput,
  writeLine: (line: JsonLine) => void,
) {
  const now = () => performance.now();
  if (format === "json") {
    const { createJsonReport } = await import("./report/json.ts");
    return createJsonReport({ writeLine, now, talks: !quiet, progress });
  }
  if (stderr.isTerminal && !quiet && environment.TERM !== "dumb") {
    const { createHumanReport } = await import("./report/human.ts");
    const colored = isColored(color, environment, true);
    return createHumanReport({ stdout, stderr: process.stderr, now, color: colored, progress });
  }
  const { createPlainReport } = await import("./report/plain.ts");
  return createPlainReport({ stdout, stderr, now, talks: !quiet, progress });
}

/** What the AWS adapters need to know of the process. */
async function surroundings() {
  return { environment, version, agents: await agents() };
}

async function agents() {
  const { createAgents } = await import("./http/agents.ts");
  const proxy = await proxies();
  type Options = Omit<Parameters<typeof createAgents>[0], "proxy">;
  return (options: Options) => createAgents({ ...options, proxy });
}

/** Undefined where the environment names no proxy, so that nothing asks for one for each request. */
async function proxies() {
  const { namesProxy, proxiesOf } = await import("./http/proxy-choice.ts");
  return namesProxy(environment) ? proxiesOf(environment) : undefined;
}

async function connect(
  settings: Parameters<Runtime["s3"]>[0],
  tell: (notice: Notice) => void = () => {},
): ReturnType<Runtime["s3"]> {
  const { openS3 } = await import("./aws/s3-access.ts");
  return openS3(settings, { environment, version, agents, now: () => new Date(), random: () => Math.random(), tell });
}

async function openJournals(): ReturnType<Runtime["journals"]> {
  const [{ createJournalStore }, { createProcessTable }, { stateDirectory }] = await Promise.all([
    import("./files/journal-store.ts"),
    import("./files/process-table.ts"),
    import("./files/state-directory.ts"),
  ]);
  const { pid, platform } = process;
  return createJournalStore({
    directory: stateDirectory(environment, homedir()),
    processes: createProcessTable({ pid, platform, isAlive }),
    now: () => new Date(),
    random: () => Math.random(),
  });
}

/** Signal 0 only asks. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isErrno(error) && error.code === "EPERM";
  }
}

async function openEndpoint(
  { url, auth, expiresInSeconds, metadata, maxAttempts }: EndpointSettings,
  sender: Parameters<Runtime["endpoint"]>[1],
): ReturnType<Runtime["endpoint"]> {
  const [{ createBackendClient }, { createEndpointDestination }] = await Promise.all([
    import("./http/backend-client.ts"),
    import("./http/endpoint-destination.ts"),
  ]);
  const client = createBackendClient({
    endpoint: url,
    sender,
    authorize: await authorizer(url, auth),
    clock: { sleep },
    random: () => Math.random(),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
  });
  return createEndpointDestination({ client, expiresIn: expiresInSeconds, metadata, newId: () => crypto.randomUUID() });
}

const probeLimits = { connections: 1, connectTimeoutMs: 5_000, stallTimeoutMs: 20_000 } as const;

async function probeEndpoint(
  { url, auth }: EndpointSettings,
  { upload, signal }: Parameters<Runtime["probeEndpoint"]>[1],
): ReturnType<Runtime["probeEndpoint"]> {
  const { probeEndpoint: probe } = await import("./http/endpoint-probe.ts");
  const { createPartSender } = await import("./http/part-sender.ts");
  const { trustedCertificates } = await import("./aws/certificates.ts");
  const certificates = await trustedCertificates(undefined, environment);
  const sender = createPartSender({ ...probeLimits, certificates, proxy: await proxies() });
  try {
    const authorize = await authorizer(url, auth);
    return await probe({ url, sender, authorize, upload, sleep, now: () => new Date(), signal });
  } finally {
    sender.close();
  }
}

async function loadAuditTexts(stdout: TextOutput, stderr: TextOutput): ReturnType<Runtime["auditTexts"]> {
  const moves = stderr.isTerminal && environment.TERM !== "dumb";
  const [{ renderAudit }, ruleTexts, { createAuditProgress }, spinner] = await Promise.all([
    import("./report/audit/formats.ts"),
    import("./report/audit/rule-list.ts"),
    import("./report/audit/progress.ts"),
    moves ? import("./report/audit/spinner.ts") : undefined,
  ]);
  const { ruleTable, ruleListJson, ruleExplanation } = ruleTexts;
  return {
    render: (format, report, { rules, color }) =>
      renderAudit(format, report, { version, rules, color: isColored(color, environment, stdout.isTerminal) }),
    ruleTable,
    ruleListJson,
    ruleExplanation,
    progress: ({ total, shown }) =>
      createAuditProgress({
        stderr,
        startSpinner:
          spinner && ((text) => spinner.startSpinner(text, process.stderr, isColored(undefined, environment, true))),
        now: () => performance.now(),
        total,
        shown,
      }),
  };
}

async function authorizer(endpoint: string, auth: EndpointAuth): Promise<BackendClientOptions["authorize"]> {
  switch (auth.kind) {
    case "none":
      return undefined;
    case "token":
      return async (_, refused) => (refused ? undefined : { authorization: `Bearer ${auth.token}` });
    case "token-command": {
      const { createTokenSource } = await import("./http/token-command.ts");
      const tokenOf = createTokenSource({
        command: auth.command,
        now: () => performance.now(),
        talk: (text) => void process.stderr.write(text),
      });
      return async (_, refused) => ({ authorization: `Bearer ${await tokenOf(refused)}` });
    }
    case "iam": {
      const { createExecuteApiSigner } = await import("./aws/execute-api-signer.ts");
      return createExecuteApiSigner(endpoint, auth, { ...(await surroundings()), now: () => new Date() });
    }
  }
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}
