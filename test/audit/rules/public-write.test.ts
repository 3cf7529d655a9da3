import { publicWrite } from "../../../src/audit/rules/public-write.ts";
import { aBlock, aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { allowAll, denyAll, documentOf, variable } from "../../support/policy-documents.ts";

describeRule(publicWrite, [
  ["passes without a policy", aBucket(), passes("The bucket policy lets no stranger write to drop or delete from it.")],
  [
    "passes where strangers may only read",
    aBucket({ policy: documentOf(allowAll()) }),
    passes("The bucket policy lets no stranger write to drop or delete from it."),
  ],
  [
    "fails where anyone may put objects",
    aBucket({ policy: documentOf(allowAll({ Action: "s3:PutObject" })) }),
    fails(
      "Anyone, without credentials, can write to drop or delete from it: its policy allows s3:PutObject on arn:aws:s3:::drop/x.",
    ),
  ],
  [
    "fails where a wildcard in the middle says so",
    aBucket({ policy: documentOf(allowAll({ Action: "s3:P*Object" })) }),
    fails(
      "Anyone, without credentials, can write to drop or delete from it: its policy allows s3:PutObject on arn:aws:s3:::drop/x.",
    ),
  ],
  [
    "fails where anyone may delete",
    aBucket({ policy: documentOf(allowAll({ Action: "s3:DeleteObject*" })) }),
    fails(
      "Anyone, without credentials, can write to drop or delete from it: its policy allows s3:DeleteObject on arn:aws:s3:::drop/x (and 5 more of the kind).",
    ),
  ],
  [
    "fails where it takes an AWS account",
    aBucket({
      policy: documentOf(allowAll({ Action: "s3:PutObject", Principal: { Federated: "accounts.google.com" } })),
    }),
    fails(
      "Anyone with an AWS account can write to drop or delete from it: its policy allows s3:PutObject on arn:aws:s3:::drop/x.",
    ),
  ],
  [
    "passes where the block is on",
    aBucket({ policy: documentOf(allowAll({ Action: "s3:*" })), publicAccessBlock: aBlock(true) }),
    passes("The bucket policy lets no stranger write to drop or delete from it."),
  ],
  [
    "passes where a Deny takes writing back",
    aBucket({
      policy: documentOf(
        allowAll({ Action: "s3:*" }),
        denyAll({ NotAction: "s3:GetObject", Action: undefined, Condition: undefined }),
      ),
    }),
    passes("The bucket policy lets no stranger write to drop or delete from it."),
  ],
  [
    "fails where a tag of the object decides: some object may have it",
    aBucket({
      policy: documentOf(
        allowAll({
          Action: "s3:DeleteObject",
          Condition: { StringEquals: { "s3:ExistingObjectTag/temporary": "yes" } },
        }),
      ),
    }),
    fails(
      "Anyone, without credentials, can write to drop or delete from it: its policy allows s3:DeleteObject on arn:aws:s3:::drop/x.",
    ),
  ],
  [
    "is unknown where a condition cannot be decided here",
    aBucket({
      policy: documentOf(
        allowAll({
          Action: "s3:PutObject",
          Condition: { StringEquals: { "s3:RequestObjectTag/owner": variable("aws:userid") } },
        }),
      ),
    }),
    isUnknown(
      "Whether strangers can write to drop or delete from it cannot be told: it depends on conditions that cannot be decided here.",
    ),
  ],
  [
    "is unknown for writing where only reading is certain",
    aBucket({
      policy: documentOf(
        allowAll(),
        allowAll({
          Action: "s3:PutObject",
          Condition: { StringEquals: { "s3:RequestObjectTag/owner": variable("aws:userid") } },
        }),
      ),
    }),
    isUnknown(
      "Whether strangers can write to drop or delete from it cannot be told: it depends on conditions that cannot be decided here.",
    ),
  ],
  [
    "is unknown where AWS sees something public and we do not",
    aBucket({ policy: documentOf(denyAll()), policyStatus: { IsPublic: true } }),
    isUnknown(
      "AWS calls the policy of drop public and s3up does not see why, so whether strangers can write to drop or delete from it cannot be told.",
    ),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: { Statement: [] } }),
    isUnknown("The policy of drop cannot be understood: Statement: is an empty list."),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread(), policyStatus: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
