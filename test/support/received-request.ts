import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { type ReceivedRequest, receive } from "../../src/sandbox/received-request.ts";

/** A request as the sandbox sees it: `anIncomingRequest("PUT /drop/a?partNumber=1", { host: "localhost" }, "body")`. */
export function anIncomingRequest(
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array | readonly Uint8Array[] = "",
): ReceivedRequest {
  const [method, url] = line.split(" ");
  const chunks = Array.isArray(body) ? body : [Buffer.from(body as string)];
  const message = Object.assign(Readable.from(chunks, { objectMode: false }), {
    method,
    url,
    rawHeaders: Object.entries(headers).flat(),
  });
  return receive(message as unknown as IncomingMessage);
}
