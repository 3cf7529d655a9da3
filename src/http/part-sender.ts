/**
 * Sends signed requests over kept-alive connections: one for each request that is under way, none for each part.
 */
import type { PartSender, RequestBody, SendOptions, SentAnswer } from "../upload/transport.ts";
import { type AgentOptions, createAgents } from "./agents.ts";
import { type Agents, exchange, type OutgoingRequest } from "./exchange.ts";

/** Also asks what no upload has to ask. */
export interface WebSender extends PartSender {
  send(request: OutgoingRequest, body: RequestBody | undefined, options: SendOptions): Promise<SentAnswer>;
}

export interface PartSenderOptions extends AgentOptions {
  /** A request without progress for so long is dead. The server may take twice as long before it begins to answer. */
  readonly stallTimeoutMs: number;
  /** Take the place of the sender's own; closed by the sender. */
  readonly agents?: Agents | undefined;
}

/** Times the stall timeout. */
const usualPatience = 2;

export function createPartSender(options: PartSenderOptions): WebSender {
  const agents = options.agents ?? createAgents(options);
  const { connectTimeoutMs, stallTimeoutMs } = options;
  const { ready } = agents;
  return {
    ...(ready === undefined ? {} : { connect: ready.connect, roundTrip: ready.roundTrip }),
    async send(request, body, send) {
      const answer = await exchange(agents, request, body, send, {
        connectTimeoutMs,
        stallTimeoutMs,
        answerTimeoutMs: send.answerTimeoutMs ?? (send.answerPatience ?? usualPatience) * stallTimeoutMs,
      });
      const refused = answer.status === 407 ? agents.refusedByProxy?.(request.url) : undefined;
      if (refused !== undefined) throw refused;
      return answer;
    },
    close() {
      ready?.close();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
