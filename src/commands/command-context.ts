import type { ExitCode } from "../exit-codes.ts";
import type { Runtime } from "../runtime.ts";

/** What every command is built with. */
export interface CommandContext {
  readonly runtime: Runtime;
  /** Hands the exit code of the command that ran to `main`. A command that fails throws instead. */
  readonly finish: (code: ExitCode) => void;
}
