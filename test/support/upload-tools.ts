import type { UploadEvent } from "../../src/upload/events.ts";
import { createResources, type ResourceOptions } from "../../src/upload/resources.ts";
import type { ResumeTools } from "../../src/upload/resume-tools.ts";
import type { UploadSettings, UploadTools } from "../../src/upload/tools.ts";
import type { PartSender } from "../../src/upload/transport.ts";

export interface RecordedTools extends UploadTools {
  readonly events: readonly UploadEvent[];
  /** Milliseconds of every sleep, in order; none of them took any time. */
  readonly sleeps: readonly number[];
  /** Moves the clock. */
  advance(milliseconds: number): void;
}

export interface ToolChanges {
  readonly signal?: AbortSignal;
  readonly random?: () => number;
  readonly settings?: Partial<UploadSettings & Pick<ResourceOptions, "concurrency" | "maxMemory">>;
  readonly resume?: ResumeTools;
  readonly onEvent?: (event: UploadEvent) => void;
}

export const MiB = 1024 * 1024;

/** Tools whose clock stands still, whose sleeps return at once and whose dice always show a half. */
export function uploadTools(sender: PartSender, changes: ToolChanges = {}): RecordedTools {
  const events: UploadEvent[] = [];
  const sleeps: number[] = [];
  let now = 0;
  const { concurrency = 3, maxMemory = 64 * MiB, ...settings } = changes.settings ?? {};
  const emit = (event: UploadEvent) => {
    events.push(event);
    changes.onEvent?.(event);
  };
  return {
    sender,
    events,
    sleeps,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    emit,
    signal: changes.signal ?? new AbortController().signal,
    random: changes.random ?? (() => 0.5),
    clock: {
      now: () => now,
      sleep: async (milliseconds, signal) => {
        signal.throwIfAborted();
        sleeps.push(milliseconds);
        now += milliseconds;
      },
    },
    settings: {
      contentType: "application/octet-stream",
      maxAttempts: 4,
      checksum: "crc32",
      ...settings,
    },
    ...(changes.resume === undefined ? {} : { resume: changes.resume }),
    resources: createResources({
      concurrency,
      maxMemory,
      clock: { now: () => now },
      onChange: (size, reason) => emit({ type: "window", size, reason }),
    }),
  };
}
