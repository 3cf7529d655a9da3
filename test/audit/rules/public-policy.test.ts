import { publicPolicy } from "../../../src/audit/rules/public-policy.ts";
import { aBlock, aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, failsWith, isUnknown, passes } from "../../support/describe-rule.ts";
import { allowAll, denyAll, documentOf, signerArn } from "../../support/policy-documents.ts";

describeRule(publicPolicy, [
  ["passes without a policy", aBucket(), passes("drop has no bucket policy that could let strangers in.")],
  [
    "passes where the policy only denies",
    aBucket({ policy: documentOf(denyAll()) }),
    passes("The policy of drop is not public by S3's definition."),
  ],
  [
    "passes where a role of the account is named",
    aBucket({ policy: documentOf(allowAll({ Principal: { AWS: signerArn } })) }),
    passes("The policy of drop is not public by S3's definition."),
  ],
  [
    "passes where everyone means one organization",
    aBucket({
      policy: documentOf(allowAll({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } } })),
    }),
    passes("The policy of drop is not public by S3's definition."),
  ],
  [
    "fails where everyone may read",
    aBucket({ policy: documentOf(allowAll()) }),
    fails(
      'The policy of drop is public: statement 1: the principal is "*": everyone, without credentials too. RestrictPublicBuckets, which would silence it, is off at every level. Now anyone, without credentials, can call s3:GetObject on arn:aws:s3:::drop/x.',
    ),
  ],
  [
    "fails for the principal * in a list, too",
    aBucket({ policy: documentOf(allowAll({ Principal: { AWS: ["*"] } })) }),
    fails(
      'The policy of drop is public: statement 1: the principal is "*": everyone, without credentials too. RestrictPublicBuckets, which would silence it, is off at every level. Now anyone, without credentials, can call s3:GetObject on arn:aws:s3:::drop/x.',
    ),
  ],
  [
    "passes where the bucket restricts public buckets",
    aBucket({ policy: documentOf(allowAll()), publicAccessBlock: aBlock(false, { RestrictPublicBuckets: true }) }),
    passes("No policy of drop lets a stranger in: RestrictPublicBuckets is on."),
  ],
  [
    "passes where the account does",
    aBucket({ policy: documentOf(allowAll()), accountPublicAccessBlock: aBlock(true) }),
    passes("No policy of drop lets a stranger in: RestrictPublicBuckets is on."),
  ],
  [
    "passes where the organization does",
    aBucket({ policy: documentOf(allowAll()), organizationPublicAccessBlock: "all" }),
    passes("No policy of drop lets a stranger in: RestrictPublicBuckets is on."),
  ],
  [
    "fails where only new policies are blocked",
    aBucket({ policy: documentOf(allowAll()), publicAccessBlock: aBlock(true, { RestrictPublicBuckets: false }) }),
    fails(
      'The policy of drop is public: statement 1: the principal is "*": everyone, without credentials too. RestrictPublicBuckets, which would silence it, is off at every level. Now anyone, without credentials, can call s3:GetObject on arn:aws:s3:::drop/x.',
    ),
  ],
  [
    "is milder where a Deny keeps strangers out",
    aBucket({ policy: documentOf(allowAll(), denyAll({ Condition: undefined })) }),
    failsWith(
      "high",
      'The policy of drop is public: statement 1: the principal is "*": everyone, without credentials too. RestrictPublicBuckets, which would silence it, is off at every level. No stranger gets through today: what is allowed to everyone is denied to strangers again.',
    ),
  ],
  [
    "shows that AWS agrees by not saying otherwise",
    aBucket({ policy: documentOf(allowAll()), policyStatus: { IsPublic: true } }),
    fails(
      'The policy of drop is public: statement 1: the principal is "*": everyone, without credentials too. RestrictPublicBuckets, which would silence it, is off at every level. Now anyone, without credentials, can call s3:GetObject on arn:aws:s3:::drop/x.',
    ),
  ],
  [
    "takes the worse where AWS says that it is public",
    aBucket({ policy: documentOf(denyAll()), policyStatus: { IsPublic: true } }),
    fails(
      "AWS calls the policy of drop public. By s3up's reading it is not; the worse of the two counts. RestrictPublicBuckets, which would silence it, is off at every level. No stranger gets through today: nothing is allowed to strangers.",
    ),
  ],
  [
    "takes the worse where AWS says that it is not",
    aBucket({ policy: documentOf(allowAll()), policyStatus: { IsPublic: false } }),
    fails(
      'The policy of drop is public: statement 1: the principal is "*": everyone, without credentials too. AWS itself does not call it public; the worse of the two counts. RestrictPublicBuckets, which would silence it, is off at every level. Now anyone, without credentials, can call s3:GetObject on arn:aws:s3:::drop/x.',
    ),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: "{" }),
    isUnknown(
      "The policy of drop cannot be understood: The policy: a member name in quotes is expected, not the end of the text (line 1, column 2).",
    ),
  ],
  [
    "is unknown for what is no policy, whatever AWS said of another",
    aBucket({ policy: { Statement: [] }, policyStatus: { IsPublic: false } }),
    isUnknown("The policy of drop cannot be understood: Statement: is an empty list."),
  ],
  [
    "fails for what is no policy and AWS calls public",
    aBucket({ policy: { Statement: [] }, policyStatus: { IsPublic: true } }),
    fails(
      "AWS calls the policy of drop public. RestrictPublicBuckets, which would silence it, is off at every level. Who gets through today cannot be told: the bucket policy: Statement: is an empty list.",
    ),
  ],
  [
    "needs no policy where the block is on",
    aBucket({ policy: "{", publicAccessBlock: aBlock(true) }),
    passes("No policy of drop lets a stranger in: RestrictPublicBuckets is on."),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread(), policyStatus: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
  [
    "believes AWS where the policy was refused",
    aBucket({ policy: unread(), policyStatus: { IsPublic: false } }),
    passes(
      "It holds whatever the rest says. The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.",
    ),
  ],
  [
    "is unknown where the block was refused and would matter",
    aBucket({ policy: documentOf(allowAll()), publicAccessBlock: unread() }),
    isUnknown(
      "The bucket's public access block could not be read (AccessDenied); it takes s3:GetBucketPublicAccessBlock.",
      "s3:GetBucketPublicAccessBlock",
    ),
  ],
  [
    "passes where neither the policy nor the account's block matters",
    aBucket({ policy: unread(), accountPublicAccessBlock: unread(), publicAccessBlock: aBlock(true) }),
    passes("No policy of drop lets a stranger in: RestrictPublicBuckets is on."),
  ],
]);
