import { presignAgeUnit } from "../../../src/audit/rules/presign-age-unit.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { denyAll, documentOf } from "../../support/policy-documents.ts";

const limit = (...milliseconds: readonly (string | number)[]) =>
  denyAll({ Sid: "Age", Condition: { NumericGreaterThan: { "s3:signatureAge": milliseconds } } });

describeRule(presignAgeUnit, [
  [
    "does not apply without a policy",
    aBucket(),
    notApplicable("The policy of drop puts no limit on the age of signatures."),
  ],
  [
    "does not apply without a limit",
    aBucket({ policy: documentOf(denyAll()) }),
    notApplicable("The policy of drop puts no limit on the age of signatures."),
  ],
  [
    "passes with a limit in milliseconds",
    aBucket({ policy: documentOf(limit("900000")) }),
    passes("The policy of drop limits the age of signatures to 900 seconds."),
  ],
  [
    "fails with seconds",
    aBucket({ policy: documentOf(limit("900")) }),
    fails(
      'In the policy of drop, statement 1 ("Age") refuses URLs that are older than 900 milliseconds. If 900 seconds were meant, it is 900000.',
    ),
  ],
  [
    "takes a number for what it is",
    aBucket({ policy: documentOf(limit(300)) }),
    fails(
      'In the policy of drop, statement 1 ("Age") refuses URLs that are older than 300 milliseconds. If 300 seconds were meant, it is 300000.',
    ),
  ],
  [
    "goes by the strictest of several values",
    aBucket({ policy: documentOf(limit("900000", "600")) }),
    fails(
      'In the policy of drop, statement 1 ("Age") refuses URLs that are older than 600 milliseconds. If 600 seconds were meant, it is 600000.',
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
