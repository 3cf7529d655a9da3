/** What is known of a stream while it passes: its length, its checksum, how much of it has been stored. */
import { S3upError } from "../errors.ts";
import type { Checksum, ChecksumAlgorithm } from "../protocol/messages.ts";
import { S3_LIMITS } from "../signing/part-layout.ts";
import { type ChecksumType, checksumTypeOf } from "../signing/s3-requests.ts";
import { createHasher } from "../upload/checksum.ts";
import type { Emit } from "../upload/events.ts";
import { sizeText } from "../upload/plan.ts";

export interface Tally {
  readonly size: () => number;
  /** Of all bytes so far; undefined for an algorithm whose whole S3 forms from the parts'. */
  readonly checksum: () => Checksum | undefined;
  /** @throws S3upError TOO_LARGE for a stream that does not fit into its parts */
  readonly count: (bytes: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;
  readonly partSent: (bytes: number) => void;
}

export interface TallyOptions {
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** Undefined: as S3 forms it. */
  readonly checksumType?: ChecksumType;
  /** Bytes of the first parts. */
  readonly partSize: number;
  /** Bytes that all parts together can hold; 10,000 of the first parts' size when not given. */
  readonly capacity?: number;
}

export function createTally(options: TallyOptions, emit: Emit): Tally {
  const { checksumAlgorithm: algorithm, partSize, capacity = partSize * S3_LIMITS.maxParts } = options;
  const whole = algorithm !== undefined && (options.checksumType ?? checksumTypeOf(algorithm)) === "FULL_OBJECT";
  const hasher = whole ? createHasher(algorithm) : undefined;
  let size = 0;
  let sentBytes = 0;
  let doneParts = 0;
  let checksum: Checksum | undefined;

  return {
    size: () => size,
    checksum: () => checksum,
    async *count(bytes) {
      for await (const chunk of bytes) {
        size += chunk.byteLength;
        if (size > capacity) throw tooLong(partSize, capacity);
        hasher?.update(chunk);
        yield chunk;
      }
      if (algorithm !== undefined && hasher !== undefined) checksum = { algorithm, value: hasher.digest() };
    },
    partSent(bytes) {
      sentBytes += bytes;
      doneParts += 1;
      emit({ type: "progress", sentBytes, totalBytes: undefined, doneParts });
    },
  };
}

/** Ends with the signal's reason when it aborts, also while the other end of the pipe says nothing. */
export async function* readUntil(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]();
  // One listener that ends the read of the moment: a race for each would pile up on the signal's promise.
  let stop: (reason: unknown) => void = () => {};
  const aborted = () => stop(signal.reason);
  signal.addEventListener("abort", aborted, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        stop = reject;
        iterator.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", aborted);
    // Not awaited: a stream that waits for its next byte gives no answer to it either.
    iterator.return?.()?.catch(() => {});
  }
}

function tooLong(partSize: number, capacity: number): S3upError {
  const growing = capacity > partSize * S3_LIMITS.maxParts ? " and more" : "";
  return new S3upError("TOO_LARGE", "The stream is too long for its part size.", {
    why: `${S3_LIMITS.maxParts} parts of ${sizeText(partSize)}${growing} hold ${sizeText(capacity)}, and there is more.`,
    hint: `Use a larger --part-size, such as ${sizeText(partSize * 8)}.`,
  });
}
