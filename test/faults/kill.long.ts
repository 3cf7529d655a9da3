/**
 * `kill -9` at 100 moments by chance, and the same command again until it is done. S3UP_FAULT_SEED says which moments,
 * S3UP_FAULT_KILLS how many.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Chance, seededChance } from "../../src/sandbox/seeded-random.ts";
import { sdkClient } from "../support/running-sandbox.ts";
import { type Aftermath, lookAt } from "./aftermath.ts";
import { safe } from "./invariants.ts";
import { seed } from "./play-chapter.ts";
import { type ProgramRun, runProgram } from "./program.ts";
import { noteTrial } from "./report.ts";
import type { Mode } from "./scenario.ts";
import { seededBytes } from "./test-files.ts";
import { environmentOf, usualFlags } from "./trial.ts";

const kills = Number(process.env.S3UP_FAULT_KILLS || 100);
const MiB = 1024 ** 2;

type Work = "one file" | "many files";

const works: Readonly<Record<Work, ReadonlyMap<string, Buffer>>> = {
  "one file": new Map([["movie.bin", seededBytes(22 * MiB + 1, seed)]]),
  "many files": new Map([
    ["a.bin", seededBytes(11 * MiB, seed + 1)],
    ["b.bin", seededBytes(6 * MiB + 5, seed + 2)],
    ...Array.from({ length: 8 }, (_, index): [string, Buffer] => [`s${index}.bin`, seededBytes(40_000 + index, index)]),
  ]),
};

const kinds: readonly (readonly [Mode, Work])[] = [
  ["credentials", "one file"],
  ["endpoint", "one file"],
  ["credentials", "one file"],
  ["endpoint", "one file"],
  ["credentials", "many files"],
];

describe(`killed (S3UP_FAULT_SEED=${seed}, S3UP_FAULT_KILLS=${kills})`, { timeout: 300_000 }, () => {
  for (let number = 0; number < kills; number += 1) {
    const [mode, work] = kinds[number % kinds.length] ?? ["credentials", "one file"];
    const chance = seededChance(seed * 1_000 + number);
    // after so many requests, and then so long: so that the short moments between two requests are met as well
    const moment = { requests: Math.floor(chance() * 9), delayMs: Math.floor(chance() ** 2 * 150) };
    const when = `${moment.delayMs} ms after request ${moment.requests}`;
    test(`${number}: ${work}, ${mode}, ${when}`, async ({ task }) => {
      const begun = performance.now();
      const { broken, exitCode, talk } = await inDirectory((directory) =>
        killAndGoOn({ directory, mode, work, moment, chance }),
      );
      const milliseconds = performance.now() - begun;
      noteTrial(task, {
        chapter: "Killed at a random moment",
        when: `${work}: ${when}`,
        mode,
        exitCode,
        milliseconds,
        broken,
      });
      expect(broken, talk).toEqual([]);
    });
  }
});

async function inDirectory<T>(act: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "s3up-kill-"));
  try {
    return await act(directory);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Killing {
  readonly directory: string;
  readonly mode: Mode;
  readonly work: Work;
  readonly moment: { readonly requests: number; readonly delayMs: number };
  readonly chance: Chance;
}

async function killAndGoOn({ directory, mode, work, moment, chance }: Killing) {
  const sandbox = await startSandbox({ now: () => new Date(), random: Math.random, seed });
  const client = sdkClient(sandbox);
  try {
    const files = works[work];
    await mkdir(join(directory, "home"));
    for (const [name, bytes] of files) await writeFile(join(directory, name), bytes);
    const env = environmentOf(mode, sandbox, directory);
    const argv = ["put", ...files.keys(), ...(mode === "credentials" ? ["s3://drop/"] : []), ...usualFlags];

    sandbox.faults.add({ kind: "bandwidth", operation: "UploadPart", bytesPerSecond: 16 * MiB });
    const runs = [await runProgram(argv, { env, directory }, (child) => killAt(child, sandbox, moment))];
    // some die twice
    if (chance() < 0.25) {
      const later = { requests: sandbox.requests().length + 2, delayMs: Math.floor(chance() * 50) };
      runs.push(await runProgram(argv, { env, directory }, (child) => killAt(child, sandbox, later)));
    }
    sandbox.faults.clear();
    const last = await runProgram(argv, { env, directory });
    const talk = [...runs, last].map(({ stderr }) => stderr).join("\n--- again ---\n");
    const aftermath = { ran: { ...last, stderr: talk }, ...(await lookAt(sandbox, client, env.XDG_STATE_HOME ?? "")) };
    const broken = [
      ...safe(aftermath, [sandbox.env.AWS_SECRET_ACCESS_KEY ?? ""]),
      ...(last.exitCode === 0 ? [] : [`the last run ends with ${last.exitCode}`]),
      ...missing(aftermath, files),
      ...leftovers(await readdir(join(env.XDG_STATE_HOME ?? "", "s3up")).catch(() => [])),
      ...runs.flatMap(foreign),
    ];
    return { broken, exitCode: last.exitCode, talk };
  } finally {
    client.destroy();
    await sandbox.close();
  }
}

function killAt(
  child: { kill(signal: NodeJS.Signals): unknown; once(event: "close", act: () => void): unknown },
  sandbox: Sandbox,
  { requests, delayMs }: Killing["moment"],
): void {
  let timer: NodeJS.Timeout | undefined;
  const watch = setInterval(() => {
    if (timer !== undefined || sandbox.requests().length < requests) return;
    timer = setTimeout(() => child.kill("SIGKILL"), delayMs);
  }, 1);
  child.once("close", () => {
    clearInterval(watch);
    clearTimeout(timer);
  });
}

/** Every file is stored, byte for byte; through an endpoint under a key of its own choice. */
function missing({ objects }: Aftermath, files: ReadonlyMap<string, Buffer>): readonly string[] {
  const stored = [...objects.values()];
  return [...files]
    .filter(([, bytes]) => !stored.some((other) => other.equals(bytes)))
    .map(([name]) => `${name} is not stored`);
}

function leftovers(names: readonly string[]): readonly string[] {
  return names.map((name) => `${name} is left in the state directory`);
}

/** A run may have ended before it could be killed, or by the kill; anything else is an ending of its own making. */
function foreign({ exitCode, hung }: ProgramRun): readonly string[] {
  if (hung) return ["it hung"];
  return exitCode === null || exitCode === 0 ? [] : [`a run that was to be killed ended with ${exitCode}`];
}
