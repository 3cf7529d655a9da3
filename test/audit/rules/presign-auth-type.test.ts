import { presignAuthType } from "../../../src/audit/rules/presign-auth-type.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { denyAll, documentOf, drop, type StatementJson } from "../../support/policy-documents.ts";

const guard = (changes: StatementJson = {}) =>
  denyAll({ Sid: "NoUrls", Condition: { StringNotEquals: { "s3:authType": "REST-HEADER" } }, ...changes });

describeRule(presignAuthType, [
  ["passes without a policy", aBucket(), passes("drop has no bucket policy.")],
  [
    "passes where presigned reading is denied",
    aBucket({ policy: documentOf(guard({ Action: "s3:GetObject" })) }),
    passes("No guard on s3:authType refuses presigned uploads to drop."),
  ],
  [
    "fails where all actions are",
    aBucket({ policy: documentOf(guard()) }),
    fails('In the policy of drop, statement 1 ("NoUrls") refuses the presigned uploads themselves, by s3:authType.'),
  ],
  [
    "fails where URLs are denied by name",
    aBucket({ policy: documentOf(guard({ Condition: { StringEquals: { "s3:authType": "REST-QUERY-STRING" } } })) }),
    fails('In the policy of drop, statement 1 ("NoUrls") refuses the presigned uploads themselves, by s3:authType.'),
  ],
  [
    "passes there for uploads by form",
    aBucket({ policy: documentOf(guard({ Condition: { StringEquals: { "s3:authType": "REST-QUERY-STRING" } } })) }),
    passes("No guard on s3:authType refuses presigned uploads to drop."),
    { mode: "post" },
  ],
  [
    "fails for uploads by form where forms are denied",
    aBucket({ policy: documentOf(guard({ Condition: { StringEquals: { "s3:authType": "POST" } } })) }),
    fails('In the policy of drop, statement 1 ("NoUrls") refuses the presigned uploads themselves, by s3:authType.'),
    { mode: "post" },
  ],
  [
    "passes where only old URLs are denied",
    aBucket({
      policy: documentOf(
        guard({
          Condition: {
            StringEquals: { "s3:authType": "REST-QUERY-STRING" },
            NumericGreaterThan: { "s3:signatureAge": "600000" },
          },
        }),
      ),
    }),
    passes("No guard on s3:authType refuses presigned uploads to drop."),
  ],
  [
    "passes where the uploads are left out",
    aBucket({ policy: documentOf(guard({ Resource: undefined, NotResource: `${drop.arn}/uploads/*` })) }),
    passes("No guard on s3:authType refuses presigned uploads to drop."),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: [] }),
    isUnknown("The policy of drop cannot be understood: The policy: is not a JSON object."),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
