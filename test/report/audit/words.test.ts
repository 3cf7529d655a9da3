import { describe, expect, test } from "vitest";
import { countsSentence, findingLines, missingActions } from "../../../src/report/audit/words.ts";
import { aBucket, aReport, aResult, unknownResult } from "../../support/audit-reports.ts";

const witness = { action: "s3:GetObject", resource: "arn:aws:s3:::drop/a" };

describe("findings", () => {
  test.for([
    ["a message alone", { message: "A." }, ["A."]],
    [
      "a message with a request that shows it",
      { message: "A.", witness },
      ["A. For example: anyone can call s3:GetObject on arn:aws:s3:::drop/a"],
    ],
    ["a message that its only evidence repeats", { message: "A.", evidence: [{ message: "A." }] }, ["A."]],
    [
      "a message that joins some of its findings",
      { message: "A. B. And 1 more.", evidence: [{ message: "A." }, { message: "B." }, { message: "C." }] },
      ["A.", "B.", "C."],
    ],
    ["evidence that says something else", { message: "A.", evidence: [{ message: "B." }] }, ["A.", "B."]],
    [
      "one finding with two missing actions",
      {
        message: "A.",
        evidence: [
          { message: "A.", missingAction: "s3:x" },
          { message: "A.", missingAction: "s3:y" },
        ],
      },
      ["A."],
    ],
    [
      "a principal by name",
      { message: "A.", witness: { ...witness, principal: "arn:aws:iam::111122223333:root" } },
      ["A. For example: arn:aws:iam::111122223333:root can call s3:GetObject on arn:aws:s3:::drop/a"],
    ],
  ] as const)("%s", ([, changes, lines]) => {
    expect(findingLines(aResult(changes))).toEqual(lines);
  });
});

test("missing actions are named once, in order, and only where the answer is unknown", () => {
  const evidence = ["s3:b", "s3:a", "s3:b"].map((missingAction) => ({ message: "m", missingAction }));
  expect(
    missingActions([{ ...unknownResult, evidence }, aResult({ evidence: [{ message: "m", missingAction: "s3:c" }] })]),
  ).toEqual(["s3:a", "s3:b"]);
});

test("counts leave out what there is none of, but for failures, open questions and passes", () => {
  expect(countsSentence(aReport([aBucket({ results: [] })]))).toBe("1 bucket, 0 checks: 0 failed, 0 unknown, 0 passed");
});
