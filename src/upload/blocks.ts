/** File content in memory: blocks of one size, handed out and taken back, never more than the budget allows. */

const MiB = 1024 * 1024;

/** Bytes of a block: one read of the file. Large enough that reads are few, small enough that a checksum is no pause. */
export const BLOCK_SIZE = MiB;

/** Bytes of the blocks that hold `bytes`. */
export function wholeBlocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_SIZE) * BLOCK_SIZE;
}

export interface BlockPool {
  /** The most bytes that one `take` can ask for. */
  readonly capacity: number;
  /**
   * As many blocks as hold `bytes`; waits for its turn until they are free.
   * Rejects with the signal's reason when it aborts.
   */
  take(bytes: number, signal: AbortSignal): Promise<readonly Uint8Array[]>;
  give(blocks: readonly Uint8Array[]): void;
}

interface Waiter {
  readonly count: number;
  readonly serve: (blocks: readonly Uint8Array[]) => void;
}

/** So many times what is asked for is made in any case: one in use, one on its way back, one to be read into. */
const always = 3;

/**
 * @param maxBytes budget; rounded down to whole blocks, four at least so that a stream can read ahead
 * @param enough asked before memory is added: with so many bytes, who wants more waits for what comes back soon
 */
export function createBlockPool(maxBytes: number, enough: () => number = () => maxBytes): BlockPool {
  const most = Math.max(4, Math.floor(maxBytes / BLOCK_SIZE));
  const idle: Uint8Array[] = [];
  const waiting: Waiter[] = [];
  let made = 0;

  function has(count: number): boolean {
    const limit = Math.min(most, Math.max(always * count, Math.ceil(enough() / BLOCK_SIZE)));
    return count <= idle.length + Math.max(0, limit - made);
  }

  function takeOne(): Uint8Array {
    const block = idle.pop();
    if (block !== undefined) return block;
    made += 1;
    return new Uint8Array(BLOCK_SIZE);
  }

  // Strictly in turn: a large request must not starve behind small ones.
  function serve(): void {
    for (let next = waiting[0]; next !== undefined && has(next.count); next = waiting[0]) {
      waiting.shift();
      next.serve(Array.from({ length: next.count }, takeOne));
    }
  }

  return {
    capacity: most * BLOCK_SIZE,

    take(bytes, signal) {
      const count = Math.ceil(bytes / BLOCK_SIZE);
      if (count > most)
        throw new RangeError(`${bytes} bytes are more than the pool of ${most * BLOCK_SIZE} bytes holds`);
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const refused = () => {
          waiting.splice(waiting.indexOf(waiter), 1);
          reject(signal.reason);
          serve();
        };
        const waiter: Waiter = {
          count,
          serve: (blocks) => {
            signal.removeEventListener("abort", refused);
            resolve(blocks);
          },
        };
        signal.addEventListener("abort", refused, { once: true });
        waiting.push(waiter);
        serve();
      });
    },

    give(blocks) {
      idle.push(...blocks);
      serve();
    },
  };
}
