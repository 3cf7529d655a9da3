/** Runs programs as a user would, with exactly the environment that is given. */
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input?: Readable,
): Promise<Outcome> {
  const child = spawn(command, args, { env, stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
    });
  }
  const exited = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  // A program that ends before it has read everything has told why in its exit code.
  const fed =
    input === undefined || child.stdin === null ? undefined : pipeline(input, child.stdin).catch(() => undefined);
  const [exitCode] = await Promise.all([exited, fed]);
  return { exitCode, ...text };
}
