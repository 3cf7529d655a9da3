import { encryptionRemoved } from "../../../src/audit/rules/encryption-removed.ts";
import { aBucket } from "../../support/audit-bucket.ts";
import { describeRule, fails, notApplicable, passes } from "../../support/describe-rule.ts";
import { aChange } from "../../support/planned-change.ts";

const withAlgorithm = (SSEAlgorithm: string) => [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }];
const kms = aChange({ encryption: withAlgorithm("aws:kms") });

describeRule(encryptionRemoved, [
  ["has nothing to say without a plan", aBucket(), notApplicable("No Terraform plan says what will change of drop.")],
  [
    "passes where the key stays",
    aBucket({ change: kms, encryption: withAlgorithm("aws:kms:dsse") }),
    passes("The plan takes no KMS key away from drop."),
  ],
  [
    "passes where there was none",
    aBucket({ change: aChange({}), encryption: withAlgorithm("AES256") }),
    passes("The plan takes no KMS key away from drop."),
  ],
  [
    "fails where S3's own encryption comes instead",
    aBucket({ change: kms, encryption: withAlgorithm("AES256") }),
    fails("The plan takes the KMS key away from drop: new objects are encrypted with AES256 instead of aws:kms."),
  ],
]);
