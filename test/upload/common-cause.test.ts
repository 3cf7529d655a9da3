import { expect, test } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { createCauseWatch } from "../../src/upload/common-cause.ts";

/** Failures, and "ok" for a file that was stored; the answer is at which of them the run ends. */
function endsAt(...outcomes: readonly (ErrorCode | "ok")[]): number | undefined {
  const watch = createCauseWatch();
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome === "ok") watch.stored();
    else if (watch.failed(outcome)) return index + 1;
  }
  return undefined;
}
const times = (count: number, code: ErrorCode) => Array<ErrorCode>(count).fill(code);

test.for<[string, readonly (ErrorCode | "ok")[], number | undefined]>([
  ["expired credentials end it at once", ["ok", "CREDENTIALS_EXPIRED"], 2],
  ["a bucket that is not there ends it at once", ["BUCKET_NOT_FOUND"], 1],
  ["files that cannot be read never end it", times(50, "FILE_UNREADABLE"), undefined],
  ["objects that exist never end it", times(50, "OBJECT_EXISTS"), undefined],
  ["five refusals in a row before anything is stored end it", times(9, "ACCESS_DENIED"), 5],
  [
    "a prefix that is refused does not end it at five when others are stored",
    ["ok", ...times(9, "ACCESS_DENIED")],
    undefined,
  ],
  ["twenty in a row do", ["ok", ...times(30, "NETWORK")], 21],
  ["a file that is stored begins the count anew", [...times(4, "NETWORK"), "ok", ...times(4, "NETWORK")], undefined],
])("%s", ([, outcomes, expected]) => {
  expect(endsAt(...outcomes)).toBe(expected);
});
