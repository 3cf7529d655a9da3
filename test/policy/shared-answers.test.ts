import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Policy, parsePolicy } from "../../src/policy/document.ts";
import { guardrail } from "../../src/policy/guardrail.ts";
import { lintPolicy } from "../../src/policy/lint.ts";
import { isPublic } from "../../src/policy/public.ts";
import { type BucketArn, bucketArn } from "../../src/policy/s3-targets.ts";
import { sharedAnswer } from "../../src/policy/shared-answers.ts";

/** A policy that speaks of the bucket; `NAME` stands for its name. */
function policyWith(statement: object, name: string): Policy {
  const usual = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::NAME/*" };
  const text = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...usual, ...statement }] });
  return parsePolicy(text.replaceAll("NAME", name), "resource");
}

/** How often it was really asked, for two buckets. */
function timesAsked(question: string, statement: object, [one, other]: readonly [string, string]): number {
  let times = 0;
  for (const name of [one, other]) {
    sharedAnswer(policyWith(statement, name), bucketArn(name), question, () => {
      times += 1;
      return {};
    });
  }
  return times;
}

const alike = ["here-1", "here-2"] as const;

describe("a question about two buckets", () => {
  test.each<readonly [sentence: string, statement: object, names: readonly [string, string], times: number]>([
    ["is asked once where only the name differs", {}, alike, 1],
    ["is asked once where the bucket and its objects are named", { Resource: ["arn:aws:s3:::NAME", "*"] }, alike, 1],
    ["is asked of each where one name is longer", {}, ["there-1", "there-22"], 2],
    ["is asked of each where a wildcard stands for a part of the name", { Resource: "arn:aws:s3:::a-*" }, alike, 2],
    ["is asked of each where a wildcard comes right after the name", { Resource: "arn:aws:s3:::NAME*" }, alike, 2],
    ["is asked of each where a wildcard comes before the name", { Resource: "*NAME/*" }, alike, 2],
    ["is asked of each where the key holds the name, too", { Resource: "arn:aws:s3:::NAME/NAME/*" }, alike, 2],
    [
      "is asked of each where a condition holds the name",
      { Condition: { StringLike: { "s3:prefix": "NAME" } } },
      alike,
      2,
    ],
    ["is asked of each where a Sid holds the name", { Sid: "For NAME" }, alike, 2],
    ["is asked of each where a name is a word of the policy", {}, ["Effect", "Action"], 2],
    ["is asked of each where a name holds a wildcard", {}, ["odd*1", "odd*2"], 2],
  ])("%s", (sentence, statement, names, times) => {
    expect(timesAsked(sentence, statement, names)).toBe(times);
  });

  test("is asked of each where it names resources itself", () => {
    expect(timesAsked("who may use arn:aws:s3:::here-1/uploads/*", {}, alike)).toBe(2);
  });

  test("is answered to each with its own name", () => {
    const answers = alike.map((name) =>
      sharedAnswer(policyWith({}, name), bucketArn(name), "own name", (_, { arn }) => ({ at: [`${arn}/x`], count: 1 })),
    );
    expect(answers).toEqual([
      { at: ["arn:aws:s3:::here-1/x"], count: 1 },
      { at: ["arn:aws:s3:::here-2/x"], count: 1 },
    ]);
  });

  test("finds the same answer again", () => {
    const policy = policyWith({}, "again-1");
    const ask = () => sharedAnswer(policy, bucketArn("again-1"), "again", () => ({}));
    expect(ask()).toBe(ask());
  });
});

const resources = fc.constantFrom(
  "arn:aws:s3:::NAME",
  "arn:aws:s3:::NAME/*",
  "arn:aws:s3:::NAME/uploads/*",
  "arn:aws:s3:::NAME/a?b*c",
  "arn:aws:s3:::NAM*",
  "arn:aws:s3:::*/*",
  "arn:aws:s3:::NAME*",
  "*",
);
const statements = fc.record({
  Effect: fc.constantFrom("Allow", "Deny"),
  Principal: fc.constantFrom<unknown>("*", { AWS: "arn:aws:iam::111122223333:root" }),
  Action: fc.constantFrom("s3:*", "s3:PutObject", "s3:Get*", "s3:ListBucket"),
  Resource: fc.uniqueArray(resources, { minLength: 1, maxLength: 3 }),
  Condition: fc.constantFrom<object>(
    {},
    { Bool: { "aws:SecureTransport": "false" } },
    { NumericGreaterThan: { "s3:signatureAge": "600000" } },
  ),
});
const names = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{4}[a-z0-9]$/);

test("whatever the policy and the names, a shared answer is the one that the bucket has by itself", () => {
  const questions: readonly (readonly [string, (policy: Policy, bucket: BucketArn) => unknown])[] = [
    ["lint", (policy, bucket) => lintPolicy(policy, bucket)],
    ["tls", (policy, bucket) => guardrail(policy, bucket, { kind: "insecureTransport" })],
    ["age", (policy, bucket) => guardrail(policy, bucket, { kind: "signatureAge", maxMs: 600_000 }, { prefix: "up/" })],
    ["public", (policy) => isPublic(policy)],
  ];
  fc.assert(
    fc.property(fc.array(statements, { minLength: 1, maxLength: 3 }), fc.tuple(names, names), (list, pair) => {
      const text = JSON.stringify({ Version: "2012-10-17", Statement: list });
      for (const name of pair) {
        const made = () =>
          parsePolicy(text.replaceAll("NAME", name).replaceAll("NAM*", `${name.slice(0, 5)}*`), "resource");
        for (const [question, ask] of questions) {
          const shared = sharedAnswer(made(), bucketArn(name), `property ${question}`, ask);
          expect(shared).toEqual(ask(made(), bucketArn(name)));
        }
      }
    }),
    { numRuns: 100 },
  );
});
