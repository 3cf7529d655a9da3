import { tlsVersion } from "../../../src/audit/rules/tls-version.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { denyAll, documentOf, drop, type StatementJson } from "../../support/policy-documents.ts";

const floor = (version: string, changes: StatementJson = {}) =>
  denyAll({ Condition: { NumericLessThan: { "s3:TlsVersion": version } }, ...changes });

describeRule(tlsVersion, [
  ["fails without a policy", aBucket(), fails("drop has no floor for the version of TLS: it has no bucket policy.")],
  [
    "passes with a floor of 1.2",
    aBucket({ policy: documentOf(floor("1.2")) }),
    passes("drop refuses TLS below version 1.2: statement 1 refuses it."),
  ],
  [
    "passes with a higher one",
    aBucket({ policy: documentOf(floor("1.3")) }),
    passes("drop refuses TLS below version 1.2: statement 1 refuses it."),
  ],
  [
    "fails with a lower one",
    aBucket({ policy: documentOf(floor("1.1")) }),
    fails(
      "drop has no floor for the version of TLS: statement 1 does not count: NumericLessThan on s3:TlsVersion does not hold for all of these requests.",
    ),
  ],
  [
    "fails where plain HTTP alone is refused",
    aBucket({ policy: documentOf(denyAll()) }),
    fails("drop has no floor for the version of TLS: no statement denies it to everyone."),
  ],
  [
    "fails where only objects are guarded",
    aBucket({ policy: documentOf(floor("1.2", { Resource: `${drop.arn}/*` })) }),
    fails(
      "drop has no floor for the version of TLS: a request over TLS 1.0 for s3:ListBucket on arn:aws:s3:::drop is not refused.",
    ),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: "{}" }),
    isUnknown("The policy of drop cannot be understood: The policy: has no Statement (line 1, column 1)."),
  ],
  [
    "is unknown where the policy was refused",
    aBucket({ policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
