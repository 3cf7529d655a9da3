import { publicList } from "../../../src/audit/rules/public-list.ts";
import { aBlock, aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { allowAll, bothArns, documentOf, drop } from "../../support/policy-documents.ts";

describeRule(publicList, [
  ["passes without a policy", aBucket(), passes("The bucket policy lets no stranger list what is in drop.")],
  [
    "passes where strangers may only read what they know the name of",
    aBucket({ policy: documentOf(allowAll()) }),
    passes("The bucket policy lets no stranger list what is in drop."),
  ],
  [
    "fails where anyone may list",
    aBucket({ policy: documentOf(allowAll({ Action: "s3:ListBucket", Resource: drop.arn })) }),
    fails(
      "Anyone, without credentials, can list what is in drop: its policy allows s3:ListBucket on arn:aws:s3:::drop.",
    ),
  ],
  [
    "fails where s3:List* says so",
    aBucket({ policy: documentOf(allowAll({ Action: "s3:List*", Resource: bothArns })) }),
    fails(
      "Anyone, without credentials, can list what is in drop: its policy allows s3:ListBucket on arn:aws:s3:::drop (and 6 more of the kind).",
    ),
  ],
  [
    "passes where the action does not meet the bucket",
    aBucket({ policy: documentOf(allowAll({ Action: "s3:ListBucket" })) }),
    passes("The bucket policy lets no stranger list what is in drop."),
  ],
  [
    "passes where the block is on",
    aBucket({
      policy: documentOf(allowAll({ Action: "s3:*", Resource: bothArns })),
      accountPublicAccessBlock: aBlock(true),
    }),
    passes("The bucket policy lets no stranger list what is in drop."),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread(), policyStatus: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
