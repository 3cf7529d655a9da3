/** Counts bytes and parts, and tells about them a few times a second at most. */

import type { Emit } from "./events.ts";
import type { Clock } from "./tools.ts";

/** Milliseconds between two events. */
const interval = 100;

export interface Progress {
  sent(bytes: number): void;
  /** Bytes of a try that failed: they will be sent again. */
  takeBack(bytes: number): void;
  partDone(): void;
  /** A part that an earlier run had sent, found to hold the file's bytes. */
  reused(bytes: number): void;
}

export function createProgress(totalBytes: number | undefined, emit: Emit, clock: Clock): Progress {
  let sentBytes = 0;
  let reusedBytes = 0;
  let doneParts = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  function tell(): void {
    toldAt = clock.now();
    const reused = reusedBytes === 0 ? {} : { reusedBytes };
    emit({ type: "progress", sentBytes: sentBytes + reusedBytes, totalBytes, doneParts, ...reused });
  }

  return {
    sent(bytes) {
      sentBytes += bytes;
      if (clock.now() - toldAt >= interval) tell();
    },
    takeBack(bytes) {
      if (bytes === 0) return;
      sentBytes -= bytes;
      tell();
    },
    partDone() {
      doneParts += 1;
      tell();
    },
    reused(bytes) {
      reusedBytes += bytes;
      doneParts += 1;
      tell();
    },
  };
}
