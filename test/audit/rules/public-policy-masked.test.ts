import { publicPolicyMasked } from "../../../src/audit/rules/public-policy-masked.ts";
import { aBlock, aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { allowAll, denyAll, documentOf } from "../../support/policy-documents.ts";

describeRule(publicPolicyMasked, [
  ["passes without a policy", aBucket(), passes("drop has no bucket policy that would have to be held back.")],
  [
    "passes where the policy is not public",
    aBucket({ policy: documentOf(denyAll()), publicAccessBlock: aBlock(true) }),
    passes("The policy of drop is not public, with or without the block."),
  ],
  [
    "fails where only the bucket's block holds it back",
    aBucket({ policy: documentOf(allowAll()), publicAccessBlock: aBlock(true) }),
    fails(
      'The policy of drop is public, and only RestrictPublicBuckets (bucket) holds it back: statement 1: the principal is "*": everyone, without credentials too.',
    ),
  ],
  [
    "names every level that does",
    aBucket({
      policy: documentOf(allowAll()),
      publicAccessBlock: aBlock(true),
      accountPublicAccessBlock: aBlock(true),
      organizationPublicAccessBlock: "all",
    }),
    fails(
      'The policy of drop is public, and only RestrictPublicBuckets (organization and account and bucket) holds it back: statement 1: the principal is "*": everyone, without credentials too.',
    ),
  ],
  [
    "has nothing to say where nothing holds it back",
    aBucket({ policy: documentOf(allowAll()) }),
    notApplicable("The policy of drop is public and nothing holds it back, which public-policy reports."),
  ],
  [
    "fails where AWS calls it public and we do not",
    aBucket({ policy: documentOf(denyAll()), policyStatus: { IsPublic: true }, publicAccessBlock: aBlock(true) }),
    fails(
      "The policy of drop is public, and only RestrictPublicBuckets (bucket) holds it back: S3 itself calls the policy public (GetBucketPolicyStatus).",
    ),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: [], publicAccessBlock: aBlock(true) }),
    isUnknown("The policy of drop cannot be understood: The policy: is not a JSON object."),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread(), policyStatus: unread(), publicAccessBlock: aBlock(true) }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
