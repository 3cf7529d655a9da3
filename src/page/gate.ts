/** Lets requests pass or holds them back: while the user pauses an upload, and while there is no network. */
export interface Gate {
  readonly isOpen: boolean;
  /** Settles when the gate is open. Rejects with the signal's reason when it aborts. */
  passed(signal: AbortSignal): Promise<void>;
  /** Aborts when the gate closes; for a request that has passed. */
  closing(): AbortSignal;
}

export interface Latch extends Gate {
  open(): void;
  close(): void;
}

export function createLatch(isOpen = true): Latch {
  let opened = isOpen;
  let closing = new AbortController();
  const waiting = new Set<() => void>();
  return {
    get isOpen() {
      return opened;
    },
    open() {
      if (opened) return;
      opened = true;
      closing = new AbortController();
      for (const pass of [...waiting]) pass();
    },
    close() {
      if (!opened) return;
      opened = false;
      closing.abort(new Error("held back"));
    },
    passed: (signal) => (opened ? Promise.resolve() : waitFor(waiting, signal)),
    closing: () => closing.signal,
  };
}

/** Open while all of them are. */
export function allOf(...gates: readonly Gate[]): Gate {
  return {
    get isOpen() {
      return gates.every((gate) => gate.isOpen);
    },
    async passed(signal) {
      for (let shut = first(gates); shut !== undefined; shut = first(gates)) await shut.passed(signal);
    },
    closing: () => AbortSignal.any(gates.map((gate) => gate.closing())),
  };
}

function first(gates: readonly Gate[]): Gate | undefined {
  return gates.find((gate) => !gate.isOpen);
}

function waitFor(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const leave = () => {
      waiting.delete(pass);
      signal.removeEventListener("abort", refused);
    };
    const pass = () => {
      leave();
      resolve();
    };
    const refused = () => {
      leave();
      reject(signal.reason);
    };
    waiting.add(pass);
    signal.addEventListener("abort", refused, { once: true });
  });
}
