import { Argument, Command } from "commander";
import { S3upError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Runtime } from "../runtime.ts";
import { type Explanation, explainDocument, explainUrl, type UrlExplanation } from "../signing/explain.ts";
import { explainRefusedRequest } from "../signing/refused-request.ts";
import type { Method } from "../signing/url-defects.ts";
import type { CommandContext } from "./command-context.ts";
import { explanationText, refusalText } from "./explanation-text.ts";
import { oneOf } from "./option-types.ts";

export interface ExplainOptions {
  /** A URL, the path of a file that holds one or a presign answer, or `-` for stdin. */
  readonly input: string;
  readonly method: Method | undefined;
  /** Path of S3's answer to the request, or `-`. */
  readonly response: string | undefined;
  readonly json: boolean;
}

const methods = ["GET", "HEAD", "PUT", "POST", "DELETE"] as const satisfies readonly Method[];

export function explainCommand({ runtime, finish }: CommandContext, run = runExplain): Command {
  return new Command("explain")
    .summary("say what a presigned URL allows and what is wrong with it, offline")
    .description(
      "Say what a presigned URL, form or upload manifest allows and what is wrong with it.\nNothing is sent, and the signature is never repeated.",
    )
    .addArgument(new Argument("<input>", "a URL, a file with one or with the JSON of `s3up presign`, or - for stdin"))
    .option("--method <method>", "the method that the URL was signed for, where the URL does not tell", oneOf(methods))
    .option("--response <file>", "S3's answer (the XML of a 403): says which header differs")
    .addHelpText("after", examples)
    .action(async (input: string, _flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Partial<Omit<ExplainOptions, "input">>>();
      finish(await run({ input, method: flags.method, response: flags.response, json: flags.json ?? false }, runtime));
    });
}

const examples = `
Examples:
  $ s3up explain "https://…?X-Amz-Algorithm=…"
  $ s3up presign s3://bucket/key --file photo.jpg --json | s3up explain -
  $ s3up explain answer.json --response refusal.xml
`;

/** @throws S3upError FILE_NOT_FOUND, FILE_UNREADABLE, USAGE */
export async function runExplain(options: ExplainOptions, runtime: Runtime): Promise<ExitCode> {
  if (options.input === "-" && options.response === "-") throw bothFromStdin();
  const explanations = await explainInput(options, runtime);
  const response = options.response === undefined ? undefined : await readInput(options.response, runtime);
  const request = explanations.find((entry): entry is UrlExplanation => entry.kind === "url");
  const refusal = response === undefined ? undefined : explainRefusedRequest(response, request);

  if (options.json) {
    for (const explanation of explanations) runtime.json({ type: "explanation", ...explanation });
    if (refusal !== undefined) runtime.json({ type: "refusal", ...refusal });
  } else {
    runtime.stdout.write(explanationText(explanations));
    if (refusal !== undefined) runtime.stdout.write(refusalText(refusal));
  }
  return EXIT.ok;
}

async function explainInput(options: ExplainOptions, runtime: Runtime): Promise<readonly Explanation[]> {
  const isUrl = /^https?:\/\//i.test(options.input);
  const text = isUrl ? options.input : await readInput(options.input, runtime);
  const document = parseDocument(text);
  const found =
    document === undefined
      ? explainText(text, options.method, runtime.now())
      : explainDocument(document, runtime.now());
  if (found.length === 0) throw nothingToExplain(options.input, isUrl);
  return found;
}

/** The first URL of a text, so that a pasted curl line will do. */
function explainText(text: string, method: Method | undefined, now: Date): readonly Explanation[] {
  const [url = ""] = /https?:\/\/[^\s'"<>]+/i.exec(text) ?? [];
  const explanation = explainUrl(url, now, { method });
  return explanation === undefined ? [] : [explanation];
}

async function readInput(input: string, runtime: Runtime): Promise<string> {
  if (input !== "-") return runtime.readText(input);
  const chunks: Uint8Array[] = [];
  for await (const chunk of runtime.stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function parseDocument(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON after all; a URL may still stand in it.
    return undefined;
  }
}

function nothingToExplain(input: string, isUrl: boolean): S3upError {
  return new S3upError(
    "USAGE",
    `There is no signed URL in ${isUrl ? "what was given" : input === "-" ? "stdin" : input}.`,
    {
      why: "Neither a URL nor a JSON document with one was found.",
      hint: "Give a URL in quotes, or a file that `s3up presign --json` wrote.",
    },
  );
}

function bothFromStdin(): S3upError {
  return new S3upError("USAGE", "Stdin cannot be both the URL and the answer.", {
    why: "The input and --response are both -.",
    hint: "Save one of them to a file.",
  });
}
