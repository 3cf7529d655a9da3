/** Bodies in AWS's own chunk framing (`aws-chunked`), by hand, so that a probe can break any piece of them. */
import { amzDate, type Identity, type Scope, scopeText, sha256Hex, signText } from "./sigv4.ts";

const emptyHash = sha256Hex("");

export interface Trailer {
  readonly name: string;
  readonly value: string;
}

/** `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: the chunks as they are, then the trailer. */
export function unsignedChunks(chunks: readonly Buffer[], trailer?: Trailer): Buffer {
  const framed = chunks.map((chunk) => Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, crlf]));
  const end = trailer === undefined ? "0\r\n\r\n" : `0\r\n${trailer.name}:${trailer.value}\r\n\r\n`;
  return Buffer.concat([...framed, Buffer.from(end)]);
}

const crlf = Buffer.from("\r\n");

/** `STREAMING-AWS4-HMAC-SHA256-PAYLOAD[-TRAILER]`: each chunk is signed, and each signature covers the one before it. */
export function signedChunks(
  chunks: readonly Buffer[],
  seed: string,
  who: Identity,
  scope: Scope,
  trailer?: Trailer,
): Buffer {
  let previous = seed;
  const framed = [...chunks, Buffer.alloc(0)].map((chunk) => {
    const head = ["AWS4-HMAC-SHA256-PAYLOAD", amzDate(scope.at), scopeText(scope), previous, emptyHash];
    previous = signText([...head, sha256Hex(chunk)].join("\n"), who, scope);
    const line = Buffer.from(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`);
    // The last chunk is empty; where a trailer follows, it stands where that chunk's data would.
    return chunk.length === 0 ? line : Buffer.concat([line, chunk, crlf]);
  });
  if (trailer === undefined) return Buffer.concat([...framed, crlf]);
  const text = `${trailer.name}:${trailer.value}\n`;
  const head = ["AWS4-HMAC-SHA256-TRAILER", amzDate(scope.at), scopeText(scope), previous];
  const signed = signText([...head, sha256Hex(text)].join("\n"), who, scope);
  const end = `${trailer.name}:${trailer.value}\r\nx-amz-trailer-signature:${signed}\r\n\r\n`;
  return Buffer.concat([...framed, Buffer.from(end)]);
}
