/** A limit on the bytes a second that leave, over all requests of a run: each waits for its turn, small piece by small piece. */
import type { Clock } from "./tools.ts";
import type { PartSender, RequestBody } from "./transport.ts";

export interface RateLimit {
  /** Bytes that take their turn together; few, so that the line is never silent for long. */
  readonly pieceSize: number;
  /** Settles when so many bytes may leave. Rejects with the signal's reason when it aborts. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
}

/** Sixteen turns a second, so that with many connections each still has one before it counts as stalled. */
const turnsPerSecond = 16;
const largestPiece = 64 * 1024;

export function createRateLimit(bytesPerSecond: number, clock: Clock): RateLimit {
  /** When the bytes that were let go so far will have left. */
  let busyUntil = Number.NEGATIVE_INFINITY;
  return {
    pieceSize: Math.max(1, Math.min(largestPiece, Math.floor(bytesPerSecond / turnsPerSecond))),
    async take(bytes, signal) {
      const now = clock.now();
      // Time in which nothing was sent is not made up for: that would be a burst.
      const turn = Math.max(now, busyUntil);
      busyUntil = turn + (bytes / bytesPerSecond) * 1000;
      if (turn > now) await clock.sleep(turn - now, signal);
    },
  };
}

/** A sender whose bodies keep to the limit. Bytes that are sent again count again. */
export function limitSender(sender: PartSender, limit: RateLimit): PartSender {
  return {
    send: (request, body, options) =>
      sender.send(request, body === undefined ? undefined : limitBytes(body, limit, options.signal), options),
    close: () => sender.close(),
  };
}

/** The same bytes, no faster than the limit. */
export async function* limitBytes(
  bytes: RequestBody,
  limit: RateLimit,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const block of bytes) {
    for (let start = 0; start < block.byteLength; start += limit.pieceSize) {
      const piece = block.subarray(start, start + limit.pieceSize);
      await limit.take(piece.byteLength, signal);
      yield piece;
    }
  }
}
