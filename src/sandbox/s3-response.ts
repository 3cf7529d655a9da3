/** Answers on their way out, also to clients that are still sending. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { OutgoingAnswer } from "./faults.ts";
import type { S3Error } from "./s3-error.ts";
import { xmlDocument } from "./xml.ts";

/** What S3 gives every request, so that support can find it. */
export interface RequestIds {
  readonly requestId: string;
  readonly hostId: string;
}

/** S3's error document. @param resource path of the request, still encoded */
export function errorAnswer(error: S3Error, resource: string, { requestId, hostId }: RequestIds): OutgoingAnswer {
  const content = [
    ["Code", error.code],
    ["Message", error.message],
    ...Object.entries(error.details),
    ["Resource", resource],
    ["RequestId", requestId],
    ["HostId", hostId],
  ] as const;
  return {
    status: error.status,
    headers: { "content-type": "application/xml" },
    body: xmlDocument("Error", content, ""),
  };
}

/**
 * The error that hides in a success: S3 begins the document while it still works, keeps the connection awake with white
 * space, and ends it with what came of it.
 */
export function lateErrorAnswer(code: string, message: string, { requestId, hostId }: RequestIds): OutgoingAnswer {
  const content = [
    ["Code", code],
    ["Message", message],
    ["RequestId", requestId],
    ["HostId", hostId],
  ] as const;
  const document = xmlDocument("Error", content, "");
  const begun = document.indexOf("\n") + 1;
  const body = `${document.slice(0, begun)}${" ".repeat(20)}\n${document.slice(begun)}`;
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

/** A body that the client goes on sending after it was answered is read, so that the client gets to the answer; up to here. */
const maxDrainedBytes = 1024 ** 3;
/** A client that sends nothing for so long has either read the answer or is gone. */
const drainSilenceMilliseconds = 2000;

export interface SendingOptions {
  /** What is left of the connection's bytes cannot be told from the next request. */
  readonly mustClose: boolean;
  /** The client waits for a `100 Continue` that will not come. */
  readonly bodyHeldBack: boolean;
}

/** Settles when the answer has been handed over; rejects when the client is gone before. */
export async function sendAnswer(
  message: IncomingMessage,
  response: ServerResponse,
  answer: OutgoingAnswer,
  { mustClose, bodyHeldBack }: SendingOptions,
): Promise<void> {
  const stillSending = !message.complete;
  const closes = mustClose || stillSending;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...lengthOf(answer),
    ...(closes ? { connection: "close" } : {}),
  });
  if (answer.body instanceof Readable && message.method !== "HEAD") {
    await pipeline(answer.body, response);
    return;
  }
  if (message.method !== "HEAD" && answer.body !== undefined) response.write(answer.body);
  else response.flushHeaders();
  // ending a response that closes the connection closes it at once: a client with more to send would see a reset
  // instead of the answer
  if (stillSending && !bodyHeldBack) await drain(message);
  response.end();
}

function lengthOf({ status, headers, body }: OutgoingAnswer): Readonly<Record<string, string>> {
  if (headers["content-length"] !== undefined || body instanceof Readable) return {};
  if (status === 204 || status === 304) return {};
  return { "content-length": String(body === undefined ? 0 : Buffer.byteLength(body)) };
}

async function drain(message: IncomingMessage): Promise<void> {
  let drained = 0;
  await new Promise<void>((resolve) => {
    const silence = setTimeout(resolve, drainSilenceMilliseconds);
    const count = (chunk: Buffer) => {
      drained += chunk.length;
      silence.refresh();
      if (drained > maxDrainedBytes) resolve();
    };
    message.once("end", resolve).once("close", resolve).once("error", resolve).on("data", count);
    message.once("close", () => clearTimeout(silence));
    message.unpipe();
    message.resume();
  });
}
