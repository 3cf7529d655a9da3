/** The built program as a process, with a watchdog beside it. */
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Ran, run } from "../support/built-program.ts";

const program = fileURLToPath(new URL("../../bin/s3up.js", import.meta.url));

const hangsAfterMs = 60_000;

export interface ProgramRun extends Ran {
  /** The watchdog had to end it. */
  readonly hung: boolean;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
  /** Run in a shell before the program takes its place, such as `ulimit -n 30`. */
  readonly shellPrefix?: string;
}

export async function runProgram(
  argv: readonly string[],
  { env, directory, shellPrefix = "" }: Surroundings,
  onStart?: (child: ChildProcess) => void,
): Promise<ProgramRun> {
  let hung = false;
  const options = {
    env,
    cwd: directory,
    onStart: (child: ChildProcess) => {
      const watchdog = setTimeout(() => {
        hung = true;
        child.kill("SIGKILL");
      }, hangsAfterMs);
      child.once("close", () => clearTimeout(watchdog));
      onStart?.(child);
    },
  };
  // `exec` keeps the process id, so that the watchdog hits the program itself
  const ran =
    shellPrefix === ""
      ? await run(process.execPath, [program, ...argv], options)
      : await run("sh", ["-c", `${shellPrefix}; exec "$@"`, "sh", process.execPath, program, ...argv], options);
  return { ...ran, hung };
}
