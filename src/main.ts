/** argv -> exit code. The only place that catches everything, and the last that sees text before a person does. */

import { S3upError } from "./errors.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-codes.ts";
import { errorLine, errorText, isColored } from "./report/error-message.ts";
import type { Runtime } from "./runtime.ts";

/** @param argv the arguments after the program's name */
export async function main(argv: readonly string[], runtime: Runtime): Promise<ExitCode> {
  // Answered before the commands are loaded: scripts ask for the version often.
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    runtime.stdout.write(`${runtime.version}\n`);
    return EXIT.ok;
  }
  try {
    const { runProgram } = await import("./program.ts");
    return await runProgram(argv, runtime);
  } catch (error) {
    return fail(outOfDescriptors(error) ?? error, argv, runtime);
  }
}

/** It can happen at any place, even where a module is loaded: so it is seen here. */
function outOfDescriptors(error: unknown): S3upError | undefined {
  if (!(error instanceof Error && "code" in error && (error.code === "EMFILE" || error.code === "ENFILE")))
    return undefined;
  return new S3upError("FILE_UNREADABLE", "Too many files are open.", {
    why: `The system gives this process no more file descriptors (${error.code}).`,
    hint: "Raise the limit, for instance with `ulimit -n 1024`, or use a lower --concurrency.",
    cause: error,
  });
}

function fail(error: unknown, argv: readonly string[], runtime: Runtime): ExitCode {
  const exitCode = error instanceof S3upError ? exitCodeOf[error.code] : EXIT.bug;
  const wishes = wishesOf(argv, runtime);
  if (wishes.json) runtime.json(errorLine(error, exitCode, wishes));
  else runtime.stderr.write(errorText(error, wishes));
  return exitCode;
}

/** Read from the words themselves, because the words may be what is wrong. */
function wishesOf(argv: readonly string[], { environment, stderr, version }: Runtime) {
  const words = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : undefined);
  const isSet = (name: string) => !/^(|0|false|no|off)$/i.test(environment[name] ?? "");
  const color = words.includes("--no-color") ? false : words.includes("--color") ? true : undefined;
  return {
    json: words.includes("--json") || /(^|\s)--format[\s=]json(\s|$)/.test(words.join(" ")) || isSet("S3UP_JSON"),
    debug: words.includes("--debug") || isSet("S3UP_DEBUG"),
    color: isColored(color, environment, stderr.isTerminal),
    version,
  };
}
