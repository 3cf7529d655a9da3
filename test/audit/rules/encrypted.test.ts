import { encrypted } from "../../../src/audit/rules/encrypted.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, failsWith, isUnknown, passes } from "../../support/describe-rule.ts";

const withAlgorithm = (SSEAlgorithm: string) =>
  aBucket({ encryption: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }] });

describeRule(encrypted, [
  [
    "passes without a configuration: S3 encrypts by itself",
    aBucket(),
    passes("drop encrypts new objects with AES256."),
  ],
  [
    "passes with any algorithm when none is asked for",
    withAlgorithm("aws:kms"),
    passes("drop encrypts new objects with aws:kms."),
  ],
  [
    "passes with the intended one",
    aBucket(),
    passes("drop encrypts new objects with AES256."),
    { encryption: "AES256" },
  ],
  [
    "fails with another than the intended one",
    withAlgorithm("aws:kms"),
    failsWith("medium", "drop encrypts new objects with aws:kms; AES256 is intended."),
    { encryption: "AES256" },
  ],
  [
    "passes when it cannot be read and any will do",
    aBucket({ encryption: unread() }),
    passes(
      "It holds whatever the rest says. The default encryption could not be read (AccessDenied); it takes s3:GetEncryptionConfiguration.",
    ),
  ],
  [
    "is unknown when it cannot be read and one is intended",
    aBucket({ encryption: unread() }),
    isUnknown(
      "The default encryption could not be read (AccessDenied); it takes s3:GetEncryptionConfiguration.",
      "s3:GetEncryptionConfiguration",
    ),
    { encryption: "AES256" },
  ],
]);
