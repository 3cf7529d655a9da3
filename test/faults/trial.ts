/** Plays one scenario: a sandbox of its own, and the built program as a process. */
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaultKind } from "../../src/sandbox/fault-rule.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { withCredentials, withEndpoint } from "../support/built-program.ts";
import { sdkClient } from "../support/running-sandbox.ts";
import { type Aftermath, lookAt } from "./aftermath.ts";
import { runProgram } from "./program.ts";
import type { Mode, Scenario, Stage } from "./scenario.ts";
import type { TestFiles } from "./test-files.ts";

/** Few tries, so that a trouble without end has one. Times long enough for a machine that has much else to do. */
export const usualFlags = [
  ...["--part-size", "5MiB", "--multipart-threshold", "5MiB", "--concurrency", "3"],
  ...["--stall-timeout", "8s", "--connect-timeout", "2s", "--max-attempts", "4"],
];

export interface Played extends Aftermath {
  readonly fired: readonly FaultKind[];
  readonly secrets: readonly string[];
  /** Of the same command once more, when the trouble is gone. */
  readonly again: Aftermath | undefined;
  readonly milliseconds: number;
}

/** @param seed decides which requests are hit, where a fault leaves that to chance */
export async function play(scenario: Scenario, files: TestFiles, seed: number): Promise<Played> {
  const directory = await mkdtemp(join(tmpdir(), "s3up-faults-"));
  const ends: (() => Promise<void> | void)[] = [() => rm(directory, { recursive: true, force: true, maxRetries: 5 })];
  try {
    let aheadMs = 0;
    const now = () => new Date(Date.now() + aheadMs);
    const setClock = (milliseconds: number) => {
      aheadMs = milliseconds;
    };
    const sandbox = await startSandbox({ now, random: Math.random, seed, ...scenario.sandbox });
    ends.push(() => sandbox.close());
    return await playOn(sandbox, directory, { scenario, files, seed, setClock, after: (act) => ends.push(act) });
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

interface Trial {
  readonly scenario: Scenario;
  readonly files: TestFiles;
  readonly seed: number;
  readonly setClock: Stage["setClock"];
  readonly after: Stage["after"];
}

async function playOn(sandbox: Sandbox, directory: string, trial: Trial): Promise<Played> {
  const { scenario, files, seed, setClock, after } = trial;
  const file = join(directory, "movie.bin");
  await copyFile(files[scenario.shape].path, file);
  await mkdir(join(directory, "home"));
  const repairs: (() => Promise<void> | void)[] = [() => sandbox.faults.clear()];
  const whileSending: (() => Promise<void> | void)[] = [];
  const stage: Stage = {
    ...{ sandbox, directory, file, seed, setClock, after },
    env: environmentOf(scenario.mode, sandbox, directory),
    shellPrefix: "",
    whileSending: (act) => whileSending.push(act),
    repair: (act) => repairs.push(act),
  };
  const argv = ["put", "movie.bin", ...(scenario.mode === "credentials" ? ["s3://drop/movie.bin"] : [])];
  const client = sdkClient(sandbox);
  after(() => client.destroy());

  for (const fault of scenario.faults) sandbox.faults.add(fault);
  await scenario.arrange?.(stage);
  const begun = performance.now();
  const watch = watchFirstPart(sandbox, whileSending);
  const ran = await runProgram([...argv, ...usualFlags, ...scenario.flags], stage);
  await watch.end();
  const fired = sandbox.faults.fired().map(({ kind }) => kind);
  const milliseconds = performance.now() - begun;

  for (const repair of repairs) await repair();
  const aftermath = { ran, ...(await lookAt(sandbox, client, stage.env.XDG_STATE_HOME ?? "")) };
  const secrets = [sandbox.env.AWS_SECRET_ACCESS_KEY ?? "", ...(stage.env.S3UP_TOKEN ? [stage.env.S3UP_TOKEN] : [])];
  const goesOn = scenario.ends.exit !== 0 && "again" in scenario.ends && scenario.ends.again && !ran.hung;
  if (!goesOn) return { ...aftermath, fired, secrets, milliseconds, again: undefined };

  stage.shellPrefix = "";
  const ranAgain = await runProgram([...argv, ...usualFlags, ...scenario.flags], stage);
  return {
    ...aftermath,
    fired,
    secrets,
    milliseconds,
    again: { ran: ranAgain, ...(await lookAt(sandbox, client, stage.env.XDG_STATE_HOME ?? "")) },
  };
}

export function environmentOf(mode: Mode, sandbox: Sandbox, directory: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: join(directory, "home"),
    XDG_STATE_HOME: join(directory, "state"),
    AWS_EC2_METADATA_DISABLED: "true",
    ...(mode === "credentials" ? withCredentials(sandbox) : withEndpoint(sandbox)),
  };
}

/** Acts once the sandbox has been asked to take a part or the whole file. */
function watchFirstPart(sandbox: Sandbox, acts: readonly (() => Promise<void> | void)[]): { end(): Promise<void> } {
  let done: Promise<void> | undefined;
  const isSending = () =>
    sandbox.requests().some(({ operation }) => operation === "UploadPart" || operation === "PutObject");
  const timer = setInterval(() => {
    if (acts.length === 0 || done !== undefined || !isSending()) return;
    done = (async () => {
      for (const act of acts) await act();
    })();
  }, 5);
  return {
    end: async () => {
      clearInterval(timer);
      await done;
    },
  };
}
