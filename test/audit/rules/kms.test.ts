import { kms } from "../../../src/audit/rules/kms.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, failsWith, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

const key = "arn:aws:kms:eu-central-1:111122223333:key/1234";
const withKms = (SSEAlgorithm: string, KMSMasterKeyID?: string) =>
  aBucket({
    encryption: [
      {
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm,
          ...(KMSMasterKeyID === undefined ? {} : { KMSMasterKeyID }),
        },
      },
    ],
  });
const good = passes(`drop encrypts new objects with aws:kms and ${key}.`);

describeRule(kms, [
  ["passes with a key", withKms("aws:kms", key), good],
  [
    "passes with two layers",
    withKms("aws:kms:dsse", key),
    passes(`drop encrypts new objects with aws:kms:dsse and ${key}.`),
  ],
  [
    "passes with the key of AWS",
    withKms("aws:kms"),
    passes("drop encrypts new objects with aws:kms and the AWS managed key."),
  ],
  [
    "does not apply with keys of S3 where nobody asked for another",
    withKms("AES256"),
    notApplicable("Nobody asked for a KMS key: drop encrypts new objects with AES256."),
  ],
  [
    "fails where a key was named and S3's own are used",
    aBucket(),
    failsWith("medium", "drop encrypts new objects with AES256; a KMS key is intended."),
    { kmsKeyId: "1234" },
  ],
  [
    "fails with keys of S3 where one of KMS is intended",
    aBucket(),
    failsWith("medium", "drop encrypts new objects with AES256; aws:kms is intended."),
    { encryption: "aws:kms" },
  ],
  [
    "passes with two layers where one is intended",
    withKms("aws:kms:dsse", key),
    passes(`drop encrypts new objects with aws:kms:dsse and ${key}.`),
    { encryption: "aws:kms" },
  ],
  [
    "fails with one layer where two are intended",
    withKms("aws:kms", key),
    failsWith("medium", "drop encrypts new objects with aws:kms; aws:kms:dsse is intended."),
    { encryption: "aws:kms:dsse" },
  ],
  [
    "passes with the intended key by its id",
    withKms("aws:kms", key),
    good,
    { encryption: "aws:kms", kmsKeyId: "1234" },
  ],
  [
    "fails with another key",
    withKms("aws:kms", key),
    failsWith("medium", `drop encrypts new objects with ${key}; alias/uploads is intended.`),
    { encryption: "aws:kms", kmsKeyId: "alias/uploads" },
  ],
  [
    "fails with the key of AWS where another is intended",
    withKms("aws:kms"),
    failsWith("medium", "drop encrypts new objects with the AWS managed key; 1234 is intended."),
    { kmsKeyId: "1234" },
  ],
  [
    "does not apply where keys of S3 are intended",
    aBucket(),
    notApplicable("AES256 is intended: drop encrypts new objects with AES256."),
    { encryption: "AES256" },
  ],
  [
    "is unknown when it cannot be read",
    aBucket({ encryption: unread() }),
    isUnknown(
      "The default encryption could not be read (AccessDenied); it takes s3:GetEncryptionConfiguration.",
      "s3:GetEncryptionConfiguration",
    ),
    { encryption: "aws:kms" },
  ],
]);
