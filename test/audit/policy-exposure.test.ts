import { describe, expect, test } from "vitest";
import { policyExposure, strangerWitness } from "../../src/audit/policy-exposure.ts";
import { aBlock } from "../support/audit-bucket.ts";
import { allowAll, documentOf, drop } from "../support/policy-documents.ts";

const facets = {
  arn: drop.arn,
  policy: documentOf(allowAll()),
  policyStatus: undefined,
  publicAccessBlock: undefined,
  accountPublicAccessBlock: undefined,
  organizationPublicAccessBlock: undefined,
};

function strangersOf(changes: object) {
  const found = policyExposure({ ...facets, ...changes });
  return found.state === "present" ? found.value.strangers.answer : found.state;
}

describe("the exposure of a policy", () => {
  test("is worked out once for all rules that ask", () => {
    const [first, second] = [policyExposure(facets), policyExposure({ ...facets })];
    expect(first.state === "present" && second.state === "present" && first.value === second.value).toBe(true);
  });

  test("is another one with a block", () => {
    const answers = [{}, { publicAccessBlock: aBlock(true) }, { organizationPublicAccessBlock: "all" }, {}];
    expect(answers.map(strangersOf)).toEqual(["yes", "no", "no", "yes"]);
  });

  test("is unreadable for what is no policy, but for AWS's own word that it is public", () => {
    const answers = [{}, { policyStatus: { IsPublic: false } }, { policyStatus: { IsPublic: true } }];
    expect(answers.map((change) => strangersOf({ policy: "{", ...change }))).toEqual([
      "unreadable",
      "unreadable",
      "unknown",
    ]);
  });
});

test("a witness says whether an account is needed", () => {
  const found = { action: "s3:GetObject", resource: `${drop.arn}/x`, kind: "read" } as const;
  expect(strangerWitness({ ...found, who: "anonymous" }).principal).toBe("*");
  expect(strangerWitness({ ...found, who: "foreign-account" }).principal).toBe("any AWS account");
});
