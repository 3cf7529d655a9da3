/** Carries one file from the page to S3: the engine of the command line, with a browser's file and a browser's requests. */
import { executeUpload } from "../upload/execute.ts";
import type { JournalStore } from "../upload/journal.ts";
import { planUpload } from "../upload/plan.ts";
import { createResources } from "../upload/resources.ts";
import type { Clock } from "../upload/tools.ts";
import type { Destination } from "../upload/transport.ts";
import { browserFile } from "./browser-file.ts";
import { createBrowserSender, type Exchange } from "./browser-sender.ts";
import { allOf, type Gate } from "./gate.ts";
import type { Carrier } from "./upload-queue.ts";

export interface CarrierOptions {
  readonly destination: Destination;
  readonly exchange: Exchange;
  /** Closed while there is no network. */
  readonly network: Gate;
  readonly clock: Clock;
  readonly random: () => number;
  /** What a later visit needs to go on. */
  readonly journals: JournalStore;
  readonly newId: () => string;
}

/** Nothing that a page lets its users choose; and it has no command line to name. */
const asAlways = {
  restart: false,
  uploadId: undefined,
  partSize: undefined,
  commands: { resume: "", abort: () => "" },
} as const;

const MiB = 1024 ** 2;

/**
 * Of one upload; three at a time make the six connections that a browser has for one host. Each has its own, so that one
 * that is paused takes nothing from the others.
 */
const limits = { concurrency: 2, maxMemory: 64 * MiB } as const;
const maxAttempts = 6;

export function createCarrier({
  destination,
  exchange,
  network,
  clock,
  random,
  journals,
  newId,
}: CarrierOptions): Carrier {
  return async (file, { signal, gate, emit, isUnwanted }) => {
    const source = browserFile(file);
    const plan = planUpload(source, await destination.limits(signal));
    await executeUpload(plan, source, destination, {
      sender: createBrowserSender(exchange, allOf(network, gate)),
      emit,
      signal,
      clock,
      random,
      resources: createResources({ ...limits, clock }),
      resume: {
        journals,
        newId,
        get onFailure() {
          return isUnwanted() ? "abort" : "keep";
        },
        ...asAlways,
      },
      settings: { contentType: contentTypeOf(file), maxAttempts, checksum: "crc32" },
    });
  };
}

/** Parameters such as a character set say nothing about a file of bytes. */
function contentTypeOf({ type }: File): string {
  return type === "" ? "application/octet-stream" : type;
}
