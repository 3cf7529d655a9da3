/** Connections that are reset, at every stage of every request. */

import { listenLater, refuseConnections } from "../gate.ts";
import { both, fails, longRow, row, type Scenario, stored } from "../scenario.ts";

const MiB = 1024 ** 2;
const part = { operation: "UploadPart" } as const;
const create = { operation: "CreateMultipartUpload" } as const;
const complete = { operation: "CompleteMultipartUpload" } as const;
const endpoint = { modes: ["endpoint"] } as const;

export const connectionRows: readonly Scenario[] = [
  ...row("nothing listens when the upload begins, and then it does", [], stored, { arrange: listenLater(600) }),
  ...longRow("the first three connections are reset as soon as they stand", [], stored, {
    arrange: refuseConnections(3),
  }),
  ...row("nothing ever listens", [], fails(3, /could not be reached|No connection/), {
    arrange: listenLater(Number.POSITIVE_INFINITY),
  }),
  ...row("the creation is reset before it is read", [{ kind: "reset-before", ...create }], stored),
  ...row("a part is reset before its body", [{ kind: "reset-before", ...part }], stored, { modes: both }),
  ...longRow("a part is reset after a byte", [{ kind: "reset-after", bytes: 1, ...part }], stored),
  ...row("a part is reset in its middle", [{ kind: "reset-after", bytes: 2 * MiB, ...part }], stored, { modes: both }),
  ...longRow("a part is reset at its end", [{ kind: "reset-after", bytes: 5 * MiB, ...part }], stored),
  ...row("a part's answer is lost", [{ kind: "lost-answer", ...part, count: 2 }], stored, { modes: both }),
  ...longRow("a part's answer breaks off", [{ kind: "truncated", ...part, count: 2 }], stored),
  ...longRow("a whole file is reset before its body", [{ kind: "reset-before", operation: "PutObject" }], stored, {
    shape: "single",
    modes: both,
  }),
  ...longRow(
    "a whole file is reset in its middle",
    [{ kind: "reset-after", bytes: 300_000, operation: "PutObject" }],
    stored,
    {
      shape: "single",
    },
  ),
  ...row("a whole file's answer is lost", [{ kind: "lost-answer", operation: "PutObject" }], stored, {
    shape: "single",
    modes: both,
  }),
  ...longRow("a whole file's answer breaks off", [{ kind: "truncated", operation: "PutObject" }], stored, {
    shape: "single",
  }),
  ...row("the completion is reset before it is read", [{ kind: "reset-before", ...complete }], stored, { modes: both }),
  ...longRow("the completion is reset in its body", [{ kind: "reset-after", bytes: 100, ...complete }], stored),
  ...row(
    "the endpoint is reset twice before it is read",
    [{ kind: "reset-before", operation: "Presign", count: 2 }],
    stored,
    endpoint,
  ),
  ...longRow(
    "the endpoint is reset while it creates",
    [{ kind: "reset-after", bytes: 20, operation: "Presign", after: 1 }],
    stored,
    endpoint,
  ),
  ...row(
    "the endpoint's answer to the creation is lost",
    [{ kind: "lost-answer", operation: "Presign", after: 1 }],
    stored,
    endpoint,
  ),
  ...row(
    "the endpoint's answer to the parts is lost",
    [{ kind: "lost-answer", operation: "Presign", after: 2 }],
    stored,
    endpoint,
  ),
  ...longRow(
    "the endpoint's answer breaks off",
    [{ kind: "truncated", operation: "Presign", after: 1, count: 2 }],
    stored,
    endpoint,
  ),
  ...row(
    "parts are reset for ever",
    [{ kind: "reset-before", ...part, count: Number.POSITIVE_INFINITY }],
    fails(5, /Part \d could not be sent in 4 tries\.\n.*closed the connection/),
    { modes: both },
  ),
  ...longRow(
    "the endpoint is reset for ever",
    [{ kind: "reset-before", operation: "Presign", count: Number.POSITIVE_INFINITY }],
    fails(3, /The endpoint .* could not be reached/),
    endpoint,
  ),
];
