import { tlsOnly } from "../../../src/audit/rules/tls-only.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { allowAll, denyAll, documentOf, drop, signerArn } from "../../support/policy-documents.ts";

describeRule(tlsOnly, [
  ["fails without a policy", aBucket(), fails("drop accepts plain HTTP: it has no bucket policy.")],
  [
    "passes where everyone is refused without TLS",
    aBucket({ policy: documentOf(denyAll()) }),
    passes("drop refuses plain HTTP: statement 1 refuses it."),
  ],
  [
    "passes where two statements do it together",
    aBucket({ policy: documentOf(denyAll({ Resource: drop.arn }), denyAll({ Resource: `${drop.arn}/*` })) }),
    passes("drop refuses plain HTTP: statement 1 and statement 2 refuse it."),
  ],
  [
    "passes with a real Boolean in a list",
    aBucket({ policy: documentOf(denyAll({ Condition: { BoolIfExists: { "aws:SecureTransport": [false] } } })) }),
    passes("drop refuses plain HTTP: statement 1 refuses it."),
  ],
  [
    "fails where the statement allows",
    aBucket({ policy: documentOf(denyAll({ Effect: "Allow" })) }),
    fails(
      "drop accepts plain HTTP: statement 1 does not count: an Allow refuses nothing to those who are allowed elsewhere.",
    ),
  ],
  [
    "fails where it allows with TLS only",
    aBucket({ policy: documentOf(allowAll({ Condition: { Bool: { "aws:SecureTransport": "true" } } })) }),
    fails(
      "drop accepts plain HTTP: statement 1 does not count: an Allow refuses nothing to those who are allowed elsewhere.",
    ),
  ],
  [
    "fails where only one role is refused",
    aBucket({ policy: documentOf(denyAll({ Principal: { AWS: signerArn } })) }),
    fails("drop accepts plain HTTP: statement 1 does not count: it is not for everyone."),
  ],
  [
    "fails where only PutObject is",
    aBucket({ policy: documentOf(denyAll({ Action: "s3:PutObject" })) }),
    fails("drop accepts plain HTTP: a request without TLS for s3:DeleteObject on arn:aws:s3:::drop/x is not refused."),
  ],
  [
    "fails where the bucket itself is left out",
    aBucket({ policy: documentOf(denyAll({ Resource: `${drop.arn}/*` })) }),
    fails("drop accepts plain HTTP: a request without TLS for s3:ListBucket on arn:aws:s3:::drop is not refused."),
  ],
  [
    "fails where a second condition narrows it",
    aBucket({
      policy: documentOf(
        denyAll({
          Condition: { Bool: { "aws:SecureTransport": "false" }, IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
        }),
      ),
    }),
    fails(
      "drop accepts plain HTTP: statement 1 does not count: IpAddress on aws:SourceIp does not hold for all of these requests.",
    ),
  ],
  [
    "fails where the floor for TLS stands in for it",
    aBucket({ policy: documentOf(denyAll({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } })) }),
    fails(
      "drop accepts plain HTTP: statement 1 does not count: NumericLessThan on s3:TlsVersion does not hold for all of these requests.",
    ),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: '{"Statement": {}}' }),
    isUnknown(
      "The policy of drop cannot be understood: Statement: has neither Principal nor NotPrincipal (line 1, column 15).",
    ),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
