import { describe, expect, test } from "vitest";
import { notUnderstood, parsedPolicy } from "../../src/audit/parsed-policy.ts";
import { denyAll, documentOf } from "../support/policy-documents.ts";

describe("a policy", () => {
  test("is parsed once, as a document and as text", () => {
    const document = documentOf(denyAll());
    expect(parsedPolicy(document)).toBe(parsedPolicy(document));
    const text = JSON.stringify(document);
    expect(parsedPolicy(text)).toBe(parsedPolicy(`${text}`));
  });

  test("is another one as the policy of a role", () => {
    const document = documentOf({ Effect: "Allow", Action: "s3:PutObject", Resource: "*" });
    expect(parsedPolicy(document, "identity").state).toBe("present");
    expect(parsedPolicy(document).state).toBe("unreadable");
  });

  test("is forgotten after many others, and understood again", () => {
    const text = JSON.stringify(documentOf(denyAll()));
    for (let number = 0; number < 100; number++) parsedPolicy(`${text}${" ".repeat(number + 1)}`);
    expect(parsedPolicy(text).state).toBe("present");
  });
});

test.for([
  ["nothing", undefined, { state: "absent" }],
  ["an empty text", "", { state: "unreadable", reason: "The policy: is empty (line 1, column 1)" }],
  ["a number", 7, { state: "unreadable", reason: "The policy: is not a JSON object" }],
  ["null", null, { state: "unreadable", reason: "The policy: is not a JSON object" }],
  ["no statements", { Statement: [] }, { state: "unreadable", reason: "Statement: is an empty list" }],
] as const)("%s is taken for what it is", ([, policy, reading]) => {
  expect(parsedPolicy(policy)).toEqual(reading);
});

test("of what is no policy a rule claims nothing", () => {
  expect(notUnderstood("drop", "Statement: is an empty list")).toEqual({
    status: "unknown",
    message: "The policy of drop cannot be understood: Statement: is an empty list.",
  });
});
