import { expect, test } from "vitest";
import { evaluate } from "../../../src/audit/evaluate.ts";
import type { Grant } from "../../../src/audit/facets.ts";
import { publicAcl } from "../../../src/audit/rules/public-acl.ts";
import { aBlock, aBucket, anIntent, type FacetChanges, groupGrant, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";

const withGrants = (Grants: readonly Grant[], changes: FacetChanges = {}) =>
  aBucket({ acl: { Grants }, ownership: "ObjectWriter", ...changes });
const forAll = (permission: string) => [groupGrant("AllUsers", permission)];

const clean = passes(
  "The ACL of drop grants nothing to a public group. The ACLs of single objects were not looked at.",
);
const switchedOff = passes("ACLs are switched off in drop: it belongs to its owner alone.");
const ignored = passes("S3 ignores public ACLs in drop: IgnorePublicAcls is on.");
const readable = "drop lets everyone on the internet list it: its ACL grants READ to the group AllUsers.";
const unreadAcl = "The bucket's ACL could not be read (AccessDenied); it takes s3:GetBucketAcl.";

describeRule(publicAcl, [
  ["passes where the owner alone is named", withGrants([owner("FULL_CONTROL")]), clean],
  ["passes for the log delivery group", withGrants([logDelivery("WRITE"), logDelivery("READ_ACP")]), clean],
  ["passes for one other account: that is another rule's", withGrants([owner("READ")]), clean],
  ["passes with ACLs switched off", withGrants(forAll("READ"), { ownership: "BucketOwnerEnforced" }), switchedOff],
  [
    "passes where the bucket ignores public ACLs",
    withGrants(forAll("READ"), { publicAccessBlock: aBlock(false, { IgnorePublicAcls: true }) }),
    ignored,
  ],
  [
    "passes where the account ignores them",
    withGrants(forAll("READ"), { accountPublicAccessBlock: aBlock(false, { IgnorePublicAcls: true }) }),
    ignored,
  ],
  ["passes where the organization does", withGrants(forAll("READ"), { organizationPublicAccessBlock: "all" }), ignored],
  ["fails for AllUsers", withGrants(forAll("READ")), fails(readable)],
  [
    "fails where only new public ACLs are refused",
    withGrants(forAll("READ"), { publicAccessBlock: aBlock(true, { IgnorePublicAcls: false }) }),
    fails(readable),
  ],
  [
    "fails for every AWS account in the world",
    withGrants([groupGrant("AuthenticatedUsers", "WRITE_ACP")]),
    fails(
      "drop lets everyone with an AWS account change who has access to it: its ACL grants WRITE_ACP to the group AuthenticatedUsers.",
    ),
  ],
  [
    "names each grant",
    withGrants([...forAll("READ"), owner("FULL_CONTROL"), ...forAll("WRITE")]),
    fails(
      readable,
      "drop lets everyone on the internet put objects into it and replace them: its ACL grants WRITE to the group AllUsers.",
    ),
  ],
  [
    "fails with BucketOwnerPreferred",
    withGrants(forAll("READ"), { ownership: "BucketOwnerPreferred" }),
    fails(readable),
  ],
  [
    "fails without ownership controls, as old buckets are",
    withGrants(forAll("READ"), { ownership: undefined }),
    fails(readable),
  ],
  [
    "is unknown when the ACL cannot be read and counts",
    aBucket({ acl: unread(), ownership: "ObjectWriter" }),
    isUnknown(unreadAcl, "s3:GetBucketAcl"),
  ],
  [
    "passes when the ACL cannot be read and ACLs are off",
    aBucket({ acl: unread(), ownership: "BucketOwnerEnforced" }),
    switchedOff,
  ],
  [
    "passes when the ACL cannot be read and is ignored",
    aBucket({ acl: unread(), publicAccessBlock: aBlock(true) }),
    ignored,
  ],
  [
    "passes when nothing but a clean ACL can be read",
    aBucket({ ownership: unread(), publicAccessBlock: unread() }),
    passes(
      "It holds whatever the rest says. The bucket's object ownership could not be read (AccessDenied); it takes s3:GetBucketOwnershipControls. The bucket's public access block could not be read (AccessDenied); it takes s3:GetBucketPublicAccessBlock.",
    ),
  ],
  [
    "is unknown when a public ACL may be switched off",
    withGrants(forAll("READ"), { ownership: unread() }),
    isUnknown(
      "The bucket's object ownership could not be read (AccessDenied); it takes s3:GetBucketOwnershipControls.",
      "s3:GetBucketOwnershipControls",
    ),
  ],
  [
    "names only what matters",
    aBucket({
      acl: unread(),
      ownership: "ObjectWriter",
      accountPublicAccessBlock: aBlock(false),
      publicAccessBlock: aBlock(false),
    }),
    isUnknown(unreadAcl, "s3:GetBucketAcl"),
  ],
]);

test("a full grant is shown by a request that writes", () => {
  const bucket = withGrants(forAll("FULL_CONTROL"));
  const [result] = evaluate(bucket, [publicAcl], anIntent());
  expect(result?.witness).toEqual({ action: "s3:PutObject", resource: "arn:aws:s3:::drop/any-key", principal: "*" });
});

function owner(Permission: string): Grant {
  return { Grantee: { Type: "CanonicalUser", ID: "0123abcd" }, Permission };
}

function logDelivery(Permission: string): Grant {
  return { Grantee: { Type: "Group", URI: "http://acs.amazonaws.com/groups/s3/LogDelivery" }, Permission };
}
