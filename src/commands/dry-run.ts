/** What an upload would come to: parts, requests, memory. */
import type { ReportEvent, StreamUpload } from "../runtime.ts";
import type { UploadPlan } from "../upload/plan.ts";
import { type Concurrency, mostPrepared } from "../upload/resources.ts";

type DryRunFacts = Extract<ReportEvent, { readonly type: "dry-run" }>["facts"];

interface Means {
  readonly concurrency: Concurrency;
  readonly maxMemory: number;
}

export function dryRunOf(plan: UploadPlan, destination: string, { concurrency, maxMemory }: Means): DryRunFacts {
  const { path, size } = plan.file;
  if (plan.kind === "single") {
    const memory = Math.min(size, maxMemory);
    return { path, destination, size, kind: "single", partSize: size, partCount: 1, requests: 1, memory };
  }
  const { partSize, parts } = plan;
  const inMemory = Math.min(parts.length, mostPrepared(concurrency));
  return {
    path,
    destination,
    size,
    kind: "multipart",
    partSize,
    partCount: parts.length,
    // One to begin, one for each part, one to complete.
    requests: parts.length + 2,
    memory: Math.min(size, partSize * inMemory, maxMemory),
  };
}

type DryRunTotal = Extract<ReportEvent, { readonly type: "dry-run-total" }>["facts"];

/** Sums up what many files would come to. */
export function createDryRunTotal({ concurrency, maxMemory }: Means) {
  const sum = { files: 0, bytes: 0, requests: 0 };
  let largest = 0;
  return {
    add({ size = 0, requests, partSize }: DryRunFacts): void {
      sum.files += 1;
      sum.bytes += size;
      sum.requests += requests;
      largest = Math.max(largest, partSize);
    },
    /** Memory: as many of the largest contents as can be held at a time, but no more than there is to send. */
    facts: (): DryRunTotal => ({
      ...sum,
      memory: Math.min(maxMemory, sum.bytes, largest * mostPrepared(concurrency)),
    }),
  };
}

export function dryRunOfStream(
  { partSize, concurrency }: Pick<StreamUpload, "partSize" | "concurrency">,
  destination: string,
  { maxMemory }: Means,
): DryRunFacts {
  return {
    path: "-",
    destination,
    size: undefined,
    kind: "multipart",
    partSize,
    partCount: 0,
    requests: 0,
    memory: Math.min(partSize * concurrency, maxMemory),
  };
}
