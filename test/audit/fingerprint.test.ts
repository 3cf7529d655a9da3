import { expect, test } from "vitest";
import { fingerprintOf } from "../../src/audit/fingerprint.ts";

const findings = ['statement 1 ("Open") allows everyone', "statement 4 allows NotAction"];
const fingerprint = fingerprintOf("drop", "a-rule", findings);

test("is the same whatever the order of findings and of statements", () => {
  const moved = ["statement 2 allows NotAction", 'statement 7 ("Open") allows everyone'];
  expect(fingerprintOf("drop", "a-rule", moved)).toBe(fingerprint);
});

test.for([
  ["bucket", fingerprintOf("other", "a-rule", findings)],
  ["rule", fingerprintOf("drop", "b-rule", findings)],
  ["finding", fingerprintOf("drop", "a-rule", [findings[0] ?? ""])],
  ["account in it", fingerprintOf("drop", "a-rule", [...findings, "account 444455556666"])],
] as const)("differs for another %s", ([, other]) => {
  expect(other).not.toBe(fingerprint);
});

test("keeps numbers that are no places", () => {
  const age = (seconds: number) => fingerprintOf("drop", "a-rule", [`URLs live ${seconds} seconds`]);
  expect(age(900)).not.toBe(age(604_800));
});
