/** Answers under a fault: another ETag, a part of the bytes, or none. */
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { FaultKind } from "./fault-rule.ts";
import type { OutgoingAnswer } from "./faults.ts";

/** A well-formed ETag that belongs to no object: 32 hexadecimal digits like S3's, and obviously made up. */
const foreignEtag = `"${"0badc0de".repeat(4)}"`;

/** Only answers that name an ETag change: in the header, or in the XML of a completed upload. */
export function withOtherEtag<A extends OutgoingAnswer>(answer: A): A {
  const headers = answer.headers.etag === undefined ? answer.headers : { ...answer.headers, etag: foreignEtag };
  if (typeof answer.body !== "string") return { ...answer, headers };
  const body = answer.body.replaceAll(/<ETag>[^<]*<\/ETag>/g, `<ETag>${foreignEtag.replaceAll('"', "&quot;")}</ETag>`);
  const length = headers["content-length"] === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return { ...answer, headers: { ...headers, ...length }, body };
}

/** How an answer is kept from its client: how much of it is sent, and whether the connection ends then. */
const cuts = {
  "lost-answer": { half: false, ends: true },
  truncated: { half: true, ends: true },
  silent: { half: false, ends: false },
  "stalled-answer": { half: true, ends: false },
} as const;

type Cutting = keyof typeof cuts;

export function isCutting(kind: FaultKind): kind is Cutting {
  return Object.hasOwn(cuts, kind);
}

/** Sends half of the answer or nothing, and no more; without an end the client waits. */
export async function cutAnswer(response: ServerResponse, answer: OutgoingAnswer, kind: Cutting): Promise<void> {
  const { half, ends } = cuts[kind];
  if (half) await writeSome(response, answer);
  else if (answer.body instanceof Readable) answer.body.destroy();
  if (ends) response.socket?.destroy();
}

/** Half of a body, or the beginning of the status line where there is no body to break. */
async function writeSome(response: ServerResponse, { status, headers, body }: OutgoingAnswer): Promise<void> {
  const whole = await firstBytes(body);
  if (whole.length === 0) {
    await new Promise<void>((resolve) => response.socket?.write(`HTTP/1.1 ${status}`, () => resolve()) ?? resolve());
    return;
  }
  const half = whole.subarray(0, Math.floor(whole.length / 2));
  const length = headers["content-length"] ?? String(whole.length);
  response.writeHead(status, { ...headers, "content-length": length });
  await new Promise<void>((resolve) => response.write(half, () => resolve()));
}

async function firstBytes(body: OutgoingAnswer["body"]): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (!(body instanceof Readable)) return Buffer.from(body as string | Uint8Array);
  for await (const chunk of body) return Buffer.from(chunk); // leaving the loop destroys the stream
  return Buffer.alloc(0);
}
