/** An error as a person reads it (what happened, why, what to do next) and as a program does. */
import { S3upError } from "../errors.ts";
import { scrub } from "./scrub.ts";

export interface ErrorWishes {
  /** Adds the chain of causes. */
  readonly debug: boolean;
  readonly color: boolean;
  readonly version: string;
}

export function errorText(error: unknown, wishes: ErrorWishes): string {
  const [what, why, next] = linesOf(error, wishes.version);
  const red = (text: string) => (wishes.color ? `\u001b[31m${text}\u001b[39m` : text);
  const lines = [`${red("Error:")} ${what}`, `  ${why}`, `  ${next}`];
  if (wishes.debug) lines.push(...causesOf(error).map((line) => `  ${line}`));
  return `${scrub(lines.join("\n"))}\n`;
}

export function errorLine(error: unknown, exitCode: number, wishes: ErrorWishes) {
  const [message, why, hint] = linesOf(error, wishes.version);
  return {
    type: "error",
    code: error instanceof S3upError ? error.code : "BUG",
    message: scrub(message),
    why: scrub(why),
    hint: scrub(hint),
    exitCode,
    ...(wishes.debug ? { causes: causesOf(error).map(scrub) } : {}),
  } as const;
}

/** NO_COLOR and FORCE_COLOR as https://no-color.org and https://force-color.org say; a flag beats both. */
export function isColored(
  flag: boolean | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (flag !== undefined) return flag;
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== "0";
  return isTerminal && environment.TERM !== "dumb";
}

function linesOf(error: unknown, version: string): readonly [what: string, why: string, next: string] {
  if (error instanceof S3upError) {
    return [
      oneLine(error.message),
      oneLine(error.why ?? fallbackWhy(error)),
      oneLine(error.hint ?? "Run it again with --debug to see more."),
    ];
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [
    `s3up ${version} has a bug.`,
    oneLine(message),
    "Please report it with the output of the same command and --debug.",
  ];
}

function fallbackWhy(error: S3upError): string {
  return error.cause instanceof Error ? error.cause.message : `s3up calls this ${error.code}.`;
}

function causesOf(error: unknown): readonly string[] {
  const lines: string[] = [];
  for (let link = error, depth = 0; link instanceof Error && depth < 8; link = link.cause, depth++) {
    if (depth > 0) lines.push(`caused by ${link.name}: ${oneLine(link.message)}`);
    lines.push(...framesOf(link));
  }
  return lines;
}

function framesOf(error: Error): readonly string[] {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return frames.slice(0, 8).map((frame) => `  ${frame.trim()}`);
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ").trim();
}
