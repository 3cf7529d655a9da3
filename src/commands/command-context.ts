import type { ExitCode } from "../exit-codes.ts";
import type { Runtime } from "../runtime.ts";

/** What every command is built with. */
export interface CommandContext {
  readonly runtime: Runtime;
  /** The words after the program's name, as the user typed them. */
  readonly argv: readonly string[];
  /** Hands the exit code of the command that ran to `main`. A command that fails throws instead. */
  readonly finish: (code: ExitCode) => void;
}
