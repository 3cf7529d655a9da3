import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import { type FaultRule, faultKinds, parseFaultRule } from "../../src/sandbox/fault-rule.ts";

const operations = ["PutObject", "UploadPart", "Presign"];

describe("a fault in words", () => {
  test.for<[string, FaultRule]>([
    ["slow-down", { kind: "slow-down" }],
    [
      "slow-down:operation=UploadPart,count=3,probability=0.5",
      { kind: "slow-down", operation: "UploadPart", count: 3, probability: 0.5 },
    ],
    ["reset-after:bytes=64KiB,parts=1+3+5-7", { kind: "reset-after", bytes: 65_536, parts: [1, 3, 5, 6, 7] }],
    ["latency:milliseconds=200", { kind: "latency", milliseconds: 200 }],
    ["bandwidth:bytesPerSecond=1MiB,operation=*", { kind: "bandwidth", bytesPerSecond: 1_048_576, operation: "*" }],
    ["lost-answer:after=2,count=all", { kind: "lost-answer", after: 2, count: Number.POSITIVE_INFINITY }],
    ["moved:region=eu-central-1", { kind: "moved", region: "eu-central-1" }],
    ["slow-down:lasts=2000", { kind: "slow-down", lasts: 2_000 }],
    ["status-500: operation = Presign", { kind: "status-500", operation: "Presign" }],
  ])("%s", ([text, rule]) => {
    expect(parseFaultRule(text, operations)).toEqual(rule);
  });

  test.for(Object.keys(faultKinds))("knows %s", (kind) => {
    const needed: Record<string, string> = {
      latency: ":milliseconds=1",
      bandwidth: ":bytesPerSecond=1",
      moved: ":region=eu-west-1",
    };
    expect(parseFaultRule(kind + (needed[kind] ?? ""), operations).kind).toBe(kind);
  });
});

describe("what is refused says what would do", () => {
  test.for<[string, string, string]>([
    ["slow", 'there is no fault "slow".', "Known: latency, bandwidth,"],
    ["constructor", 'there is no fault "constructor".', "Known: latency,"],
    ["slow-down:times=3", 'a fault has no member "times".', "Known: operation, parts, bytes,"],
    ["slow-down:count=3,count=4", '"count" is given twice.', "once"],
    ["slow-down:count", '"count" is not member=value.', "kind:member=value"],
    ["slow-down:", '"" is not member=value.', "kind:member=value"],
    ["slow-down:operation=Upload", 'there is no operation "Upload".', "Known: *, PutObject, UploadPart, Presign."],
    ["slow-down:count=0", '"0" is too small.', "1 or more"],
    ["slow-down:count=-1", '"-1" is no whole number.', "digits"],
    ["slow-down:probability=1.5", '"1.5" is no probability.', "0 to 1"],
    ["slow-down:parts=0", '"0" are no part numbers.', "1 to 10000"],
    ["slow-down:parts=5-3", '"5-3" are no part numbers.', "1 to 10000"],
    ["slow-down:parts=1-10001", '"1-10001" are no part numbers.', "1 to 10000"],
    ["stall:bytes=1MB", '"1MB" is no number of bytes.', "64KiB"],
    ["latency", "latency needs milliseconds.", "latency:milliseconds="],
    ["bandwidth", "bandwidth needs bytesPerSecond.", "bandwidth:bytesPerSecond="],
    ["moved", "moved needs region.", "moved:region=… with a region."],
    ["moved:region=EU", '"EU" is no region.', "eu-central-1"],
    ["slow-down:lasts=0", '"0" is too small.', "1 or more"],
    ["bandwidth:bytesPerSecond=0", '"0" is too small.', "1 or more"],
  ])("%s", ([text, why, hint]) => {
    const error = catchError(() => parseFaultRule(text, operations));
    expect(error.code).toBe("USAGE");
    expect(error.message).toBe(`The fault "${text}" is not understood.`);
    expect(error.why?.toLowerCase()).toBe(why.toLowerCase());
    expect(error.hint).toContain(hint);
  });
});

test("the sandbox's page and the command's help explain every kind", () => {
  const readme = readFileSync(new URL("../../src/sandbox/README.md", import.meta.url), "utf8");
  const command = readFileSync(new URL("../../src/commands/sandbox.ts", import.meta.url), "utf8");
  for (const kind of Object.keys(faultKinds)) {
    expect(readme).toContain(`| \`${kind}\` |`);
    expect(command).toMatch(new RegExp(`[ \n]${kind}[,.]`));
  }
});

function catchError(run: () => unknown): S3upError {
  try {
    run();
  } catch (error) {
    if (error instanceof S3upError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
