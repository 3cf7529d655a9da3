/**
 * One HTTP request and its answer, on a connection of the given agent.
 *
 * The body is written block by block, each one after the callback of the one before. `drain` is not waited for: on a
 * kept-alive TLS connection it was seen never to come. Each callback is progress; a request without any is dead.
 */
import http from "node:http";
import https from "node:https";
import { S3upError } from "../errors.ts";
import type { SignedRequest } from "../protocol/messages.ts";
import { type RequestBody, SendFailure, type SendOptions, type SentAnswer } from "../upload/transport.ts";
import { bareHost } from "./host-name.ts";
import type { ReadyConnections } from "./ready-connections.ts";

/** A request as it goes out: one that was signed, or the question of a browser whether it may send one. */
export interface OutgoingRequest extends Pick<SignedRequest, "url" | "headers"> {
  readonly method: SignedRequest["method"] | "OPTIONS";
}

export interface ExchangeLimits {
  readonly connectTimeoutMs: number;
  /** While the body leaves and while the answer arrives. */
  readonly stallTimeoutMs: number;
  /** From the last byte of the body to the first of the answer. */
  readonly answerTimeoutMs: number;
}

export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
  /** Undefined where the way leads through a proxy, whose tunnels are opened as they are needed. */
  readonly ready?: ReadyConnections;
  /** The error of a 407 to a plain request; undefined where it does not go through a proxy. */
  readonly refusedByProxy?: (url: string) => S3upError | undefined;
}

/** Bytes of one write. Small, because on a slow line each must have left before the stall timeout. */
const writeSize = 256 * 1024;
/** A server that closed an idle connection has not let more than this through before its reset arrives. */
const unseenBody = 1024 * 1024;
/** Bytes of an answer that are kept when nobody asks for more. */
const usuallyKept = 64 * 1024;
/** More than this is read of no answer: the connection is closed instead. */
const longestAnswer = 16 * 1024 * 1024;

/** @throws SendFailure without an answer, the signal's reason when it aborts, whatever `body` throws */
export async function exchange(
  agents: Agents,
  request: OutgoingRequest,
  body: RequestBody | undefined,
  options: SendOptions,
  limits: ExchangeLimits,
): Promise<SentAnswer> {
  options.signal.throwIfAborted();
  const outgoing = openRequest(agents, request, options.contentLength);
  const line = watchLine(outgoing, options, limits);
  // Both: a body that is still being read may not be given back, a socket that still sends may not lose its blocks.
  const [answered] = await Promise.allSettled([line.answer, writeBody(outgoing, body ?? [], line, options)]);
  if (answered.status === "rejected") throw answered.reason;
  return answered.value;
}

function openRequest(agents: Agents, request: OutgoingRequest, contentLength: number): http.ClientRequest {
  const { protocol, hostname, host, port } = new URL(request.url);
  const hasBody = request.method === "PUT" || request.method === "POST";
  const secure = protocol === "https:";
  return (secure ? https : http).request({
    agent: secure ? agents.https : agents.http,
    method: request.method,
    hostname: bareHost(hostname),
    port,
    path: pathOf(request.url),
    headers: { ...request.headers, host, ...(hasBody ? { "content-length": contentLength } : {}) },
  });
}

/** As it was signed: a parsed URL would have its dot segments resolved. */
function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] || "/";
}

/** A request on its way, as the writer of the body sees it. */
interface Line {
  /** Settles when the answer is complete and the body has left, or when the socket is gone. */
  readonly answer: Promise<SentAnswer>;
  /** True when no more is to be written. */
  readonly over: () => boolean;
  /** Settles when there is no more to be written. */
  readonly end: Promise<void>;
  readonly sent: (bytes: number) => void;
  readonly bodySent: () => void;
  readonly fail: (error: unknown) => void;
}

function watchLine(
  outgoing: http.ClientRequest,
  { signal, keptAnswer = usuallyKept }: SendOptions,
  limits: ExchangeLimits,
): Line {
  const { promise: answer, resolve, reject } = deferred<SentAnswer>();
  const { promise: end, resolve: endWriting } = deferred<void>();
  const timer = createDeadline((reason) => fail(reason));
  let response: http.IncomingMessage | undefined;
  let complete: SentAnswer | undefined;
  let failure: { readonly error: unknown } | undefined;
  let sentBytes = 0;
  let bodyGone = false;
  let over = false;

  const asSendFailure = (error: unknown) =>
    asFailure(error, outgoing.reusedSocket && response === undefined && sentBytes <= unseenBody);

  const aborted = () => fail(signal.reason);
  signal.addEventListener("abort", aborted, { once: true });

  function settle(act: () => void): void {
    over = true;
    timer.stop();
    signal.removeEventListener("abort", aborted);
    endWriting();
    act();
  }

  function fail(error: unknown): void {
    if (over) return;
    failure ??= { error };
    outgoing.destroy();
    // One that still waits for a connection would not be told of its end until another has let go of one.
    if (outgoing.socket === null) settle(() => reject(error));
  }

  outgoing.on("socket", (socket) => whenConnected(socket, timer, limits));
  outgoing.on("response", (incoming) => {
    response = incoming;
    timer.arm(limits.stallTimeoutMs, () => stalled("while the answer arrived"));
    readAnswer(incoming, keptAnswer, timer.refresh, (read) => {
      complete = read;
      // Refused before it was read to the end: the rest of the body would be taken for the next request.
      if (read.status >= 300 && !bodyGone) outgoing.destroy();
    });
  });
  outgoing.on("error", (error) => {
    if (complete === undefined) failure ??= { error: asSendFailure(error) };
  });
  // Not before, though the answer is known: only now its connection is free for the next request.
  outgoing.on("close", () => {
    if (over) return;
    const result = complete;
    if (result !== undefined && failure === undefined) settle(() => resolve(result));
    else settle(() => reject(failure?.error ?? asSendFailure(undefined)));
  });

  return {
    answer,
    end,
    over: () => over || failure !== undefined || (complete !== undefined && complete.status >= 300),
    sent: (bytes) => {
      sentBytes += bytes;
      timer.refresh();
    },
    bodySent: () => {
      bodyGone = true;
      if (response === undefined) timer.arm(limits.answerTimeoutMs, () => stalled("while the answer was awaited"));
    },
    fail,
  };
}

async function writeBody(
  outgoing: http.ClientRequest,
  body: RequestBody,
  line: Line,
  { onSent }: SendOptions,
): Promise<void> {
  try {
    for await (const block of body) {
      for (let start = 0; start < block.byteLength; start += writeSize) {
        if (line.over()) return;
        const piece = block.subarray(start, start + writeSize);
        const left = await Promise.race([write(outgoing, piece), line.end]);
        if (left !== true) return;
        line.sent(piece.byteLength);
        onSent?.(piece.byteLength);
      }
    }
    if (line.over()) return;
    outgoing.end();
    line.bodySent();
  } catch (error) {
    line.fail(error);
    await line.end;
  }
}

/** True when the block has left; the error itself is an event of the request. */
function write(outgoing: http.ClientRequest, piece: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    outgoing.write(piece, (error) => resolve(!error));
  });
}

function readAnswer(
  incoming: http.IncomingMessage,
  keptAnswer: number,
  moved: () => void,
  done: (answer: SentAnswer) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  incoming.on("data", (chunk: Buffer) => {
    moved();
    if (length < keptAnswer) chunks.push(chunk.subarray(0, keptAnswer - length));
    length += chunk.byteLength;
    if (length > longestAnswer) incoming.destroy();
  });
  incoming.on("end", () => {
    if (!incoming.complete) return;
    done({
      status: incoming.statusCode ?? 0,
      headers: flatten(incoming.headers),
      body: Buffer.concat(chunks).toString("utf8"),
    });
  });
  // The request's own "close" tells; without a listener a broken answer would be an uncaught error.
  incoming.on("error", () => {});
}

function flatten(headers: http.IncomingHttpHeaders): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]));
}

/** While it waits for a free connection of the agent a request has no deadline. */
function whenConnected(
  socket: NonNullable<http.ClientRequest["socket"]>,
  timer: Deadline,
  limits: ExchangeLimits,
): void {
  const sending = () => timer.arm(limits.stallTimeoutMs, () => stalled("while the body was sent"));
  if (!socket.connecting) {
    sending();
    return;
  }
  timer.arm(limits.connectTimeoutMs, () => new SendFailure("connect", "no connection within the connect timeout"));
  socket.once("encrypted" in socket ? "secureConnect" : "connect", sending);
}

interface Deadline {
  arm(milliseconds: number, reason: () => SendFailure): void;
  refresh(): void;
  stop(): void;
}

function createDeadline(pass: (reason: SendFailure) => void): Deadline {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  return {
    arm(milliseconds, reason) {
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(() => pass(reason()), milliseconds);
    },
    refresh: () => void timer?.refresh(),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function stalled(when: string): SendFailure {
  return new SendFailure("stalled", `nothing moved ${when}`);
}

const reasonOfCode: readonly (readonly [RegExp, SendFailure["reason"]])[] = [
  [/^(ENOTFOUND|EAI_)/, "dns"],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL|ETIMEDOUT|ENETDOWN|EPROXY)$/, "connect"],
  [/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO$|HOSTNAME_MISMATCH)/, "tls"],
  [/^HPE_/, "protocol"],
  [/^(EMFILE|ENFILE)$/, "descriptors"],
];

/** A proxy that refuses for good has an error of its own. */
function asFailure(error: unknown, reusedSocket: boolean): SendFailure | S3upError {
  if (error instanceof S3upError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = reasonOfCode.find(([pattern]) => pattern.test(code))?.[1] ?? "reset";
  const message = code === "" ? "the connection was closed before the answer was complete" : code;
  const proxyDetail: unknown = error instanceof Error ? Reflect.get(error, "proxyDetail") : undefined;
  const detail = typeof proxyDetail === "string" ? proxyDetail : undefined;
  return new SendFailure(reason, message, { reusedSocket, cause: error, detail });
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function deferred<T>(): Deferred<T> {
  let settlers: Omit<Deferred<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settlers = { resolve, reject };
  });
  return { promise, ...(settlers as Omit<Deferred<T>, "promise">) };
}
