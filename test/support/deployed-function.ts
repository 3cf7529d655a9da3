/** The zip that is deployed, unpacked into an empty folder and run in a process of its own with nothing but its settings. */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LambdaAnswer } from "../../src/backend/lambda-event.ts";
import { zipEntries } from "./zip-entries.ts";

export const lambdaZip = fileURLToPath(new URL("../../dist-lambda/s3up-presign.zip", import.meta.url));
const runtime = fileURLToPath(new URL("lambda-process.mjs", import.meta.url));

export interface DeployedFunction {
  /** Rejects where Lambda would report an error of the function. */
  invoke(event: object): Promise<LambdaAnswer>;
  /** What it has written to its log so far. */
  log(): string;
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly ready?: true;
  readonly answer?: LambdaAnswer;
  readonly failure?: string;
}

export async function startFunction(env: Readonly<Record<string, string>>): Promise<DeployedFunction> {
  if (!existsSync(lambdaZip)) throw new Error("the zip is missing: run npm run build:lambda first");
  const folder = await mkdtemp(join(tmpdir(), "s3up-lambda-"));
  for (const { name, content } of zipEntries(readFileSync(lambdaZip))) await writeFile(join(folder, name), content);

  const child = fork(runtime, [pathToFileURL(join(folder, "lambda.mjs")).href], {
    cwd: folder,
    env: { AWS_EC2_METADATA_DISABLED: "true", AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", ...env },
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      written += text;
    });
  }
  const waiting = new Map<number, (message: Message) => void>();
  let calls = 0;
  await new Promise<void>((resolve, reject) => {
    child.on("message", (message: Message) => {
      if (message.ready) resolve();
      else waiting.get(message.id ?? -1)?.(message);
    });
    child.once("exit", () => reject(new Error(`the function did not load: ${written}`)));
  });

  return {
    invoke: async (event) => {
      calls += 1;
      const id = calls;
      const { answer, failure } = await new Promise<Message>((resolve) => {
        waiting.set(id, resolve);
        child.send({ id, event });
      });
      waiting.delete(id);
      if (answer === undefined) throw new Error(failure);
      return answer;
    },
    log: () => written,
    close: async () => {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve()).kill();
  });
}
