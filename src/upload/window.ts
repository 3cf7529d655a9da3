/**
 * How many requests are under way at a time, over all files of a run. `width.ts` decides how many; here they wait for
 * their turn, and what comes of them is measured.
 */
import { createTurnstile } from "./turnstile.ts";
import { afterRound, afterSlowDown, afterSuccess, type Width } from "./width.ts";

export interface SendWindow {
  readonly size: number;
  /**
   * Runs `task` when there is room. Rejects with the signal's reason when it aborts while waiting; a task that has begun
   * is never given up.
   */
  run<T>(signal: AbortSignal, task: (pass: WindowPass) => Promise<T>): Promise<T>;
  /**
   * A place among the contents that are read, hashed and signed or already sent: somewhat more than there are requests,
   * so that a free connection never waits, and no more, so that memory stays small while the window is.
   * Answers with the function that gives the place back.
   */
  prepare(signal: AbortSignal): Promise<() => void>;
  /** The same, undefined where it would have to wait. */
  tryPrepare(): (() => void) | undefined;
  /** How many such places there are at this moment. */
  readonly places: number;
  /** Requests at a time, those that wait for their answers included, where an answer takes so many milliseconds. */
  mostUnderWay(wait: number | undefined): number;
  /** So many milliseconds an answer will take, as long as none has told. */
  expect(wait: number | undefined): void;
}

/** What a request reports back while it is in the window. */
export interface WindowPass {
  /**
   * Its last byte has left: from here on it only waits.
   * @param roundTrip milliseconds to the server and back, asked while no answer has told how long one takes
   */
  bodySent(roundTrip?: () => number | undefined): void;
  slowDown(): void;
  /** @param bytes that were sent */
  succeeded(bytes?: number): void;
}

export interface WindowOptions {
  readonly width: Width;
  readonly clock: { now(): number };
  /** Share of the time since the last question, 0 to 1, in which this process computed. */
  readonly load?: () => number;
  readonly onChange?: (size: number, reason: "slow-down" | "recovered") => void;
}

/** What a request costs besides its bytes, as bytes: so that small files and large parts are measured by one rule. */
const requestCost = 64 * 1024;
/** Milliseconds: the clock and the load say little about less. */
const shortestRound = 50;

/** Milliseconds from the last byte to the answer: from here on the way is long, and who waits keeps nobody else out. */
const longWait = 40;

function isLong(wait: number | undefined): boolean {
  return wait !== undefined && wait >= longWait;
}

/** Contents that are made ready beyond those that are sent. */
export function readAhead(size: number): number {
  return Math.max(1, Math.min(8, Math.floor(size / 4)));
}

export function createWindow({
  width: initial,
  clock,
  load = () => 0,
  onChange = () => {},
}: WindowOptions): SendWindow {
  let width = initial;
  // A server that is overrun refuses everything under way at once; that is one reason to halve, not many.
  let generation = 0;
  let round = { at: clock.now(), work: 0, answers: 0, full: false };
  /**
   * Requests that wait for an answer that is far away: as many again as the window is wide, at most. Not where the user
   * said how many there may be.
   */
  let awaiting = 0;
  let usualWait: number | undefined;
  const sending = createTurnstile(() => width.size);
  const preparing = createTurnstile(places);

  function places(): number {
    // Where answers take long, so many more will be sent meanwhile.
    const meanwhile = width.fixed || !isLong(usualWait) ? awaiting : width.size;
    return width.size + meanwhile + readAhead(width.size);
  }

  function change(next: Width, reason?: "slow-down" | "recovered"): void {
    const before = width.size;
    width = next;
    if (width.size === before) return;
    if (reason !== undefined) onChange(width.size, reason);
    beginRound();
    sending.admit();
    preparing.admit();
  }

  function beginRound(): void {
    round = { at: clock.now(), work: 0, answers: 0, full: sending.inside >= width.size };
  }

  function expect(wait: number | undefined): void {
    usualWait ??= wait;
    preparing.admit();
  }

  /** What came before, as the start of the program, is no work of requests. */
  function beginFirstRound(): void {
    load();
    beginRound();
  }

  function slowDown(seenBy: number): void {
    if (seenBy !== generation) return;
    generation += 1;
    change(afterSlowDown(width), "slow-down");
  }

  function succeeded(bytes: number): void {
    change(afterSuccess(width), "recovered");
    if (width.fixed) return;
    round.work += bytes + requestCost;
    round.answers += 1;
    if (round.answers < width.size) return;
    const elapsed = clock.now() - round.at;
    if (elapsed < shortestRound) return;
    const { work, full } = round;
    beginRound();
    change(afterRound(width, { rate: work / elapsed, full, busy: load() }));
  }

  return {
    get size() {
      return width.size;
    },
    get places() {
      return places();
    },
    expect,
    mostUnderWay: (wait) => (width.fixed || !isLong(wait) ? width.size : 2 * width.size),
    async run(signal, task) {
      signal.throwIfAborted();
      if (sending.inside === 0 && round.answers === 0) beginFirstRound();
      if (!sending.tryEnter()) await sending.enter(signal);
      if (sending.inside >= width.size) round.full = true;
      const mine = generation;
      let sentAt: number | undefined;
      let aside = false;
      const pass: WindowPass = {
        bodySent(roundTrip = () => undefined) {
          sentAt = clock.now();
          if (usualWait === undefined) expect(roundTrip());
          if (aside || width.fixed || !isLong(usualWait) || awaiting >= width.size) return;
          aside = true;
          awaiting += 1;
          sending.leave();
          preparing.admit();
        },
        slowDown: () => slowDown(mine),
        succeeded(bytes = 0) {
          if (sentAt !== undefined) usualWait = ((usualWait ?? 0) + clock.now() - sentAt) / 2;
          succeeded(bytes);
        },
      };
      try {
        return await task(pass);
      } finally {
        if (aside) awaiting -= 1;
        else sending.leave();
      }
    },
    tryPrepare: () => (preparing.tryEnter() ? () => preparing.leave() : undefined),
    async prepare(signal) {
      signal.throwIfAborted();
      if (!preparing.tryEnter()) await preparing.enter(signal);
      return () => preparing.leave();
    },
  };
}
