/** What commander throws -> the three lines of an s3up error. */
import type { Command, CommanderError } from "commander";
import { S3upError } from "../errors.ts";

/** @returns undefined when help or the version was asked for and shown, which is no error */
export function usageErrorFrom(error: CommanderError, command: Command): S3upError | undefined {
  if (error.exitCode === 0) return undefined;
  const text = error.message.replace(/^error: /, "");
  const [, quoted = ""] = /'([^']*)'/.exec(text) ?? [];
  const name = nameOf(command);
  const help = `${name} --help`;

  switch (error.code) {
    case "commander.unknownOption":
      return usage(`Unknown option ${quoted}.`, `${name} has no such option.`, suggestion(text, help));
    case "commander.unknownCommand":
      return usage(`Unknown command ${quoted}.`, "s3up has no such command.", suggestion(text, help));
    case "commander.missingArgument":
      return usage(`${name} needs <${quoted}>.`, "The command line ends before it.", `See ${help}.`);
    case "commander.optionMissingArgument":
      return usage(`${quoted} needs a value.`, "The command line ends, or another option follows.", `See ${help}.`);
    case "commander.excessArguments":
      return usage(`${name} was given too many words.`, text.replace(/\.?$/, "."), `See ${help}.`);
    case "commander.invalidArgument":
      return invalidValue(text, help);
    default:
      return usage(`${sentence(text)}`, `${name} could not be run like this.`, `See ${help}.`);
  }
}

/** `from` names where the value stood: an option, a variable, a setting. `refusal` is "why<newline>good value". */
export function badValue(from: string, value: string, refusal: string, cause?: unknown): S3upError {
  const [why = "", goodValue = ""] = refusal.split("\n");
  return new S3upError("USAGE", `${from} cannot be "${value}".`, { why, hint: goodValue, cause });
}

/** "s3up put", however deep the command is. */
export function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

function invalidValue(text: string, help: string): S3upError {
  const match =
    /^(?:option '([^']*)'|command-argument value) (?:argument )?'([\s\S]*)' is invalid.*?\. ([\s\S]*)$/.exec(text);
  if (match === null) return usage(sentence(text), "The value could not be read.", `See ${help}.`);
  const [, flags = "The argument", value = "", refusal = ""] = match;
  return badValue(longFlagOf(flags), value, refusal);
}

/** "-c, --concurrency <n>" -> "--concurrency" */
function longFlagOf(flags: string): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}

function suggestion(text: string, help: string): string {
  const [, guess] = /\(Did you mean (?:one of )?([^?]*)\?\)/.exec(text) ?? [];
  return guess === undefined ? `See ${help}.` : `Did you mean ${guess}? See ${help}.`;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).replace(/\.?$/, ".");
}

function usage(message: string, why: string, hint: string): S3upError {
  return new S3upError("USAGE", message, { why, hint });
}
