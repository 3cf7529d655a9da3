import { describe, expect, test } from "vitest";
import { enforceFormPolicy, parseFormPolicy } from "../../src/sandbox/form-policy.ts";
import { refusalOf } from "../support/access-keys.ts";

const NOW = new Date("2013-05-24T00:00:00Z");
const EXPIRATION = "2013-05-24T01:00:00.000Z";

function encoded(document: unknown): string {
  return Buffer.from(typeof document === "string" ? document : JSON.stringify(document)).toString("base64");
}

function policyOf(...conditions: readonly unknown[]) {
  return parseFormPolicy(encoded({ expiration: EXPIRATION, conditions }));
}

/** What is refused, or undefined. */
async function verdict(conditions: readonly unknown[], fields: Readonly<Record<string, string>>, now = NOW) {
  const enforce = () => enforceFormPolicy(policyOf(...conditions), new Map(Object.entries(fields)), now);
  const refused = await refusalOf(() => {
    enforce();
    throw new Error("accepted");
  }).catch((error: Error) => (error.message === "accepted" ? undefined : Promise.reject(error)));
  if (refused === undefined) return undefined;
  expect(refused).toMatchObject({ code: "AccessDenied", status: 403 });
  return refused.message.replace("Invalid according to Policy: ", "");
}

test.for([
  ["an object", [{ key: "a" }], { key: "a" }],
  ["eq", [["eq", "$key", "a"]], { key: "a" }],
  ["starts-with", [["starts-with", "$key", "user/"]], { key: "user/a" }],
  ["starts-with nothing", [["starts-with", "$key", ""]], { key: "anything" }],
  ["names and operators in any case", [["Starts-With", "$Content-Type", "image/"]], { "content-type": "image/png" }],
  ["a list of types", [["starts-with", "$Content-Type", "image/"]], { "content-type": "image/png,image/gif" }],
  [
    "fields that need no condition",
    [{ key: "a" }],
    { key: "a", policy: "p", "x-amz-signature": "s", "x-ignore-me": "1" },
  ],
] as const)("allows what fulfils %s", async ([, conditions, fields]) => {
  expect(await verdict(conditions, fields)).toBeUndefined();
});

test.for([
  ["another value", [{ key: "a" }], { key: "b" }, 'Policy Condition failed: ["eq", "$key", "a"]'],
  ["a value in another case", [{ key: "a" }], { key: "A" }, 'Policy Condition failed: ["eq", "$key", "a"]'],
  [
    "another beginning",
    [["starts-with", "$key", "user/"]],
    { key: "use/a" },
    'Policy Condition failed: ["starts-with", "$key", "user/"]',
  ],
  [
    "one type of a list",
    [["starts-with", "$Content-Type", "image/"]],
    { "content-type": "image/png,text/html" },
    'Policy Condition failed: ["starts-with", "$Content-Type", "image/"]',
  ],
  ["a field that is not there", [{ acl: "private" }], {}, 'Policy Condition failed: ["eq", "$acl", "private"]'],
  [
    "a field that is not there, though any value would do",
    [["starts-with", "$acl", ""]],
    {},
    'Policy Condition failed: ["starts-with", "$acl", ""]',
  ],
  ["a field without a condition", [{ key: "a" }], { key: "a", acl: "public-read" }, "Extra input fields: acl"],
  [
    "two of them",
    [{ key: "a" }],
    { key: "a", acl: "public-read", "x-amz-meta-a": "1" },
    "Extra input fields: acl, x-amz-meta-a",
  ],
  [
    "two conditions of which one fails",
    [{ key: "a" }, ["starts-with", "$key", "b"]],
    { key: "a" },
    'Policy Condition failed: ["starts-with", "$key", "b"]',
  ],
] as const)("refuses %s", async ([, conditions, fields, expected]) => {
  expect(await verdict(conditions, fields)).toBe(expected);
});

test("ends with its expiration", async () => {
  expect(await verdict([{ key: "a" }], { key: "a" }, new Date("2013-05-24T00:59:59.999Z"))).toBeUndefined();
  expect(await verdict([{ key: "a" }], { key: "a" }, new Date(EXPIRATION))).toBe("Policy expired.");
});

describe("content-length-range", () => {
  test.for([
    ["none", [], { min: 0, max: Number.POSITIVE_INFINITY }],
    ["one", [["content-length-range", 1, 10]], { min: 1, max: 10 }],
    ["one in quotes", [["content-length-range", "1", "10"]], { min: 1, max: 10 }],
    [
      "two, of which both hold",
      [
        ["content-length-range", 1, 10],
        ["content-length-range", 5, 20],
      ],
      { min: 5, max: 10 },
    ],
  ] as const)("%s", ([, conditions, size]) => {
    expect(policyOf(...conditions).size).toEqual(size);
  });

  test.for([
    [["content-length-range", 1]],
    [["content-length-range", -1, 2]],
    [["content-length-range", 3, 2]],
    [["content-length-range", "a", "b"]],
  ])("may not be %s", async ([condition]) => {
    expect(await refusalOf(() => policyOf(condition))).toMatchObject({ code: "InvalidPolicyDocument", status: 400 });
  });
});

test.for([
  ["no JSON", "{", "Invalid JSON."],
  ["a list", [], "Invalid JSON."],
  ["no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]).toString("latin1"), "Invalid JSON."],
  ["no expiration", { conditions: [] }, "Policy missing expiration."],
  [
    "an expiration that is no time",
    { expiration: "tomorrow", conditions: [] },
    "Invalid 'expiration' value: 'tomorrow'",
  ],
  [
    "an expiration without a zone",
    { expiration: "2013-05-24T01:00:00", conditions: [] },
    "Invalid 'expiration' value: '2013-05-24T01:00:00'",
  ],
  ["no conditions", { expiration: EXPIRATION }, "Policy missing conditions."],
  [
    "a condition of two properties",
    { expiration: EXPIRATION, conditions: [{ acl: "private", key: "a" }] },
    "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
  ],
  [
    "a number as a value",
    { expiration: EXPIRATION, conditions: [{ success_action_status: 201 }] },
    "Invalid Simple-Condition: value must be a string.",
  ],
  [
    "an unknown operation",
    { expiration: EXPIRATION, conditions: [["ends-with", "$key", "a"]] },
    "Invalid Condition: unknown operation 'ends-with'.",
  ],
  [
    "a field without its dollar sign",
    { expiration: EXPIRATION, conditions: [["eq", "key", "a"]] },
    "Invalid Condition: 'eq' needs a field, beginning with $, and a string.",
  ],
  [
    "a condition that is text",
    { expiration: EXPIRATION, conditions: ["eq"] },
    "Invalid Condition: conditions must be objects or lists.",
  ],
] as const)("is no policy: %s", async ([name, document, reason]) => {
  const text = name === "no UTF-8" ? Buffer.from(document as string, "latin1").toString("base64") : encoded(document);
  expect(await refusalOf(() => parseFormPolicy(text))).toMatchObject({
    code: "InvalidPolicyDocument",
    message: `Invalid Policy: ${reason}`,
  });
});
