import { describe, expect, test } from "vitest";
import { policyAnswers } from "../../src/audit/policy-answers.ts";
import { aBlock, aBucket, type FacetChanges, groupGrant, unread } from "../support/audit-bucket.ts";
import { allowAll, denyAll, documentOf, drop } from "../support/policy-documents.ts";

const open = documentOf(allowAll());
const can = [{ action: "s3:GetObject", resource: `${drop.arn}/x`, principal: "*" }];

/** [public, strangers, masked], and what AWS says where it was asked. */
const rows: readonly (readonly [string, FacetChanges, readonly [string, string, string], boolean?])[] = [
  ["no policy", {}, ["no", "no", "no"]],
  ["guards only", { policy: documentOf(denyAll()) }, ["no", "no", "no"]],
  ["open to everyone", { policy: open }, ["yes", "yes", "no"]],
  ["open, and blocked at the bucket", { policy: open, publicAccessBlock: aBlock(true) }, ["yes", "no", "yes"]],
  [
    "open, and blocked by the organization",
    { policy: open, organizationPublicAccessBlock: "all" },
    ["yes", "no", "yes"],
  ],
  [
    "open, and closed by a Deny",
    { policy: documentOf(allowAll(), denyAll({ Condition: undefined })) },
    ["yes", "no", "no"],
  ],
  ["open by the ACL alone", { acl: { Grants: [groupGrant("AllUsers", "READ")] } }, ["no", "yes", "no"]],
  [
    "an ACL that is switched off",
    { acl: { Grants: [groupGrant("AllUsers", "READ")] }, ownership: "BucketOwnerEnforced" },
    ["no", "no", "no"],
  ],
  ["a policy that was refused", { policy: unread() }, ["unknown", "unknown", "no"]],
  [
    "a policy that was refused, and blocked",
    { policy: unread(), publicAccessBlock: aBlock(true) },
    ["unknown", "no", "unknown"],
  ],
  [
    "a policy that was refused and AWS judged",
    { policy: unread(), policyStatus: { IsPublic: false } },
    ["no", "unknown", "no"],
    false,
  ],
  ["no policy in the text", { policy: "{" }, ["unknown", "unknown", "no"]],
  [
    "no policy in the text, whatever AWS said",
    { policy: "{", policyStatus: { IsPublic: false } },
    ["unknown", "unknown", "no"],
    false,
  ],
  [
    "no policy in the text, and AWS calls it public",
    { policy: "{", policyStatus: { IsPublic: true } },
    ["yes", "unknown", "no"],
    true,
  ],
  [
    "AWS and s3up differ",
    { policy: documentOf(denyAll()), policyStatus: { IsPublic: true } },
    ["no", "no", "no"],
    true,
  ],
  ["a block that was refused", { policy: open, accountPublicAccessBlock: unread() }, ["yes", "unknown", "unknown"]],
];

describe("the three answers", () => {
  test.for(rows)("%s", ([, changes, expected, aws]) => {
    const answers = policyAnswers(aBucket(changes));
    expect([answers.public, answers.strangers.answer, answers.masked]).toEqual(expected);
    expect(answers.awsSays).toBe(aws);
  });

  test("show what a stranger can do, and no more of it than helps", () => {
    expect(policyAnswers(aBucket({ policy: open })).strangers).toEqual({
      answer: "yes",
      can,
      reason: "anyone, without credentials, can call s3:GetObject on arn:aws:s3:::drop/x",
    });
    const all = policyAnswers(aBucket({ policy: documentOf(allowAll({ Action: "*", Resource: "*" })) }));
    expect(all.strangers.can).toHaveLength(10);
  });
});
