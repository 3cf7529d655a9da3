import { allowWithNegation } from "../../../src/audit/rules/allow-with-negation.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { allowAll, denyAll, documentOf, drop, owner, stranger } from "../../support/policy-documents.ts";

describeRule(allowWithNegation, [
  ["passes without a policy", aBucket(), passes("drop has no bucket policy.")],
  [
    "passes where everything is named",
    aBucket({ policy: documentOf(allowAll()) }),
    passes("The policy of drop names whom and what it allows."),
  ],
  [
    "passes for a Deny with NotAction",
    aBucket({ policy: documentOf(denyAll({ Action: undefined, NotAction: "s3:GetObject" })) }),
    passes("The policy of drop names whom and what it allows."),
  ],
  [
    "fails for NotPrincipal",
    aBucket({ policy: documentOf(allowAll({ Principal: undefined, NotPrincipal: { AWS: stranger } })) }),
    fails(
      "In the policy of drop, statement 1 has NotPrincipal with Allow: it allows everyone who is not named, anonymous callers included.",
    ),
  ],
  [
    "fails for NotAction",
    aBucket({
      policy: documentOf(
        allowAll({ Sid: "Most", Principal: { AWS: owner }, Action: undefined, NotAction: "s3:DeleteObject" }),
      ),
    }),
    fails(
      'In the policy of drop, statement 1 ("Most") has NotAction with Allow: it allows every action that is not named, also those that AWS adds later.',
    ),
  ],
  [
    "fails for NotResource",
    aBucket({
      policy: documentOf(
        allowAll({ Principal: { AWS: owner }, Resource: undefined, NotResource: `${drop.arn}/secret/*` }),
      ),
    }),
    fails("In the policy of drop, statement 1 has NotResource with Allow: it allows every resource that is not named."),
  ],
  [
    "names each statement",
    aBucket({
      policy: documentOf(
        allowAll({ Action: undefined, NotAction: "s3:Put*", Principal: undefined, NotPrincipal: { AWS: owner } }),
      ),
    }),
    fails(
      "In the policy of drop, statement 1 has NotPrincipal with Allow: it allows everyone who is not named, anonymous callers included.",
      "In the policy of drop, statement 1 has NotAction with Allow: it allows every action that is not named, also those that AWS adds later.",
    ),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: "" }),
    isUnknown("The policy of drop cannot be understood: The policy: is empty (line 1, column 1)."),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
