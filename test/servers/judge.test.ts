import { expect, test } from "vitest";
import { complaint, staleRows } from "./judge.ts";
import { probe } from "./probe.ts";

const asked = probe("B07", "refuses another key", "403 SignatureDoesNotMatch", async () => "");
const known = { answers: "200", note: "Accepts any signature." };

test.for([
  ["is content with the expected answer", "403 SignatureDoesNotMatch", undefined, undefined],
  ["is content with the deviation that is on the table", "200", known, undefined],
  ["names a new deviation", "200", undefined, 'New deviation: B07 expects "403 SignatureDoesNotMatch" and got "200".'],
  [
    "names a deviation that vanished",
    "403 SignatureDoesNotMatch",
    known,
    'Vanished deviation: B07 now answers "403 SignatureDoesNotMatch" as AWS does; take it off the table.',
  ],
  ["names one that changed", "500", known, 'Changed deviation: B07 was known to answer "200" and got "500".'],
] as const)("%s", ([, answer, deviation, expected]) => {
  expect(complaint(asked, answer, deviation)).toBe(expected);
});

test.for([
  ["a good row", { B07: known }, []],
  ["a row for no probe", { Z99: known }, ["Z99: there is no such probe."]],
  [
    "a row with the expected answer",
    { B07: { ...known, answers: asked.expected } },
    ["B07: this is the expected answer."],
  ],
  ["a row without a note", { B07: { ...known, note: " " } }, ["B07: the note is empty."]],
] as const)("staleRows answers for %s", ([, table, expected]) => {
  expect(staleRows(table, [asked])).toEqual(expected);
});
