/**
 * How many requests are under way at a time. The window halves when the server asks for fewer and grows again by one
 * after as many successes as it is wide.
 */
export interface SendWindow {
  readonly size: number;
  /**
   * Runs `task` when there is room. Rejects with the signal's reason when it aborts while waiting; a task that has begun
   * is never given up.
   */
  run<T>(signal: AbortSignal, task: (pass: WindowPass) => Promise<T>): Promise<T>;
}

/** What a request reports back while it is in the window. */
export interface WindowPass {
  slowDown(): void;
  succeeded(): void;
}

export interface WindowOptions {
  /** Requests at a time at most, and at the start. */
  readonly max: number;
  readonly onChange?: (size: number, reason: "slow-down" | "recovered") => void;
}

export function createWindow({ max, onChange = () => {} }: WindowOptions): SendWindow {
  let size = max;
  let inside = 0;
  let successes = 0;
  // A server that is overrun refuses everything under way at once; that is one reason to halve, not many.
  let generation = 0;
  const waiting: (() => void)[] = [];

  function admit(): void {
    while (inside < size && waiting.length > 0) {
      inside += 1;
      waiting.shift()?.();
    }
  }

  function slowDown(seenBy: number): void {
    if (seenBy !== generation) return;
    generation += 1;
    successes = 0;
    if (size === 1) return;
    size = Math.max(1, Math.floor(size / 2));
    onChange(size, "slow-down");
  }

  function succeeded(): void {
    if (size === max) return;
    successes += 1;
    if (successes < size) return;
    successes = 0;
    size += 1;
    onChange(size, "recovered");
  }

  function enter(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const admitted = () => {
        signal.removeEventListener("abort", refused);
        resolve();
      };
      const refused = () => {
        const place = waiting.indexOf(admitted);
        if (place >= 0) waiting.splice(place, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", refused, { once: true });
      waiting.push(admitted);
      admit();
    });
  }

  return {
    get size() {
      return size;
    },
    async run(signal, task) {
      signal.throwIfAborted();
      await enter(signal);
      const mine = generation;
      try {
        return await task({ slowDown: () => slowDown(mine), succeeded });
      } finally {
        inside -= 1;
        admit();
      }
    },
  };
}
