/**
 * The presign half of the sandbox: the backend's own handler behind an imitation of the gateway that stands in front of
 * it in AWS (API Gateway, HTTP API), the upload page, and a page about the sandbox. The one file of the sandbox that knows the backend and the SDK.
 */
import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import { S3Client } from "@aws-sdk/client-s3";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono, type Next } from "hono";
import { createMultipartControl } from "../aws/multipart.ts";
import { createSigner } from "../aws/presigner.ts";
import { createHandler } from "../backend/handler.ts";
import type { Handler, HttpAnswer } from "../backend/http-event.ts";
import type { LogEntry } from "../backend/ports.ts";
import { backendSettings } from "../backend/settings.ts";
import { uuidV7 } from "../backend/uuid-v7.ts";
import { ACCOUNT_ID } from "./context.ts";
import type { Beginning, Faults } from "./faults.ts";
import { isLoopbackHost, isLoopbackOrigin, LOOPBACK, listenOnLoopback } from "./loopback.ts";
import { pageFile } from "./page-files.ts";
import { startPage, startPageHeaders } from "./start-page.ts";

export interface PresignAppOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** Address of the S3 half. */
  readonly s3: string;
  readonly bucket: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Variables of the backend, such as `MAX_SIZE`; they win over the sandbox's own. */
  readonly limits: Readonly<Record<string, string>>;
  readonly faults: Faults;
  readonly now: () => Date;
  readonly log: (entry: LogEntry) => void;
}

export interface PresignApp {
  /** Ends in `/presign`. */
  readonly url: string;
  close(): Promise<void>;
}

type Env = { readonly Bindings: HttpBindings };

/** A gateway refuses longer bodies before the backend sees them (quota of API Gateway). */
const maxBodyBytes = 10 * 1024 ** 2;
/** As in `backend/lambda.ts`. */
const answerTimeoutMs = 8_000;

/** @throws S3upError CONFIG_INVALID for limits that the backend does not take, NETWORK when the port is taken */
export async function startPresignApp(options: PresignAppOptions): Promise<PresignApp> {
  const client = sdkClient(options);
  const handler = await backend(options, client);
  // the page names the addresses, which are known only once the port is
  let url = "";
  const app = createApp(options, handler, () => url);
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const port = await listenOnLoopback(server, options.port).catch((error) => {
    client.destroy();
    throw error;
  });
  url = `http://${LOOPBACK}:${port}/presign`;
  return {
    url,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      client.destroy();
    },
  };
}

function sdkClient({ s3, region, credentials }: PresignAppOptions): S3Client {
  return new S3Client({
    endpoint: s3,
    region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { throwOnRequestTimeout: true },
  });
}

async function backend(options: PresignAppOptions, client: S3Client): Promise<Handler> {
  const { bucket, credentials, limits, now, log } = options;
  // derived, so that an upload can go on after the sandbox was started again over the same directory
  const tokenSecret = createHash("sha256").update(`upload token ${credentials.secretAccessKey}`).digest("hex");
  const settings = backendSettings({
    BUCKET: bucket,
    AUTH: "none",
    TOKEN_SECRET: tokenSecret,
    IDEMPOTENT_CREATE: "true",
    ...limits,
  });
  return createHandler(settings, {
    signer: await createSigner({ client, now }),
    multipart: createMultipartControl({ client, answerTimeoutMs }),
    now,
    newId: () => uuidV7(now(), randomBytes(10)),
    deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
    log,
  });
}

function createApp(options: PresignAppOptions, handler: Handler, url: () => string): Hono<Env> {
  const app = new Hono<Env>();
  app.use(refuseOtherHosts);
  app.get("/sandbox", (context) => {
    const { s3, bucket, region, credentials } = options;
    const nonce = randomBytes(16).toString("base64");
    const env = {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ACCOUNT_ID: ACCOUNT_ID,
      AWS_REGION: region,
      AWS_ENDPOINT_URL_S3: s3,
      S3UP_ENDPOINT: url(),
    };
    return context.body(startPage({ s3, bucket, presign: url(), env }, nonce), 200, startPageHeaders(nonce));
  });
  for (const route of ["/presign", "/presign/*"]) {
    app.use(route, crossOrigin);
    app.all(route, (context) => integrate(context, handler, options));
  }
  app.get("*", async (context, next) => {
    const file = await pageFile(context.req.path, options.s3);
    if (file === undefined) return next();
    return context.body(file.body, 200, file.headers);
  });
  app.notFound((context) => context.json({ message: "Not Found" }, 404));
  app.onError((error, context) => {
    const requestId = uuidV7(options.now(), randomBytes(10));
    const unexpected = `${error.name}: ${error.message}`;
    options.log({ level: "error", operation: "gateway", status: 500, requestId, unexpected });
    return context.json({ message: "Internal Server Error" }, 500);
  });
  return app;
}

async function refuseOtherHosts(context: Context<Env>, next: Next): Promise<Response | undefined> {
  if (!isLoopbackHost(context.req.header("host"))) return context.json({ message: "Forbidden" }, 403);
  await next();
  return undefined;
}

/** As the gateway does where its CORS is configured: it answers every preflight itself, and adds the headers to the rest. */
async function crossOrigin(context: Context<Env>, next: Next): Promise<Response | undefined> {
  const origin = context.req.header("origin");
  const allowed = origin !== undefined && isLoopbackOrigin(origin);
  const grant = allowed ? { "access-control-allow-origin": origin, vary: "origin" } : {};
  if (context.req.method === "OPTIONS") {
    const permissions = {
      "access-control-allow-methods": "GET,POST,OPTIONS",
      "access-control-allow-headers": "content-type,authorization",
      "access-control-max-age": "300",
    };
    return context.body(null, 204, allowed ? { ...grant, ...permissions } : {});
  }
  await next();
  for (const [name, value] of Object.entries(grant)) context.header(name, value);
  return undefined;
}

/** The gateway's way to its integration and back, with the faults that were asked for `Presign`. */
async function integrate(context: Context<Env>, handler: Handler, options: PresignAppOptions): Promise<Response> {
  const { incoming, outgoing } = context.env;
  const strike = options.faults.strike({ operation: "Presign" });
  const beginning = await strike.begin(incoming, outgoing);
  if (beginning.kind === "gone") return RESPONSE_ALREADY_SENT;
  const failure = gatewayFailure(context, beginning);
  if (failure !== undefined) return failure;

  const body = await readBody(strike.body(incoming));
  if (body === undefined) return context.json({ message: "Request Too Long" }, 413);
  const requestId = uuidV7(options.now(), randomBytes(10));
  const answer = await handler({
    method: context.req.method,
    path: context.req.path,
    headers: headersOf(incoming),
    body,
    requestId,
  });
  if (await strike.cut(outgoing, answer)) return RESPONSE_ALREADY_SENT;
  return toResponse(answer, requestId);
}

function gatewayFailure(context: Context<Env>, beginning: Beginning): Response | undefined {
  if (beginning.kind === "page") {
    return context.body(beginning.body, 502, { "content-type": beginning.contentType });
  }
  if (beginning.kind !== "error") return undefined;
  if (beginning.status === 503) return context.json({ message: "Too Many Requests" }, 429);
  if (beginning.code === "ExpiredToken") return context.json({ message: "The incoming token has expired" }, 401);
  if (beginning.status === 403) return context.json({ message: "Forbidden" }, 403);
  return context.json({ message: "Internal Server Error" }, beginning.status === 200 ? 200 : 500);
}

/** Undefined when it is longer than the gateway takes. */
async function readBody(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(",")]));
}

function toResponse({ status, headers, body }: HttpAnswer, requestId: string): Response {
  return new Response(body === "" ? null : body, { status, headers: { ...headers, "apigw-requestid": requestId } });
}
