/** The commander program: the list of commands, and what all of them share. */
import { Command, CommanderError } from "commander";
import { auditCommand } from "./commands/audit.ts";
import type { CommandContext } from "./commands/command-context.ts";
import { applyConfiguration } from "./commands/configuration.ts";
import { explainCommand } from "./commands/explain.ts";
import { presignCommand } from "./commands/presign.ts";
import { putCommand } from "./commands/put.ts";
import { sandboxCommand } from "./commands/sandbox.ts";
import { uploadsCommand } from "./commands/uploads.ts";
import { usageErrorFrom } from "./commands/usage-error.ts";
import { EXIT, type ExitCode, exitMeaning } from "./exit-codes.ts";
import type { Runtime } from "./runtime.ts";

const helpWidth = 100;

/** @throws S3upError */
export async function runProgram(argv: readonly string[], runtime: Runtime): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = createProgram({
    runtime,
    argv,
    finish: (finished) => {
      code = finished;
    },
  });
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : argv, { from: "user" });
  } catch (error) {
    // Help or the version was shown: commander says so by throwing.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    throw error;
  }
  return code;
}

export function createProgram(context: CommandContext): Command {
  const { runtime } = context;
  const program = new Command("s3up")
    .description("Presigned uploads to S3, from one command line.")
    .version(runtime.version, "-V, --version", "show the version")
    .option("--json", "one JSON object a line on stdout")
    .option("-q, --quiet", "show nothing but errors and the result")
    .option("--no-progress", "show no bar, spinner or progress line")
    .option("--color", "use colour also where stderr is no terminal")
    .option("--no-color", "use no colour")
    .option("--debug", "show the causes of an error")
    .option("--config <file>", "settings to use instead of the nearest s3up.config.json")
    .addHelpText("after", rootHelp())
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => runtime.stdout.write(text),
      // Errors are thrown and worded in main.
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
    })
    .hook("preAction", (_program, command) => applyConfiguration(command, runtime));

  for (const create of [putCommand, presignCommand, explainCommand, auditCommand, uploadsCommand, sandboxCommand]) {
    program.addCommand(create(context));
  }
  for (const command of [program, ...program.commands]) {
    // A command added with addCommand inherits nothing: its usage errors would end the process on the spot.
    if (command !== program) command.copyInheritedSettings(program);
    command.exitOverride((error) => {
      throw usageErrorFrom(error, command) ?? error;
    });
  }
  return program;
}

function rootHelp(): string {
  const codes = Object.entries(exitMeaning).map(([code, meaning]) => `  ${code.padEnd(5)}${meaning}`);
  return `
Examples:
  $ s3up put movie.mp4 s3://bucket/movies/             with AWS credentials
  $ s3up put movie.mp4 --endpoint https://…/presign    without any
  $ s3up presign s3://bucket/key --file movie.mp4      a URL good for exactly this file
  $ s3up audit bucket                                  is the bucket fit for uploads by strangers
  $ s3up sandbox                                       a local S3 to try all of it

Every long option can also stand in the environment (--part-size as S3UP_PART_SIZE) and most in s3up.config.json.

Exit codes:
${codes.join("\n")}
`;
}
