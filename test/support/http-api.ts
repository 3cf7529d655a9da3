/**
 * An HTTP API of API Gateway on loopback, as far as clients notice it: its routes and nothing else, its authorizer, its
 * limits, and its CORS, which the gateway applies by itself.
 * Source: API Gateway Developer Guide, "Configure CORS for HTTP APIs" and "Quotas for HTTP APIs".
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { LambdaAnswer } from "../../src/backend/lambda-event.ts";
import { type GatewayRequest, gatewayEvent } from "./gateway-events.ts";

export interface GatewayCors {
  readonly allow_origins: readonly string[];
  readonly allow_methods: readonly string[];
  /** Lower case. */
  readonly allow_headers: readonly string[];
  readonly expose_headers: readonly string[];
  readonly max_age: number;
}

export interface HttpApiOptions {
  /** `POST /presign` and the like. */
  readonly routes: readonly string[];
  readonly cors?: GatewayCors;
  readonly invoke: (event: object) => Promise<LambdaAnswer>;
  /** What the authorizer makes of a request: its context, or undefined for a 401. Not given: all routes are open. */
  readonly authorizer?: (headers: Readonly<Record<string, string>>) => object | undefined;
}

export interface HttpApi {
  /** `http://127.0.0.1:…`, without a path. */
  readonly url: string;
  close(): Promise<void>;
}

const mostBytes = 10 * 1024 ** 2;

export async function startHttpApi(options: HttpApiOptions): Promise<HttpApi> {
  const server = createServer((request, response) => {
    serve(options, request, response).catch(() => answer(response, 500, { message: "Internal Server Error" }));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(options: HttpApiOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = headersOf(request);
  for (const [name, value] of Object.entries(corsHeaders(options.cors, headers.origin)))
    response.setHeader(name, value);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);

  const { method = "GET" } = request;
  // With CORS configured a preflight is answered by the gateway, whatever routes and authorizers there are.
  if (method === "OPTIONS" && options.cors !== undefined && headers.origin !== undefined)
    return answerPreflight(options.cors, headers, response);
  const { pathname: path } = new URL(request.url ?? "/", "http://gateway");
  if (!options.routes.includes(`${method} ${path}`)) return answer(response, 404, { message: "Not Found" });
  if (body.length > mostBytes) return answer(response, 413, { message: "Request Entity Too Large" });
  const authorizer = options.authorizer?.(headers);
  if (options.authorizer !== undefined && authorizer === undefined)
    return answer(response, 401, { message: "Unauthorized" });

  const event = gatewayEvent({
    method,
    path,
    headers,
    ...(authorizer === undefined ? {} : { authorizer }),
    ...bodyPart(headers, body),
  });
  const { statusCode, headers: ownHeaders, body: text } = await options.invoke(event);
  // The gateway drops the CORS headers of the integration where it has its own.
  for (const [name, value] of Object.entries(ownHeaders))
    if (!name.startsWith("access-control-")) response.setHeader(name, value);
  response.writeHead(statusCode, { "apigw-requestid": "JKJaXmPLvHcESHA=" }).end(text);
}

/** Text goes as it is, everything else in base64. */
function bodyPart(headers: Readonly<Record<string, string>>, body: Buffer): Pick<GatewayRequest, "body" | "base64"> {
  if (body.length === 0) return {};
  const isText = /^(text\/|application\/(json|xml|javascript))/.test(headers["content-type"] ?? "");
  return { body: body.toString(isText ? "utf8" : "latin1"), base64: !isText };
}

function corsHeaders(cors: GatewayCors | undefined, origin: string | undefined): Readonly<Record<string, string>> {
  if (cors === undefined || origin === undefined || !cors.allow_origins.includes(origin)) return {};
  return {
    "access-control-allow-origin": origin,
    vary: "origin",
    ...(cors.expose_headers.length === 0 ? {} : { "access-control-expose-headers": cors.expose_headers.join(",") }),
  };
}

function answerPreflight(cors: GatewayCors, headers: Readonly<Record<string, string>>, response: ServerResponse): void {
  if (cors.allow_origins.includes(headers.origin ?? "")) {
    response.setHeader("access-control-allow-methods", cors.allow_methods.join(","));
    response.setHeader("access-control-allow-headers", cors.allow_headers.join(","));
    response.setHeader("access-control-max-age", String(cors.max_age));
  }
  response.writeHead(204).end();
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(",")]));
}
