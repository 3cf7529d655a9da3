/** Gathers requests for single parts into few calls: what is asked while a call is under way goes into the next. */
import type { SignedRequest } from "../protocol/messages.ts";
import type { PartToSign } from "../upload/transport.ts";

export interface BatchOptions {
  /** Most parts of one call. */
  readonly maxBatch: number;
  /** Signs a batch; the answer holds a request or an error for each part of it. */
  readonly sign: (
    parts: readonly PartToSign[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<number, SignedRequest | Error>>;
}

/** Two, so that a slow answer does not hold up everyone who asked a moment later. */
const callsAtATime = 2;

interface Asking {
  readonly part: PartToSign;
  readonly signal: AbortSignal;
  readonly resolve: (request: SignedRequest) => void;
  readonly reject: (error: unknown) => void;
}

export function createPartBatches({
  maxBatch,
  sign,
}: BatchOptions): (part: PartToSign, signal: AbortSignal) => Promise<SignedRequest> {
  let waiting: Asking[] = [];
  let calls = 0;
  let gathering = false;

  async function call(batch: readonly Asking[], signal: AbortSignal): Promise<void> {
    calls += 1;
    try {
      const signed = await sign(
        batch.map(({ part }) => part),
        signal,
      );
      for (const { part, resolve, reject } of batch) {
        const answer = signed.get(part.partNumber);
        if (answer === undefined) reject(new Error(`part ${part.partNumber} is missing in the answer`));
        else if (answer instanceof Error) reject(answer);
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      calls -= 1;
      start();
    }
  }

  function start(): void {
    gathering = false;
    while (waiting.length > 0 && calls < callsAtATime) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      // All parts of an upload are stopped together, so that any one's signal is everyone's.
      const [first] = batch;
      if (first !== undefined) void call(batch, first.signal);
    }
  }

  return (part, signal) =>
    new Promise((resolve, reject) => {
      waiting.push({ part, signal, resolve, reject });
      if (gathering) return;
      gathering = true;
      // After everything that is ready now has asked.
      setImmediate(start);
    });
}
