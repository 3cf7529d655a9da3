import type { UploadEvent } from "../../src/upload/events.ts";
import { executeUpload } from "../../src/upload/execute.ts";
import { planUpload } from "../../src/upload/plan.ts";
import { SendFailure } from "../../src/upload/transport.ts";
import { type FakeS3, fakeS3 } from "./fake-s3.ts";
import { memorySource, patternedBytes } from "./memory-source.ts";
import { MiB, type ToolChanges, uploadTools } from "./upload-tools.ts";

/** Three parts of 5 MiB and one of 1 MiB and a bit. */
export const large = patternedBytes(16 * MiB + 77);
export const small = patternedBytes(MiB + 5);
/** Key of every upload. */
export const stored = "k/file.bin";

/** Plans and carries out, as `s3up put` does; an error is the answer too. */
export async function upload(
  bytes: Uint8Array,
  s3: FakeS3 = fakeS3(),
  changes: ToolChanges = {},
  source = memorySource(bytes),
) {
  const tools = uploadTools(s3.sender, changes);
  const limits = await s3.destination.limits(tools.signal);
  const plan = planUpload(source, limits, { partSize: 5 * MiB });
  const object = await executeUpload(plan, source, s3.destination, tools).then(
    (value) => value,
    (error: unknown) => error,
  );
  return { object, s3, tools, types: tools.events.map(briefly).filter((text) => text !== "progress") };
}

function briefly(event: UploadEvent): string {
  switch (event.type) {
    case "preparing":
      return event.step;
    case "retrying":
      return `retrying ${event.partNumber ?? "-"} (${event.attempt}): ${event.reason}`;
    case "resigned":
      return `resigned ${event.partNumber ?? "-"}`;
    case "window":
      return `window ${event.size}`;
    case "aborted":
      return event.clean ? "aborted" : "left behind";
    default:
      return event.type;
  }
}

export const reset = new SendFailure("reset", "ECONNRESET");
export const isStored = (s3: FakeS3, bytes: Uint8Array) =>
  Buffer.compare(s3.objects.get(stored) ?? Buffer.of(), bytes) === 0;
