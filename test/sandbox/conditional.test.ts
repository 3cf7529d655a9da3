import { describe, expect, test } from "vitest";
import { checkCopySource, decideRead, writeCondition } from "../../src/sandbox/conditional.ts";
import { anObject } from "../support/stored-objects.ts";

const object = anObject({ etag: "abc", lastModified: "2026-01-02T03:04:05.600Z" });
const itsDate = "Fri, 02 Jan 2026 03:04:05 GMT";
const before = "Fri, 02 Jan 2026 03:04:04 GMT";

describe("decideRead", () => {
  test.for([
    ["nothing is asked", {}, "read"],
    ["the entity tag matches", { "if-match": '"abc"' }, "read"],
    ["one of several matches", { "if-match": '"x", "abc"' }, "read"],
    ["any would do", { "if-match": "*" }, "read"],
    ["it was not changed since its date", { "if-unmodified-since": itsDate }, "read"],
    ["the tag matches, whatever the date says", { "if-match": '"abc"', "if-unmodified-since": before }, "read"],
    ["it is another than the client has", { "if-none-match": '"x"' }, "read"],
    ["it changed since", { "if-modified-since": before }, "read"],
    ["the date is no date", { "if-modified-since": "yesterday" }, "read"],
    ["it is another, whatever the date says", { "if-none-match": '"x"', "if-modified-since": itsDate }, "read"],
    ["the client has it", { "if-none-match": '"abc"' }, "notModified"],
    ["the client has it under a weak tag", { "if-none-match": 'W/"abc"' }, "notModified"],
    ["it did not change since", { "if-modified-since": itsDate }, "notModified"],
  ] as const)("%s", ([, headers, decision]) => {
    expect(decideRead(headers, object)).toBe(decision);
  });

  test.for([
    ["another entity tag", { "if-match": '"x"' }, "If-Match"],
    ["a change since", { "if-unmodified-since": before }, "If-Unmodified-Since"],
  ] as const)("fails on %s", ([, headers, condition]) => {
    expect(() => decideRead(headers, object)).toThrow(
      expect.objectContaining({ code: "PreconditionFailed", details: { Condition: condition } }),
    );
  });
});

describe("checkCopySource", () => {
  test.for([
    ["if-match", '"x"'],
    ["if-none-match", '"abc"'],
    ["if-unmodified-since", before],
    ["if-modified-since", itsDate],
  ] as const)("%s fails with 412, where a read would have a 304", ([name, value]) => {
    const header = `x-amz-copy-source-${name}`;
    expect(() => checkCopySource({ [header]: value }, object)).toThrow(
      expect.objectContaining({ code: "PreconditionFailed", details: { Condition: header } }),
    );
  });

  test("passes when all holds", () => {
    const headers = { "x-amz-copy-source-if-match": "abc", "x-amz-copy-source-if-modified-since": before };
    expect(() => checkCopySource(headers, object)).not.toThrow();
  });
});

describe("writeCondition", () => {
  const noneMatch = writeCondition({ "if-none-match": "*" }, "a");
  const match = writeCondition({ "if-match": '"abc"' }, "a");

  test.for([
    ["nothing is asked", writeCondition({}, "a"), object, undefined],
    ["nothing may be there and nothing is", noneMatch, undefined, undefined],
    ["nothing may be there and something is", noneMatch, object, "PreconditionFailed"],
    ["it must be the one that it is", match, object, undefined],
    ["it must be another one", match, anObject({ etag: "x" }), "PreconditionFailed"],
    ["it must be there and is not", match, undefined, "NoSuchKey"],
  ] as const)("before the body: %s", ([, condition, current, code]) => {
    const check = () => condition.check(current);
    if (code === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code }));
  });

  test.for([
    ["somebody else was quicker", noneMatch, object, "PreconditionFailed"],
    ["it was replaced meanwhile", match, anObject({ etag: "x" }), "PreconditionFailed"],
    ["it was deleted meanwhile", match, undefined, "ConditionalRequestConflict"],
  ] as const)("in the moment of the write: %s", ([, condition, current, code]) => {
    expect(() => condition.checkAgain(current)).toThrow(expect.objectContaining({ code }));
  });

  test.for([
    ["If-None-Match with a tag", { "if-none-match": '"abc"' }],
    ["both at once", { "if-none-match": "*", "if-match": '"abc"' }],
    ["a date", { "if-unmodified-since": itsDate }],
  ] as const)("%s is not implemented, in S3 neither", ([, headers]) => {
    expect(() => writeCondition(headers, "a")).toThrow(expect.objectContaining({ code: "NotImplemented" }));
  });
});
