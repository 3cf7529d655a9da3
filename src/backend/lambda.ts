/** The entry point of the Lambda function: environment, clock and chance are taken here and nowhere else. */
import { randomBytes } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { macOfKey } from "../aws/key-mac.ts";
import { createMultipartControl } from "../aws/multipart.ts";
import { createSigner } from "../aws/presigner.ts";
import { createHandler } from "./handler.ts";
import type { Handler } from "./http-event.ts";
import { httpEventOf, type LambdaAnswer, lambdaAnswerOf } from "./lambda-event.ts";
import type { BackendPorts, LogEntry } from "./ports.ts";
import { failureText } from "./problems.ts";
import { type BackendSettings, backendSettings } from "./settings.ts";
import { withTokenSecrets } from "./token-key.ts";
import { uuidV7 } from "./uuid-v7.ts";

interface Backend {
  readonly settings: BackendSettings;
  readonly handle: Handler;
}

let backend: Promise<Backend> | undefined;

/** What Lambda calls. The client and its connections live as long as the execution environment does. */
export async function handler(event: unknown): Promise<LambdaAnswer> {
  backend ??= createBackend();
  const { settings, handle } = await backend.catch((error) => {
    // KMS may have been away for a moment; the environment lives on, and its next request tries again.
    backend = undefined;
    throw error;
  });
  return lambdaAnswerOf(await handle(httpEventOf(event, settings.auth)));
}

async function createBackend(): Promise<Backend> {
  try {
    const settings = await withTokenSecrets(backendSettings(process.env), macOfKey);
    return { settings, handle: createHandler(settings, await createPorts()) };
  } catch (error) {
    // Lambda itself logs the message alone, without the reason that names the bad variables.
    writeLog({ level: "error", operation: "start", unexpected: failureText(error) });
    throw error;
  }
}

/** Three tries fit into the thirty seconds that the gateway gives. */
const ANSWER_TIMEOUT_MS = 8_000;

async function createPorts(): Promise<BackendPorts> {
  // Nothing of what the SDK would add by itself: what is signed and sent is what was decided.
  const client = new S3Client({
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // Else the SDK warns, and goes on waiting for as long as the gateway does.
    requestHandler: { throwOnRequestTimeout: true },
  });
  const now = () => new Date();
  return {
    signer: await createSigner({ client, now }),
    multipart: createMultipartControl({ client, answerTimeoutMs: ANSWER_TIMEOUT_MS }),
    now,
    newId: () => uuidV7(now(), randomBytes(10)),
    deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
    log: writeLog,
  };
}

/** One JSON line for CloudWatch. */
function writeLog(entry: LogEntry | Pick<LogEntry, "level" | "operation" | "unexpected">): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}
