import { policyGrammar } from "../../../src/audit/rules/policy-grammar.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, failsWith, isUnknown, passes } from "../../support/describe-rule.ts";
import { allowAll, denyAll, documentOf, drop } from "../../support/policy-documents.ts";

describeRule(policyGrammar, [
  ["passes without a policy", aBucket(), passes("drop has no bucket policy.")],
  [
    "passes for a guard as AWS writes it",
    aBucket({ policy: documentOf(denyAll()) }),
    passes("Nothing in the policy of drop is misspelt or without effect."),
  ],
  [
    "fails for an action that does not exist",
    aBucket({ policy: documentOf(denyAll({ Action: "s3:PutObjekt" })) }),
    fails('In the policy of drop, Statement[0].Action: "s3:PutObjekt" is no action of S3.'),
  ],
  [
    "fails for an action on objects with the bucket's ARN",
    aBucket({ policy: documentOf(allowAll({ Resource: drop.arn })) }),
    fails("In the policy of drop, Statement[0].Resource: no ARN here is one that s3:GetObject is about."),
  ],
  [
    "fails for a wildcard that is none",
    aBucket({
      policy: documentOf(
        allowAll({ Condition: { StringEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/*" } } }),
      ),
    }),
    fails(
      'In the policy of drop, Statement[0].Condition.StringEquals.aws:PrincipalArn: StringEquals takes "arn:aws:iam::111122223333:role/*" literally; wildcards need StringLike.',
    ),
  ],
  [
    "fails for a key that the requests never carry",
    aBucket({
      policy: documentOf(
        denyAll({
          Action: "s3:ListBucket",
          Resource: drop.arn,
          Condition: { StringEquals: { "s3:x-amz-acl": "public-read" } },
        }),
      ),
    }),
    fails(
      "In the policy of drop, Statement[0].Condition.StringEquals.s3:x-amz-acl: no request for these actions carries s3:x-amz-acl, so the statement never applies.",
    ),
  ],
  [
    "is mild about a Sid that is there twice",
    aBucket({ policy: documentOf(denyAll({ Sid: "A" }), denyAll({ Sid: "A", Action: "s3:Get*" })) }),
    failsWith("info", 'In the policy of drop, Statement[1].Sid: "A" is there twice.'),
  ],
  [
    "is mild about a missing version",
    aBucket({ policy: { Statement: denyAll() } }),
    failsWith(
      "info",
      "In the policy of drop, Version: is missing, so the version of 2008 counts, which has no policy variables.",
    ),
  ],
  [
    "fails for a member that is there twice",
    aBucket({ policy: '{"Version":"2012-10-17","Statement":[],"Statement":[]}' }),
    failsWith(
      "medium",
      "The policy of drop is not one that S3 would take: Statement: the member is there twice (line 1, column 40).",
    ),
  ],
  [
    "fails for what S3 would refuse",
    aBucket({ policy: documentOf(denyAll({ Effect: "deny" })) }),
    failsWith("medium", 'The policy of drop is not one that S3 would take: Statement[0].Effect: is "Allow" or "Deny".'),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
