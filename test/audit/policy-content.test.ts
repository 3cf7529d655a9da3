import { expect, test } from "vitest";
import { policyContent } from "../../src/audit/policy-content.ts";

test("a policy's text is the document it is", () => {
  expect(policyContent('{"Version":"2012-10-17","Statement":[]}')).toEqual({ Version: "2012-10-17", Statement: [] });
});

test.for([
  ["a member that is there twice", '{"Statement":[],"Statement":{}}'],
  ["what is no JSON", "{Statement}"],
  ["nothing", ""],
  ["more levels than a policy has", `${"[".repeat(60)}${"]".repeat(60)}`],
])("%s stays text, for the policy parser to refuse", ([, text = ""]) => {
  expect(policyContent(text)).toBe(text);
});
