/** What a sandbox remembers of the requests it was sent. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { S3Operation } from "./operation.ts";

/** One request as it arrived. Holds no signature, token or query value. */
export interface RecordedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly queryNames: readonly string[];
  /** Undefined when the request was none that the sandbox knows. */
  readonly operation: S3Operation | undefined;
  /** Undefined when the connection ended without an answer. */
  readonly status: number | undefined;
  /** S3's code of the error that was answered; for a fault of the sandbox itself, what went wrong. */
  readonly error: string | undefined;
  /** Lower-case names; what authorises is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body that arrived, framing included. */
  readonly bodyBytes: number;
  /** The same for requests that came over the same connection. */
  readonly connectionId: number;
}

/** What came of a request. */
export type Outcome = Pick<RecordedRequest, "operation" | "status" | "error">;

/** The oldest are forgotten. */
const remembered = 20_000;

/** A referrer may be a presigned URL. */
const secretHeaders = ["authorization", "x-amz-security-token", "cookie", "referer"];

export class RequestLog {
  #requests: RecordedRequest[] = [];
  readonly #connections = new WeakMap<Socket, number>();
  #connectionCount = 0;

  /** Counts what arrives of the body, from now on. The function it gives is to be called once, at the end. */
  begin(message: IncomingMessage): (outcome: Outcome) => void {
    let bodyBytes = 0;
    // a listener alone would let the body flow before anybody reads it
    message.pause();
    message.on("data", (chunk: Buffer) => {
      bodyBytes += chunk.length;
    });
    const connectionId = this.#connectionOf(message.socket);
    return (outcome) => this.#keep({ ...describe(message), bodyBytes, connectionId, ...outcome });
  }

  all(): readonly RecordedRequest[] {
    return [...this.#requests];
  }

  #keep(request: RecordedRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > 2 * remembered) this.#requests = this.#requests.slice(-remembered);
  }

  #connectionOf(socket: Socket): number {
    const known = this.#connections.get(socket);
    if (known !== undefined) return known;
    this.#connectionCount += 1;
    this.#connections.set(socket, this.#connectionCount);
    return this.#connectionCount;
  }
}

function describe(message: IncomingMessage): Pick<RecordedRequest, "method" | "path" | "queryNames" | "headers"> {
  const [path = "", ...query] = (message.url ?? "").split("?");
  const headers = Object.entries(message.headers).filter(([name]) => !secretHeaders.includes(name));
  return {
    method: message.method ?? "",
    path,
    queryNames: [...new URLSearchParams(query.join("?")).keys()],
    headers: Object.fromEntries(headers.map(([name, value]) => [name, [value].flat().join(",")])),
  };
}
