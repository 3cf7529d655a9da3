import { crossAccount } from "../../../src/audit/rules/cross-account.ts";
import { aBlock, aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { allowAll, denyAll, documentOf, owner, stranger } from "../../support/policy-documents.ts";

describeRule(crossAccount, [
  ["passes without a policy", aBucket(), passes("No other account than the owner's has access to drop.")],
  [
    "passes for the own account",
    aBucket({ policy: documentOf(allowAll({ Principal: { AWS: owner } })) }),
    passes("No other account than the owner's has access to drop."),
  ],
  [
    "passes for a service of AWS",
    aBucket({ policy: documentOf(allowAll({ Principal: { Service: "cloudtrail.amazonaws.com" } })) }),
    passes("No other account than the owner's has access to drop."),
  ],
  [
    "fails for another account",
    aBucket({ policy: documentOf(allowAll({ Principal: { AWS: stranger } })) }),
    fails("Account 444455556666 has access to drop: statement 1: account 444455556666 is not the owner's."),
  ],
  [
    "fails for a role of another account",
    aBucket({ policy: documentOf(allowAll({ Principal: { AWS: `arn:aws:iam::${stranger}:role/partner` } })) }),
    fails(
      "arn:aws:iam::444455556666:role/partner has access to drop: statement 1: arn:aws:iam::444455556666:role/partner is of another account.",
    ),
  ],
  [
    "passes for one that is meant to",
    aBucket({ policy: documentOf(allowAll({ Principal: { AWS: stranger } })) }),
    passes("No other account than the owner's has access to drop."),
    { trustedPrincipals: [stranger] },
  ],
  [
    "fails where only a condition names the account",
    aBucket({
      policy: documentOf(
        allowAll({ Condition: { ArnLike: { "aws:SourceArn": `arn:aws:sns:eu-central-1:${stranger}:*` } } }),
      ),
    }),
    fails(
      "arn:aws:sns:eu-central-1:444455556666:* has access to drop: statement 1: arn:aws:sns:eu-central-1:444455556666:* is of another account.",
    ),
  ],
  [
    "passes where a condition names a topic of the own account",
    aBucket({
      policy: documentOf(
        allowAll({ Condition: { ArnLike: { "aws:SourceArn": `arn:aws:sns:eu-central-1:${owner}:*` } } }),
      ),
    }),
    passes("No other account than the owner's has access to drop."),
  ],
  [
    "fails where a condition names a role of another account",
    aBucket({
      policy: documentOf(
        allowAll({ Condition: { StringLike: { "aws:PrincipalArn": `arn:aws:iam::${stranger}:role/partner` } } }),
      ),
    }),
    fails(
      "arn:aws:iam::444455556666:role/partner has access to drop: statement 1: arn:aws:iam::444455556666:role/partner is of another account.",
    ),
  ],
  [
    "passes where a condition names the own account",
    aBucket({ policy: documentOf(allowAll({ Condition: { StringEquals: { "aws:PrincipalAccount": owner } } })) }),
    passes("No other account than the owner's has access to drop."),
  ],
  [
    "fails where everyone is allowed: other accounts are, too",
    aBucket({ policy: documentOf(allowAll()) }),
    fails("Every other account has access to drop: statement 1: everyone is allowed."),
  ],
  [
    "passes where a public policy is silenced",
    aBucket({
      policy: documentOf(allowAll(), allowAll({ Principal: { AWS: stranger } })),
      publicAccessBlock: aBlock(true),
    }),
    passes("No other account than the owner's has access to drop."),
  ],
  [
    "passes where a Deny takes it back",
    aBucket({ policy: documentOf(allowAll({ Principal: { AWS: stranger } }), denyAll({ Condition: undefined })) }),
    passes("No other account than the owner's has access to drop."),
  ],
  [
    "fails for a grant of the ACL to somebody else",
    aBucket({
      ownership: "ObjectWriter",
      acl: { Owner: { ID: "a".repeat(64) }, Grants: [{ Grantee: { ID: "b".repeat(64) }, Permission: "READ" }] },
    }),
    fails(
      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb has access to drop: the ACL grants READ to bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.",
    ),
  ],
  [
    "passes for the same grant where ACLs are off",
    aBucket({
      ownership: "BucketOwnerEnforced",
      acl: { Owner: { ID: "a".repeat(64) }, Grants: [{ Grantee: { ID: "b".repeat(64) }, Permission: "READ" }] },
    }),
    passes("No other account than the owner's has access to drop."),
  ],
  [
    "is unknown where the owner's account is not known",
    aBucket({ policy: documentOf(allowAll({ Principal: { AWS: stranger } })) }, { accountId: undefined }),
    isUnknown(
      "Whether another account has access to drop cannot be told: the owner's account is not known. Access is given to 444455556666.",
    ),
  ],
  [
    "fails for everyone even then",
    aBucket({ policy: documentOf(allowAll(), allowAll({ Principal: { AWS: stranger } })) }, { accountId: undefined }),
    fails("Every other account has access to drop: statement 1: everyone is allowed."),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: { Statement: 1 } }),
    isUnknown(
      "Whether another account has access to drop cannot be told: the bucket policy: Statement: is neither a statement nor a list of statements.",
    ),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
