/** Bytes a second over the last few seconds, so that it follows a line that slows down. */
export interface TransferRate {
  /** Counts bytes sent so far at a moment in milliseconds. */
  note(sentBytes: number, atMs: number): void;
  /** 0 until there is something to go by. */
  bytesPerSecond(): number;
  /** Undefined while nothing moves or the total is unknown. */
  secondsLeft(totalBytes: number | undefined): number | undefined;
}

const windowMs = 5_000;

export function createTransferRate(): TransferRate {
  let samples: readonly { readonly bytes: number; readonly at: number }[] = [];

  function bytesPerSecond(): number {
    const [first, last] = [samples[0], samples.at(-1)];
    if (first === undefined || last === undefined || last.at <= first.at) return 0;
    return Math.max(0, ((last.bytes - first.bytes) / (last.at - first.at)) * 1000);
  }

  return {
    note(sentBytes, atMs) {
      const recent = samples.filter(({ at }) => atMs - at <= windowMs);
      // One sample older than the window keeps the rate known on a line that sends seldom.
      const anchor = recent.length === 0 ? samples.slice(-1) : recent;
      samples = thinned([...anchor, { bytes: sentBytes, at: atMs }]);
    },
    bytesPerSecond,
    secondsLeft(totalBytes) {
      const rate = bytesPerSecond();
      const sent = samples.at(-1)?.bytes ?? 0;
      return totalBytes === undefined || rate === 0 ? undefined : Math.max(0, totalBytes - sent) / rate;
    },
  };
}

/** Progress can come thousands of times a second; samples closer than 100 ms replace each other. */
function thinned<Sample extends { readonly at: number }>(samples: readonly Sample[]): readonly Sample[] {
  const before = samples.at(-3);
  const last = samples.at(-1);
  if (before === undefined || last === undefined || last.at - before.at >= 100) return samples;
  return [...samples.slice(0, -2), last];
}
