/** Answers that are errors, for a while or for ever, and answers that are none or not true. */
import type { FaultRule } from "../../../src/sandbox/fault-rule.ts";
import { both, fails, longRow, row, type Scenario, stored } from "../scenario.ts";

const always = Number.POSITIVE_INFINITY;
const part = { operation: "UploadPart" } as const;
const create = { operation: "CreateMultipartUpload" } as const;
const complete = { operation: "CompleteMultipartUpload" } as const;
const presign = { operation: "Presign" } as const;
const endpoint = { modes: ["endpoint"] } as const;

/** Whatever the path of an upload asks of S3. */
const everyStep = (kind: FaultRule["kind"]): readonly FaultRule[] => [
  { kind, ...create },
  { kind, ...part, count: 2 },
  { kind, ...complete },
];

export const answerRows: readonly Scenario[] = [
  ...row("each step is answered 500 once", everyStep("status-500"), stored, { modes: both }),
  ...longRow("each step is answered with a proxy's page once", everyStep("html"), stored, { modes: both }),
  ...row("S3 asks for fewer requests", [{ kind: "slow-down", ...part, count: 3 }], stored, { modes: both }),
  ...row("S3 asks for fewer requests for a second and a half", [{ kind: "slow-down", lasts: 1_500 }], stored, {
    flags: ["--max-attempts", "8"],
    long: true,
    modes: both,
  }),
  ...row(
    "S3 asks for fewer requests for ever",
    [{ kind: "slow-down", ...part, count: always }],
    fails(5, /fewer requests/),
    {
      modes: both,
      long: true,
    },
  ),
  ...row(
    "S3 answers 500 to every part",
    [{ kind: "status-500", ...part, count: always }],
    fails(5, /in 4 tries[\s\S]*InternalError/),
    {
      modes: both,
    },
  ),
  ...longRow("a whole file is answered 500 twice", [{ kind: "status-500", operation: "PutObject", count: 2 }], stored, {
    shape: "single",
  }),
  ...longRow(
    "a whole file is answered with a page for ever",
    [{ kind: "html", operation: "PutObject", count: always }],
    fails(3, /502/),
    {
      shape: "single",
    },
  ),
  ...row("the endpoint asks for fewer requests", [{ kind: "slow-down", ...presign, count: 2 }], stored, endpoint),
  ...longRow("the endpoint answers with a page", [{ kind: "html", ...presign, after: 1 }], stored, endpoint),
  ...longRow(
    "the endpoint answers 500 for ever",
    [{ kind: "status-500", ...presign, count: always }],
    fails(3, /answered 500/),
    endpoint,
  ),
  ...row("a part is answered with another ETag", [{ kind: "wrong-etag", ...part }], stored, { modes: both }),
  ...longRow("a whole file is answered with another ETag", [{ kind: "wrong-etag", operation: "PutObject" }], stored, {
    shape: "single",
  }),
  ...longRow("the completion is answered with another ETag", [{ kind: "wrong-etag", ...complete }], stored),
  ...row("the completion fails within a 200", [{ kind: "error-in-200", ...complete, count: 2 }], stored, {
    modes: both,
  }),
  ...row(
    "the completion fails within a 200 for ever",
    [{ kind: "error-in-200", ...complete, count: always }],
    fails(5, /InternalError/),
    { modes: both },
  ),
  ...row("the completion's answer is lost", [{ kind: "lost-answer", ...complete }], stored, { modes: both }),
  ...longRow(
    "the completion's answer is lost in every try",
    [{ kind: "lost-answer", ...complete, count: always }],
    stored,
    {
      modes: both,
    },
  ),
  ...row("the completion's answer breaks off", [{ kind: "truncated", ...complete }], stored, { modes: both }),
  ...row("the creation's answer is lost", [{ kind: "lost-answer", ...create }], stored, { modes: both }),
];
