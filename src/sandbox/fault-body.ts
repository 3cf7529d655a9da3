/** A body under a fault: it breaks off after some bytes, goes silent, or passes slowly. */
import { type Readable, Transform, type TransformCallback } from "node:stream";
import type { FaultRule } from "./fault-rule.ts";

interface BodyFault {
  /** A `reset-after` or `stall` rule. */
  readonly breaks: FaultRule | undefined;
  readonly bytesPerSecond: number | undefined;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Resets the connection. */
  readonly reset: () => void;
}

export class FaultedBody extends Transform {
  readonly #fault: BodyFault;
  readonly #gone = new AbortController();
  #passed = 0;

  constructor(fault: BodyFault) {
    super();
    this.#fault = fault;
  }

  /**
   * Not `pipeline`: an operation that gives up on the body early destroys what it reads, and `pipeline` would then
   * destroy the request and with it the connection on which the refusal has yet to be sent.
   */
  static around(source: Readable, fault: BodyFault): FaultedBody {
    const body = new FaultedBody(fault);
    // an operation that refuses the request never reads its body, and then nobody else would hear this
    body.on("error", () => undefined);
    source.once("error", (error) => body.destroy(error));
    source.once("close", () => {
      if (!source.readableEnded) body.destroy(new Error("The connection closed within the body."));
    });
    return source.pipe(body);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#forward(chunk).then(
      (goesOn) => {
        if (goesOn) done();
      },
      (error: Error) => done(error),
    );
  }

  override _flush(done: TransformCallback): void {
    // a body shorter than the limit breaks at its end, so that the fault happens in any case
    if (this.#fault.breaks === undefined) done();
    else this.#break();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#gone.abort();
    done(error);
  }

  async #forward(chunk: Buffer): Promise<boolean> {
    const { breaks } = this.#fault;
    const room = breaks === undefined ? chunk.length : Math.max(0, (breaks.bytes ?? 0) - this.#passed);
    await this.#pushSlowly(chunk.subarray(0, room));
    this.#passed += Math.min(room, chunk.length);
    if (room >= chunk.length) return true;
    this.#break();
    return false;
  }

  async #pushSlowly(chunk: Buffer): Promise<void> {
    const { bytesPerSecond, wait } = this.#fault;
    if (bytesPerSecond === undefined) {
      if (chunk.length > 0) this.push(chunk);
      return;
    }
    // ten steps a second, so that the other side sees a slow flow and not a burst and a pause
    const step = Math.max(1, Math.floor(bytesPerSecond / 10));
    for (let start = 0; start < chunk.length; start += step) {
      const piece = chunk.subarray(start, start + step);
      await wait((piece.length / bytesPerSecond) * 1000, this.#gone.signal);
      this.push(piece);
    }
  }

  /** Without a call of `done` nothing more is read: that alone is the stall. */
  #break(): void {
    if (this.#fault.breaks?.kind === "reset-after") this.#fault.reset();
  }
}
