import type { Clock } from "../upload/tools.ts";

export const browserClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const awake = () => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      const timer = setTimeout(awake, milliseconds);
      const abort = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
    }),
};
