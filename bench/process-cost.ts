/** What a program costs while it runs: time, processor and memory, as the kernel counts them. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface ProcessCost {
  readonly seconds: number;
  /** Of the processor, by all threads: on a busy machine the fairer figure. 0 where there is no /proc. */
  readonly busySeconds: number;
  /** The kernel's own high-water mark; 0 where there is no /proc. */
  readonly peakMiB: number;
}

/** Node with these words, its output thrown away. @throws where it ends with none of an audit's exit codes */
export async function costOfAudit(words: readonly string[], env: NodeJS.ProcessEnv): Promise<ProcessCost> {
  const start = performance.now();
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "inherit"] });
  let peakMiB = 0;
  let busySeconds = 0;
  const sampling = setInterval(() => {
    peakMiB = Math.max(peakMiB, residentPeak(child));
    busySeconds = Math.max(busySeconds, busyTime(child));
  }, 20);
  child.stdout.resume();
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearInterval(sampling);
  if (code !== 0 && code !== 1 && code !== 5) throw new Error(`The audit ended with exit code ${code}.`);
  return { seconds: (performance.now() - start) / 1000, busySeconds, peakMiB };
}

function residentPeak({ pid }: ChildProcess): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(kernelText(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/** User and system time in seconds. */
function busyTime({ pid }: ChildProcess): number {
  const fields = kernelText(`/proc/${pid}/stat`)
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

function kernelText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
