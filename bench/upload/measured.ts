/** One run of a command and what it has cost, as the kernel counts it. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Machinery, SinkCounts } from "./machinery.ts";

export interface Cost {
  readonly wall: number;
  /** Seconds of the processor, in the program and in the kernel. */
  readonly cpu: number;
  readonly peakMiB: number;
  readonly sink: SinkCounts;
}

export interface CommandLine {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A run may not take longer: something hangs. */
const longestMs = 15 * 60_000;

/** @throws Error with the command's own words when it fails */
export async function measure({ command, env }: CommandLine, machinery: Machinery): Promise<Cost> {
  const result = join(machinery.folder, "cost.json");
  await machinery.sink.reset();
  await run([machinery.measure, result, ...command], env, machinery.folder);
  const { wall, user, system, peakKiB } = JSON.parse(await readFile(result, "utf8"));
  return { wall, cpu: user + system, peakMiB: peakKiB / 1024, sink: await machinery.sink.counts() };
}

function run([program = "", ...args]: readonly string[], env: CommandLine["env"], cwd: string): Promise<void> {
  const child = spawn(program, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"], timeout: longestMs });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => (said = `${said}${chunk}`.slice(-2000)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${args.slice(1, 4).join(" ")} … ended with ${code ?? "a signal"}:\n${said}`));
    });
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
