import { policyLockout } from "../../../src/audit/rules/policy-lockout.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { denyAll, documentOf, owner, stranger } from "../../support/policy-documents.ts";

describeRule(policyLockout, [
  ["passes without a policy", aBucket(), passes("drop has no bucket policy that could shut anyone out.")],
  [
    "passes for a guard that ordinary requests do not meet",
    aBucket({ policy: documentOf(denyAll()) }),
    passes("Administrators can change the policy of drop."),
  ],
  [
    "passes where only deleting is denied",
    aBucket({
      policy: documentOf(denyAll({ Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"], Condition: undefined })),
    }),
    passes("Administrators can change the policy of drop."),
  ],
  [
    "passes where one user is denied one action",
    aBucket({
      policy: documentOf(
        denyAll({ Principal: { AWS: `arn:aws:iam::${owner}:user/x` }, Action: "s3:GetObject", Condition: undefined }),
      ),
    }),
    passes("Administrators can change the policy of drop."),
  ],
  [
    "fails where everyone is denied everything",
    aBucket({ policy: documentOf(denyAll({ Condition: undefined })) }),
    fails(
      "The policy of drop shuts its own administrators out: statement 1 denies the owner's administrators to change or delete the policy.",
    ),
  ],
  [
    "fails where the account is",
    aBucket({ policy: documentOf(denyAll({ Principal: { AWS: owner }, Condition: undefined })) }),
    fails(
      "The policy of drop shuts its own administrators out: statement 1 denies the owner's administrators to change or delete the policy.",
    ),
  ],
  [
    "passes where another account is",
    aBucket({ policy: documentOf(denyAll({ Principal: { AWS: stranger }, Condition: undefined })) }),
    passes("Administrators can change the policy of drop."),
  ],
  [
    "fails where the condition holds for every administrator",
    aBucket({ policy: documentOf(denyAll({ Condition: { Bool: { "aws:SecureTransport": "true" } } })) }),
    fails(
      "The policy of drop shuts its own administrators out: statement 1 denies the owner's administrators to change or delete the policy.",
    ),
  ],
  [
    "passes with a remark where they can come from elsewhere",
    aBucket({
      policy: documentOf(denyAll({ Sid: "Office", Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } } })),
    }),
    passes(
      'Administrators can change the policy of drop. Under its conditions statement 1 ("Office") does not let them.',
    ),
  ],
  [
    "passes where the policy can still be deleted",
    aBucket({ policy: documentOf(denyAll({ Action: "s3:PutBucketPolicy", Condition: undefined })) }),
    passes("Administrators can change the policy of drop."),
  ],
  [
    "is unknown where it denies an account and whose is not known",
    aBucket(
      { policy: documentOf(denyAll({ Principal: { AWS: owner }, Condition: undefined })) },
      { accountId: undefined },
    ),
    isUnknown("drop: statement 1 denies a whole account, and whose it is is not known."),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: 7 }),
    isUnknown("The policy of drop cannot be understood: The policy: is not a JSON object."),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
