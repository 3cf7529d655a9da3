import { presignMaxAge } from "../../../src/audit/rules/presign-max-age.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { denyAll, documentOf, drop, type StatementJson, signerArn } from "../../support/policy-documents.ts";

const limit = (milliseconds: string, changes: StatementJson = {}) =>
  denyAll({
    Action: "s3:PutObject",
    Resource: `${drop.arn}/*`,
    Condition: { NumericGreaterThan: { "s3:signatureAge": milliseconds } },
    ...changes,
  });

describeRule(presignMaxAge, [
  [
    "fails without a policy",
    aBucket(),
    fails("drop takes uploads with URLs that were signed more than 900 seconds ago: it has no bucket policy."),
  ],
  [
    "passes with a limit of exactly that age",
    aBucket({ policy: documentOf(limit("900000")) }),
    passes("drop refuses uploads with URLs that were signed more than 900 seconds ago: statement 1 refuses it."),
  ],
  [
    "passes with a lower limit",
    aBucket({ policy: documentOf(limit("600000")) }),
    passes("drop refuses uploads with URLs that were signed more than 900 seconds ago: statement 1 refuses it."),
  ],
  [
    "fails with a higher one",
    aBucket({ policy: documentOf(limit("900001")) }),
    fails(
      "drop takes uploads with URLs that were signed more than 900 seconds ago: statement 1 does not count: NumericGreaterThan on s3:signatureAge does not hold for all of these requests.",
    ),
  ],
  [
    "goes by the age that is meant",
    aBucket({ policy: documentOf(limit("900000")) }),
    fails(
      "drop takes uploads with URLs that were signed more than 600 seconds ago: statement 1 does not count: NumericGreaterThan on s3:signatureAge does not hold for all of these requests.",
    ),
    { maxAgeSeconds: 600 },
  ],
  [
    "passes where it covers the uploads and no more",
    aBucket({ policy: documentOf(limit("900000", { Resource: `${drop.arn}/uploads/*` })) }),
    passes("drop refuses uploads with URLs that were signed more than 900 seconds ago: statement 1 refuses it."),
  ],
  [
    "fails where the prefix is another",
    aBucket({ policy: documentOf(limit("900000", { Resource: `${drop.arn}/upload/*` })) }),
    fails(
      "drop takes uploads with URLs that were signed more than 900 seconds ago: a request 900001 ms after signing (REST-QUERY-STRING) for s3:PutObject on arn:aws:s3:::drop/uploads/x is not refused.",
    ),
  ],
  [
    "fails where only reading is limited",
    aBucket({ policy: documentOf(limit("900000", { Action: "s3:GetObject" })) }),
    fails(
      "drop takes uploads with URLs that were signed more than 900 seconds ago: a request 900001 ms after signing (REST-QUERY-STRING) for s3:PutObject on arn:aws:s3:::drop/uploads/x is not refused.",
    ),
  ],
  [
    "fails where an Allow limits it: another Allow need not",
    aBucket({
      policy: documentOf(
        limit("900000", { Effect: "Allow", Condition: { NumericLessThan: { "s3:signatureAge": "900000" } } }),
      ),
    }),
    fails(
      "drop takes uploads with URLs that were signed more than 900 seconds ago: statement 1 does not count: an Allow refuses nothing to those who are allowed elsewhere.",
    ),
  ],
  [
    "fails where one role is limited",
    aBucket({ policy: documentOf(limit("900000", { Principal: { AWS: signerArn } })) }),
    fails(
      "drop takes uploads with URLs that were signed more than 900 seconds ago: statement 1 does not count: it is not for everyone.",
    ),
  ],
  [
    "fails where only URLs are limited and forms are not",
    aBucket({
      policy: documentOf(
        limit("900000", {
          Condition: {
            NumericGreaterThan: { "s3:signatureAge": "900000" },
            StringEquals: { "s3:authType": "REST-QUERY-STRING" },
          },
        }),
      ),
    }),
    fails(
      "drop takes uploads with URLs that were signed more than 900 seconds ago: statement 1 does not count: StringEquals on s3:authType does not hold for all of these requests.",
    ),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: "nonsense" }),
    isUnknown(
      'The policy of drop cannot be understood: The policy: a JSON value is expected, not "n" (line 1, column 1).',
    ),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
