import { sigv4Only } from "../../../src/audit/rules/sigv4-only.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { denyAll, documentOf, drop, type StatementJson } from "../../support/policy-documents.ts";

const guard = (changes: StatementJson = {}) =>
  denyAll({ Condition: { StringNotEquals: { "s3:signatureversion": "AWS4-HMAC-SHA256" } }, ...changes });

describeRule(sigv4Only, [
  [
    "fails without a policy",
    aBucket(),
    fails("drop may still take uploads with Signature Version 2: it has no bucket policy."),
  ],
  [
    "passes where everything but Version 4 is denied",
    aBucket({ policy: documentOf(guard()) }),
    passes("drop takes no uploads with Signature Version 2: statement 1 refuses it."),
  ],
  [
    "passes where Version 2 is denied by name",
    aBucket({ policy: documentOf(guard({ Condition: { StringEquals: { "s3:signatureversion": "AWS" } } })) }),
    passes("drop takes no uploads with Signature Version 2: statement 1 refuses it."),
  ],
  [
    "passes where only the uploads are guarded",
    aBucket({ policy: documentOf(guard({ Action: "s3:PutObject", Resource: `${drop.arn}/uploads/*` })) }),
    passes("drop takes no uploads with Signature Version 2: statement 1 refuses it."),
  ],
  [
    "fails where only reading is",
    aBucket({ policy: documentOf(guard({ Action: "s3:GetObject" })) }),
    fails(
      "drop may still take uploads with Signature Version 2: a request signed with Signature Version 2 for s3:PutObject on arn:aws:s3:::drop/uploads/x is not refused.",
    ),
  ],
  [
    "fails with a second condition",
    aBucket({
      policy: documentOf(
        guard({ Condition: { StringEquals: { "s3:signatureversion": "AWS", "aws:username": "old" } } }),
      ),
    }),
    fails(
      "drop may still take uploads with Signature Version 2: statement 1 does not count: StringEquals on aws:username does not hold for all of these requests.",
    ),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: {} }),
    isUnknown("The policy of drop cannot be understood: The policy: has no Statement."),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
