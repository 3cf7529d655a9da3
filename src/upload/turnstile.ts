/** Lets a number of holders in at a time, the others in turn. The number may change while it is in use. */
export interface Turnstile {
  readonly inside: number;
  /** True when the caller is in; false when it would have to wait, or would overtake who waits already. */
  tryEnter(): boolean;
  /** Waits for its turn. Rejects with the signal's reason when it aborts; who is in is never put out. */
  enter(signal: AbortSignal): Promise<void>;
  leave(): void;
  /** To be called when the width has grown. */
  admit(): void;
}

/** @param width how many may be in at this moment; more may be in when it has become smaller */
export function createTurnstile(width: () => number): Turnstile {
  const queue = new Set<() => void>();
  let inside = 0;

  function admit(): void {
    for (const next of queue) {
      if (inside >= width()) return;
      queue.delete(next);
      inside += 1;
      next();
    }
  }

  function tryEnter(): boolean {
    if (queue.size > 0 || inside >= width()) return false;
    inside += 1;
    return true;
  }

  return {
    get inside() {
      return inside;
    },
    tryEnter,
    async enter(signal) {
      signal.throwIfAborted();
      if (tryEnter()) return;
      await new Promise<void>((resolve, reject) => {
        const admitted = () => {
          signal.removeEventListener("abort", refused);
          resolve();
        };
        const refused = () => {
          queue.delete(admitted);
          reject(signal.reason);
        };
        signal.addEventListener("abort", refused, { once: true });
        queue.add(admitted);
      });
    },
    leave() {
      inside -= 1;
      admit();
    },
    admit,
  };
}
