/** aws-chunked bodies, written out by hand. */
import type { ChunkChain } from "../../src/sandbox/caller.ts";
import { derivedKey, documented, hmacWith, sha256 } from "./signed-requests.ts";

/** The chain of AWS's example "PUT Object: uploading in chunks". */
export const exampleChain: ChunkChain = chainFrom("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");

export function chainFrom(seedSignature: string): ChunkChain {
  return {
    accessKeyId: documented.accessKeyId,
    signingKey: derivedKey(documented.secretAccessKey, documented.scope),
    timestamp: documented.time,
    scope: documented.scope,
    seedSignature,
    canonicalRequest: "the canonical request",
  };
}

/** `2a\r\n…\r\n0\r\n`, then the trailer's lines and the empty line. */
export function unsignedChunks(pieces: readonly Uint8Array[], trailer: readonly string[] = []): Buffer {
  const chunks = pieces.flatMap((piece) => [`${piece.length.toString(16)}\r\n`, piece, "\r\n"]);
  return join([...chunks, "0\r\n", ...trailer.map((line) => `${line}\r\n`), "\r\n"]);
}

/** The same with signatures; `trailer` is `name:value` and gets its own. */
export function signedChunks(pieces: readonly Uint8Array[], chain: ChunkChain, trailer?: string): Buffer {
  let previous = chain.seedSignature;
  const wire: (string | Uint8Array)[] = [];
  for (const piece of [...pieces, new Uint8Array()]) {
    previous = chunkSignature(previous, piece);
    wire.push(`${piece.length.toString(16)};chunk-signature=${previous}\r\n`, piece, piece.length > 0 ? "\r\n" : "");
  }
  if (trailer !== undefined) {
    const signature = trailerSignature(previous, `${trailer}\n`);
    wire.push(`${trailer}\r\n`, `x-amz-trailer-signature:${signature}\r\n`);
  }
  return join([...wire, "\r\n"]);
}

export function chunkSignature(previous: string, data: Uint8Array): string {
  return signature(["AWS4-HMAC-SHA256-PAYLOAD", documented.time, documented.scope, previous, sha256(""), sha256(data)]);
}

export function trailerSignature(previous: string, canonicalTrailer: string): string {
  return signature(["AWS4-HMAC-SHA256-TRAILER", documented.time, documented.scope, previous, sha256(canonicalTrailer)]);
}

function signature(lines: readonly string[]): string {
  return hmacWith(documented.secretAccessKey, documented.scope, lines.join("\n"));
}

function join(pieces: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}
