/** The S3 half of the sandbox on the wire: every request gets exactly one answer, or a fault that somebody asked for. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { S3Answer } from "./context.ts";
import { corsHeaders } from "./cors.ts";
import type { AskedError, Faults, OutgoingAnswer, Strike } from "./faults.ts";
import { operationOf, type Target } from "./operation.ts";
import { type ReceivedRequest, receive } from "./received-request.ts";
import { type Outcome, RequestLog } from "./request-log.ts";
import { S3Error, s3Error } from "./s3-error.ts";
import { type Arrival, answerRequest, type S3World } from "./s3-exchange.ts";
import { errorAnswer, lateErrorAnswer, type RequestIds, sendAnswer } from "./s3-response.ts";

export interface S3Server {
  readonly server: Server;
  readonly log: RequestLog;
}

/** Idle connections stay open for longer than a client hesitates between two parts. */
const keepAliveMilliseconds = 60_000;

export function createS3Server(world: S3World, faults: Faults): S3Server {
  const log = new RequestLog();
  const serve = (message: IncomingMessage, response: ServerResponse, waits: boolean) => {
    const record = log.begin(message);
    void new Exchange(world, faults, message, response, waits).run().then(record);
  };
  const server = createServer({ keepAliveTimeout: keepAliveMilliseconds, requestTimeout: 0 });
  server.on("request", (message, response) => serve(message, response, false));
  // the client of an `Expect: 100-continue` holds its body back until it is asked for
  server.on("checkContinue", (message, response) => serve(message, response, true));
  return { server, log };
}

/** A request that was understood so far. */
interface Understood {
  readonly received: ReceivedRequest;
  readonly target: Target;
}

/** What is to be sent, and how the connection goes on. */
interface Reply {
  readonly answer: OutgoingAnswer;
  readonly error?: string;
  readonly mustClose?: boolean;
}

class Exchange {
  readonly #world: S3World;
  readonly #faults: Faults;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #ids: RequestIds;
  /** The client waits for `100 Continue`. */
  #waits: boolean;

  constructor(world: S3World, faults: Faults, message: IncomingMessage, response: ServerResponse, waits: boolean) {
    this.#world = world;
    this.#faults = faults;
    this.#message = message;
    this.#response = response;
    this.#waits = waits;
    this.#ids = {
      requestId: world.newId().slice(0, 16).toUpperCase(),
      hostId: Buffer.from(world.newId()).toString("base64"),
    };
  }

  async run(): Promise<Outcome> {
    const understood = this.#understand();
    if (understood instanceof S3Error) return await this.#send(this.#failure(understood), undefined);
    const { operation } = understood.target;
    const partNumber = Number(understood.received.query.get("partNumber") ?? Number.NaN);
    const strike = this.#faults.strike({ operation, ...(partNumber > 0 ? { partNumber } : {}) });

    const beginning = await strike.begin(this.#message, this.#response);
    if (beginning.kind === "gone") return { operation, status: undefined, error: undefined };
    if (beginning.kind === "page") {
      const { status, contentType, body } = beginning;
      return await this.#send({ answer: { status, headers: { "content-type": contentType }, body } }, understood);
    }
    if (beginning.kind === "error") return await this.#send(this.#askedFailure(beginning), understood);
    return await this.#send(await this.#reply(understood, strike), understood, strike);
  }

  #understand(): Understood | S3Error {
    try {
      const received = receive(this.#message);
      return { received, target: operationOf(received) };
    } catch (error) {
      return error instanceof S3Error ? error : s3Error("InternalError");
    }
  }

  async #reply(understood: Understood, strike: Strike): Promise<Reply> {
    const arrival: Arrival = {
      message: this.#message,
      openBody: () => {
        if (this.#waits) this.#response.writeContinue();
        this.#waits = false;
        return strike.body(this.#message);
      },
    };
    try {
      return { answer: outgoing(await answerRequest(this.#world, understood.received, understood.target, arrival)) };
    } catch (error) {
      return error instanceof S3Error ? this.#failure(error) : this.#bug(error);
    }
  }

  #failure(error: S3Error): Reply {
    const answer = errorAnswer(error, this.#path(), this.#ids);
    return { answer, error: error.code, mustClose: error.closeConnection };
  }

  /** Not the client's doing: it gets S3's word for it, and the log gets the reason. */
  #bug(error: unknown): Reply {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...this.#failure(s3Error("InternalError")), error: reason };
  }

  #askedFailure({ status, code, message, details = {}, headers = {} }: AskedError): Reply {
    if (status === 200) return { answer: lateErrorAnswer(code, message, this.#ids), error: code };
    const error = new S3Error(code as S3Error["code"], message, details, false);
    const answer = errorAnswer(error, this.#path(), this.#ids);
    return { answer: { ...answer, status, headers: { ...answer.headers, ...headers } }, error: code };
  }

  async #send(reply: Reply, understood: Understood | undefined, strike?: Strike): Promise<Outcome> {
    const outcome = { operation: understood?.target.operation, error: reply.error };
    const { requestId, hostId } = this.#ids;
    const common = {
      "x-amz-request-id": requestId,
      "x-amz-id-2": hostId,
      date: this.#world.now().toUTCString(),
      server: "s3up-sandbox",
      ...(understood === undefined ? {} : await this.#crossOrigin(understood)),
    };
    const complete = { ...reply.answer, headers: { ...common, ...reply.answer.headers } };
    const answer = strike?.alter(complete) ?? complete;
    if (this.#response.destroyed || (await strike?.cut(this.#response, answer)))
      return { ...outcome, status: undefined };
    try {
      // a client that still waits to be asked for its body will not send it
      await sendAnswer(this.#message, this.#response, answer, {
        mustClose: reply.mustClose === true,
        bodyHeldBack: this.#waits,
      });
      return { ...outcome, status: answer.status };
    } catch (error) {
      // the client left in the middle of the answer, or the answer could not be read to its end
      this.#response.destroy();
      return { ...outcome, status: answer.status, error: outcome.error ?? String(error) };
    }
  }

  async #crossOrigin({ received, target }: Understood): Promise<Readonly<Record<string, string>>> {
    if (target.operation === "PreflightRequest" || received.headers.origin === undefined) return {};
    if (this.#world.buckets.get(target.bucket) === undefined) return {};
    return corsHeaders(await this.#world.settings.corsRules(target.bucket), received.headers, received.method);
  }

  #path(): string {
    return this.#message.url?.split("?")[0] ?? "/";
  }
}

function outgoing({ status, headers = {}, body }: S3Answer): OutgoingAnswer {
  return { status, headers, ...(body === undefined ? {} : { body }) };
}
