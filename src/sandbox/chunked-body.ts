/**
 * The aws-chunked encoding. Sources: "Signature calculations … multiple chunks" and "… trailing headers" of the S3 API
 * reference; for what they leave open, S3's answers as OpenStack Swift's test suite records them.
 */
import { createHash, type Hash } from "node:crypto";
import { equalInConstantTime } from "./access-key.ts";
import type { ChunkChain } from "./caller.ts";
import { type S3Error, s3Error } from "./s3-error.ts";
import { signatureDoesNotMatch } from "./signature-check.ts";
import { sha256Hex, sign } from "./signing-key.ts";

/** Every chunk with data but the last must have at least so many bytes. */
const MIN_CHUNK_BYTES = 8192;
const MAX_CHUNK_LINE_BYTES = 1024;
const MAX_TRAILER_BYTES = 16 * 1024;
const TRAILER_SIGNATURE = "x-amz-trailer-signature";

export interface ChunkedEncoding {
  /** Bytes of data in all chunks, from `x-amz-decoded-content-length`. */
  readonly decodedLength: number;
  /** Lower-case name of the one trailer that `x-amz-trailer` announced. */
  readonly trailer: string | undefined;
  /** Absent when chunks are not signed. */
  readonly chain?: ChunkChain;
  readonly signedTrailer: boolean;
}

type State = "chunk line" | "data" | "end of data" | "trailer" | "done";

/** Takes the wire's bytes in whatever pieces they come, and gives back the data without copying it. */
export class ChunkedDecoder {
  readonly #encoding: ChunkedEncoding;
  #state: State = "chunk line";
  #line: Buffer = Buffer.alloc(0);
  #chunkNumber = 0;
  #chunkRest = 0;
  #previousChunkSize: number | undefined;
  #decoded = 0;
  #trailerBytes = 0;
  readonly #trailers = new Map<string, string>();
  readonly #signatures: ChunkSignatures | undefined;

  constructor(encoding: ChunkedEncoding) {
    this.#encoding = encoding;
    this.#signatures = encoding.chain && new ChunkSignatures(encoding.chain);
  }

  /** The data in these bytes: slices of them. @throws S3Error */
  decode(bytes: Buffer): readonly Buffer[] {
    const data: Buffer[] = [];
    let rest = bytes;
    while (rest.length > 0 && this.#state !== "done") {
      if (this.#state === "data") {
        const slice = rest.subarray(0, this.#chunkRest);
        this.#takeData(slice);
        data.push(slice);
        rest = rest.subarray(slice.length);
      } else {
        rest = this.#takeLine(rest);
      }
    }
    return data;
  }

  /** To be called after the last byte. @throws S3Error IncompleteBody, MalformedTrailerError, SignatureDoesNotMatch */
  end(): void {
    if (this.#state === "done") return;
    if (this.#state !== "trailer" || this.#line.length > 0) throw terminated();
    this.#endTrailer();
  }

  /** Value of the announced trailer, once all has been read. */
  get trailer(): string | undefined {
    return this.#encoding.trailer === undefined ? undefined : this.#trailers.get(this.#encoding.trailer);
  }

  #takeData(slice: Buffer): void {
    this.#signatures?.update(slice);
    this.#decoded += slice.length;
    this.#chunkRest -= slice.length;
    if (this.#chunkRest > 0) return;
    this.#signatures?.endChunk();
    this.#state = "end of data";
  }

  /** Collects up to the next line feed; the answer is what follows it. */
  #takeLine(bytes: Buffer): Buffer {
    const feed = bytes.indexOf("\n");
    const piece = feed < 0 ? bytes : bytes.subarray(0, feed + 1);
    this.#line = Buffer.concat([this.#line, piece]);
    if (this.#line.length > this.#lineLimit()) throw terminated();
    if (feed >= 0) {
      const line = this.#line.toString("latin1");
      this.#line = Buffer.alloc(0);
      if (!line.endsWith("\r\n")) throw terminated();
      this.#actOn(line.slice(0, -2));
    }
    return bytes.subarray(piece.length);
  }

  #lineLimit(): number {
    if (this.#state === "end of data") return 2;
    return this.#state === "chunk line" ? MAX_CHUNK_LINE_BYTES : MAX_TRAILER_BYTES;
  }

  #actOn(line: string): void {
    if (this.#state === "chunk line") this.#beginChunk(line);
    else if (this.#state === "end of data") this.#state = "chunk line";
    else this.#takeTrailerLine(line);
  }

  #beginChunk(line: string): void {
    const [, hexSize, parameters] = /^([0-9a-f]{1,12})[ \t]*(?:;(.*))?$/i.exec(line) ?? [];
    if (hexSize === undefined) throw terminated();
    const size = Number.parseInt(hexSize, 16);
    this.#chunkNumber += 1;
    this.#refuseSmallChunkBefore(size);
    this.#refuseWrongLength(size);
    this.#previousChunkSize = size;
    this.#chunkRest = size;
    this.#signatures?.beginChunk(parameters);
    this.#state = "data";
    if (size > 0) return;
    this.#signatures?.endChunk();
    this.#state = "trailer";
  }

  #refuseSmallChunkBefore(size: number): void {
    const previous = this.#previousChunkSize;
    if (size === 0 || previous === undefined || previous >= MIN_CHUNK_BYTES) return;
    // S3 counts the chunk in which it notices, not the one that is too small
    throw s3Error("InvalidChunkSizeError", { Chunk: `${this.#chunkNumber}`, BadChunkSize: `${previous}` });
  }

  #refuseWrongLength(size: number): void {
    const { decodedLength } = this.#encoding;
    const provided = this.#decoded + size;
    if (size === 0 ? provided === decodedLength : provided <= decodedLength) return;
    throw s3Error("IncompleteBody", { NumberBytesExpected: `${decodedLength}`, NumberBytesProvided: `${provided}` });
  }

  #takeTrailerLine(line: string): void {
    if (line === "") {
      this.#endTrailer();
      return;
    }
    this.#trailerBytes += line.length;
    if (this.#trailerBytes > MAX_TRAILER_BYTES) throw s3Error("MalformedTrailerError");
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const expected = [this.#encoding.trailer, this.#encoding.signedTrailer ? TRAILER_SIGNATURE : undefined];
    if (expected.every((candidate) => candidate === undefined)) throw terminated();
    if (name === "" || !expected.includes(name)) throw s3Error("MalformedTrailerError");
    this.#trailers.set(name, line.slice(colon + 1).trim());
  }

  #endTrailer(): void {
    this.#state = "done";
    const { trailer, signedTrailer } = this.#encoding;
    const signature = this.#trailers.get(TRAILER_SIGNATURE);
    if (signedTrailer && (signature === undefined || trailer === undefined)) throw terminated();
    if (trailer !== undefined && !this.#trailers.has(trailer)) throw s3Error("MalformedTrailerError");
    if (signature !== undefined) this.#signatures?.checkTrailer(`${trailer}:${this.trailer}\n`, signature);
  }
}

/** The chain of signatures: each is calculated from the one before it. */
class ChunkSignatures {
  readonly #chain: ChunkChain;
  #previous: string;
  #hash: Hash = createHash("sha256");
  #provided = "";

  constructor(chain: ChunkChain) {
    this.#chain = chain;
    this.#previous = chain.seedSignature;
  }

  /** @param parameters what stands after the semicolon of the chunk's line */
  beginChunk(parameters: string | undefined): void {
    const [name = "", ...values] = (parameters ?? "").split("=");
    const value = values.join("=").trim();
    if (name.trim() === "" || value === "") throw terminated();
    const known = name.trim() === "chunk-signature";
    if (known && value.includes(";")) throw terminated();
    // another parameter in its place is no signature, and so one that does not match
    this.#provided = known ? value : "";
    this.#hash = createHash("sha256");
  }

  update(data: Buffer): void {
    this.#hash.update(data);
  }

  endChunk(): void {
    this.#check("AWS4-HMAC-SHA256-PAYLOAD", [sha256Hex(""), this.#hash.digest("hex")], this.#provided);
  }

  checkTrailer(canonicalTrailer: string, provided: string): void {
    this.#check("AWS4-HMAC-SHA256-TRAILER", [sha256Hex(canonicalTrailer)], provided);
  }

  #check(algorithm: string, hashes: readonly string[], provided: string): void {
    const { accessKeyId, canonicalRequest, scope, signingKey, timestamp } = this.#chain;
    const stringToSign = [algorithm, timestamp, scope, this.#previous, ...hashes].join("\n");
    if (!equalInConstantTime(sign(signingKey, stringToSign), provided)) {
      throw signatureDoesNotMatch({ accessKeyId, stringToSign, signature: provided, canonicalRequest });
    }
    this.#previous = provided;
  }
}

/** What S3 says of every framing that it cannot follow to its end. */
function terminated(): S3Error {
  return s3Error("IncompleteBody", {}, { message: "The request body terminated unexpectedly" });
}
