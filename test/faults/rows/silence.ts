/** Connections on which nothing moves any more. */
import { both, fails, row, type Scenario, stored } from "../scenario.ts";

const MiB = 1024 ** 2;
const part = { operation: "UploadPart" } as const;
const complete = { operation: "CompleteMultipartUpload" } as const;

/** A second of silence is enough here; on a busy machine there may be more of it, and so more tries. */
const impatient = ["--stall-timeout", "1s", "--max-attempts", "10"];

export const silenceRows: readonly Scenario[] = [
  ...quiet("a part is not read at all", [{ kind: "stall", ...part }], stored, { modes: both }),
  ...quiet("a part stalls in its middle", [{ kind: "stall", bytes: 2 * MiB, ...part }], stored, { long: true }),
  ...quiet("a part is never answered", [{ kind: "silent", ...part }], stored),
  ...quiet("a part's answer stops half way", [{ kind: "stalled-answer", ...part }], stored, { long: true }),
  ...quiet("a whole file is never answered", [{ kind: "silent", operation: "PutObject" }], stored, {
    shape: "single",
    modes: both,
  }),
  ...quiet("the creation is never answered", [{ kind: "silent", operation: "CreateMultipartUpload" }], stored, {
    long: true,
  }),
  ...quiet("the completion's answer stops half way", [{ kind: "stalled-answer", ...complete }], stored, {
    modes: both,
  }),
  ...quiet("the completion is never answered", [{ kind: "silent", ...complete }], stored, { modes: both, long: true }),
  ...quiet("the endpoint is silent once", [{ kind: "silent", operation: "Presign", after: 1 }], stored, {
    modes: ["endpoint"],
    long: true,
  }),
  ...quiet("parts pass slowly, but they pass", [{ kind: "bandwidth", bytesPerSecond: 8 * MiB, ...part }], stored, {
    long: true,
    modes: both,
  }),
  ...row(
    "parts stall for ever",
    [{ kind: "stall", bytes: MiB, ...part, count: Number.POSITIVE_INFINITY }],
    fails(5, /Part \d could not be sent in 2 tries\.\n.*Nothing moved/),
    { modes: both, long: true, flags: ["--stall-timeout", "1s", "--max-attempts", "2"] },
  ),
];

function quiet(...[when, faults, ends, options]: Parameters<typeof row>): readonly Scenario[] {
  return row(when, faults, ends, { flags: impatient, ...options });
}
