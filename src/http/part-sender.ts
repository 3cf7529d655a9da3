/**
 * Sends signed requests over kept-alive connections: one for each request that is under way, none for each part.
 */
import http from "node:http";
import https from "node:https";
import type { PartSender, RequestBody, SendOptions, SentAnswer } from "../upload/transport.ts";
import { type Agents, exchange, type OutgoingRequest } from "./exchange.ts";

/** Also asks what no upload has to ask. */
export interface WebSender extends PartSender {
  send(request: OutgoingRequest, body: RequestBody | undefined, options: SendOptions): Promise<SentAnswer>;
}

export interface PartSenderOptions {
  /** Connections at a time to one host, at most; further requests wait for a free one. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** A request without progress for so long is dead. The server may take twice as long before it begins to answer. */
  readonly stallTimeoutMs: number;
  /** PEM; trusted instead of Node's own list, as `AWS_CA_BUNDLE` has it. */
  readonly certificates?: string | undefined;
  /** Take the place of direct connections, for instance to go through a proxy; closed by the sender. */
  readonly agents?: Agents | undefined;
}

export function createPartSender(options: PartSenderOptions): WebSender {
  const agents = options.agents ?? directAgents(options);
  const { connectTimeoutMs, stallTimeoutMs } = options;
  return {
    send: (request, body, send) =>
      exchange(agents, request, body, send, {
        connectTimeoutMs,
        stallTimeoutMs,
        answerTimeoutMs: send.answerTimeoutMs ?? 2 * stallTimeoutMs,
      }),
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function directAgents({ connections, certificates }: PartSenderOptions): Agents {
  // Last in, first out: idle connections beyond those in use age and close instead of taking turns.
  const settings = {
    keepAlive: true,
    maxSockets: connections,
    maxFreeSockets: connections,
    scheduling: "lifo",
  } as const;
  return {
    http: new http.Agent(settings),
    https: new https.Agent({ ...settings, ...(certificates === undefined ? {} : { ca: certificates }) }),
  };
}
