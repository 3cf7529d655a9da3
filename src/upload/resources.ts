/** What all uploads of a run share: the memory for file content, and the window of requests. */
import { type BlockPool, createBlockPool } from "./blocks.ts";
import { adaptiveWidth, fixedWidth } from "./width.ts";
import { createWindow, readAhead, type SendWindow, type WindowOptions } from "./window.ts";

/**
 * Nobody can wait for another for ever: who holds a place to prepare takes all its memory at once and gives it back when
 * it is sent; who is in the window waits for nothing but the network.
 */
export interface UploadResources {
  readonly pool: BlockPool;
  readonly window: SendWindow;
}

/** Requests at a time; `auto` finds out how many pay. */
export type Concurrency = number | "auto";

export interface ResourceOptions extends Pick<WindowOptions, "clock" | "load" | "onChange"> {
  readonly concurrency: Concurrency;
  /** Bytes of file content held in memory, over all files. A content beyond it is read twice instead of being kept. */
  readonly maxMemory: number;
}

/** Where `auto` begins, and where it ends at the latest. */
const automatic = { first: 8, most: 128 } as const;

/** Bytes for each request under way: half a part of the usual size, since memory goes back while a part is sent. */
const memoryOfRequest = 8 * 1024 * 1024;

export function createResources({ concurrency, maxMemory, ...options }: ResourceOptions): UploadResources {
  const window = createWindow({
    width: concurrency === "auto" ? adaptiveWidth(automatic.first, automatic.most) : fixedWidth(concurrency),
    ...options,
  });
  return { pool: createBlockPool(maxMemory, () => window.size * memoryOfRequest), window };
}

/** Contents in memory at a time at the very most. */
export function mostPrepared(concurrency: Concurrency): number {
  const most = mostRequests(concurrency);
  return most + readAhead(most);
}

/** Requests at a time at the very most, as for the number of connections. */
export function mostRequests(concurrency: Concurrency): number {
  return concurrency === "auto" ? automatic.most : concurrency;
}
