import type { Command } from "commander";
import type { CommandContext } from "../../src/commands/command-context.ts";
import { EXIT, type ExitCode } from "../../src/exit-codes.ts";
import { createProgram } from "../../src/program.ts";
import { type RuntimeChanges, testRuntime } from "./command-runtime.ts";

type Create<Options> = (context: CommandContext, run: (options: Options) => Promise<ExitCode>) => Command;

/** The options that a command makes of a line, in the whole program but without being run. */
export async function optionsOf<Options>(
  create: Create<Options>,
  line: string,
  changes: RuntimeChanges = {},
): Promise<Options> {
  const seen: Options[] = [];
  const words = line.split(" ").filter(Boolean);
  const context = {
    runtime: testRuntime(changes),
    argv: [create.name.replace("Command", ""), ...words],
    finish: () => {},
  };
  const program = createProgram(context);
  const command = create(context, async (options) => {
    seen.push(options);
    return EXIT.ok;
  });
  const others = program.commands.filter((other) => other.name() !== command.name());
  Object.assign(program, { commands: others });
  program.addCommand(command);
  command.copyInheritedSettings(program);

  await program.parseAsync([command.name(), ...words], { from: "user" });
  const [options] = seen;
  if (options === undefined) throw new Error(`${command.name()} did not run`);
  return options;
}
