import { createHash, type Hash } from "node:crypto";
import { type Readable, Transform, type TransformCallback } from "node:stream";
import {
  type Checksum,
  type ChecksumAlgorithm,
  type ChecksumHasher,
  checksumHasher,
  isChecksumValue,
} from "./checksum.ts";
import { type AnnouncedChecksum, checksumHeader } from "./checksum-headers.ts";
import type { ChunkedDecoder } from "./chunked-body.ts";
import { type S3Error, s3Error } from "./s3-error.ts";

/** All that must be true of a body for its stream to end. */
export interface BodyChecks {
  /** Takes the aws-chunked framing away; absent when the body is its own data. */
  readonly decoder: ChunkedDecoder | undefined;
  /** As claimed in `x-amz-content-sha256`. */
  readonly sha256: string | undefined;
  /** Hex. */
  readonly md5: string | undefined;
  readonly checksum: AnnouncedChecksum | undefined;
  /** Algorithms to calculate beside it. */
  readonly also: readonly ChecksumAlgorithm[];
  /** Bytes, inclusive. */
  readonly size: { readonly min: number; readonly max: number };
  /** Why the source broke off; without an answer because the request did. */
  readonly cutShort?: () => S3Error | undefined;
  /** Awaited after the last byte: what follows the body in the same request can still spoil it. */
  readonly afterwards?: () => Promise<void>;
}

/** What is known of a body once it has been read to its end and found intact. */
export interface BodyFacts {
  /** Bytes, framing taken away. */
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  /** The checksum that the client sent and that was right. */
  readonly sent: Checksum | undefined;
  /** Base64 by algorithm: what the client sent and what was asked for beside it. */
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

/**
 * Passes a body on while it calculates; never ends on one that is not intact, but fails with an S3Error.
 * It leaves the request alone until somebody reads from it, and never destroys it: the answer needs its socket.
 */
export class VerifyingStream extends Transform {
  readonly #source: Readable;
  readonly #checks: BodyChecks;
  readonly #md5 = createHash("md5");
  readonly #sha256: Hash | undefined;
  readonly #hashers: ReadonlyMap<ChecksumAlgorithm, ChecksumHasher>;
  #attached = false;
  #size = 0;
  #facts: BodyFacts | undefined;

  constructor(source: Readable, checks: BodyChecks) {
    super();
    this.#source = source;
    this.#checks = checks;
    this.#sha256 = checks.sha256 === undefined ? undefined : createHash("sha256");
    const algorithms = new Set([...checks.also, ...(checks.checksum ? [checks.checksum.algorithm] : [])]);
    this.#hashers = new Map([...algorithms].map((algorithm) => [algorithm, checksumHasher(algorithm)]));
  }

  facts(): BodyFacts {
    if (this.#facts === undefined) throw new Error("The facts of a body are known only after its stream has ended.");
    return this.#facts;
  }

  override _read(size: number): void {
    if (!this.#attached) this.#attach();
    super._read(size);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      for (const data of this.#checks.decoder?.decode(chunk) ?? [chunk]) this.#pass(data);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    this.#finish().then(
      () => done(),
      (error: Error) => done(error),
    );
  }

  #attach(): void {
    this.#attached = true;
    const source = this.#source;
    const cutShort = (): void => {
      if (!source.readableEnded) this.destroy(this.#checks.cutShort?.() ?? requestCutShort());
    };
    source.once("close", cutShort);
    source.once("error", cutShort);
    // neither of these would say anything more
    if (source.readableEnded) this.end();
    else if (source.destroyed) cutShort();
    else source.pipe(this);
  }

  #pass(data: Buffer): void {
    this.#size += data.length;
    const { max } = this.#checks.size;
    if (this.#size > max) {
      throw s3Error("EntityTooLarge", { ProposedSize: `${this.#size}`, MaxSizeAllowed: `${max}` });
    }
    this.#md5.update(data);
    this.#sha256?.update(data);
    for (const hasher of this.#hashers.values()) hasher.update(data);
    this.push(data);
  }

  async #finish(): Promise<void> {
    const { decoder, size, afterwards } = this.#checks;
    decoder?.end();
    if (this.#size < size.min) {
      throw s3Error("EntityTooSmall", { ProposedSize: `${this.#size}`, MinSizeAllowed: `${size.min}` });
    }
    this.#checkSha256();
    const md5 = this.#checkMd5();
    const checksums = new Map<ChecksumAlgorithm, string>();
    for (const [algorithm, hasher] of this.#hashers) checksums.set(algorithm, await hasher.digest());
    const sent = this.#checkChecksum(checksums);
    await afterwards?.();
    this.#facts = { size: this.#size, md5, sent, checksums };
  }

  #checkSha256(): void {
    const claimed = this.#checks.sha256;
    const computed = this.#sha256?.digest("hex");
    if (computed === undefined || claimed === undefined || claimed.toLowerCase() === computed) return;
    throw s3Error("XAmzContentSHA256Mismatch", {
      ClientComputedContentSHA256: claimed,
      S3ComputedContentSHA256: computed,
    });
  }

  #checkMd5(): string {
    const digest = this.#md5.digest();
    const computed = digest.toString("hex");
    const claimed = this.#checks.md5;
    if (claimed === undefined || claimed === computed) return computed;
    throw s3Error("BadDigest", { ExpectedDigest: claimed, CalculatedDigest: digest.toString("base64") });
  }

  #checkChecksum(checksums: ReadonlyMap<ChecksumAlgorithm, string>): Checksum | undefined {
    const announced = this.#checks.checksum;
    if (announced === undefined) return undefined;
    const { algorithm } = announced;
    const value = announced.place === "header" ? announced.value : (this.#checks.decoder?.trailer ?? "");
    if (!isChecksumValue(algorithm, value)) {
      const message = `Value for ${checksumHeader(algorithm)} trailing header is invalid.`;
      throw s3Error("InvalidRequest", {}, { message });
    }
    if (checksums.get(algorithm) !== value) {
      const message = `The ${algorithm} you specified did not match the calculated checksum.`;
      throw s3Error("BadDigest", {}, { message });
    }
    return { algorithm, value };
  }
}

function requestCutShort(): S3Error {
  return s3Error("IncompleteBody", {}, { closeConnection: true });
}
