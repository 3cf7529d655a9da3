import { ssecBlocked } from "../../../src/audit/rules/ssec-blocked.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";

const header = "s3:x-amz-server-side-encryption-customer-algorithm";
const blocking = (...EncryptionType: readonly string[]) => [{ BlockedEncryptionTypes: { EncryptionType } }];
const refusing = (changes: Readonly<Record<string, unknown>> = {}) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "NoCustomerKeys",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::drop/*",
      Condition: { Null: { [header]: "false" } },
      ...changes,
    },
  ],
});
const open = "drop takes objects that are encrypted with a key of the sender's (SSE-C)";
const refused = passes('The policy of drop refuses SSE-C: statement 1 ("NoCustomerKeys") refuses it.');
const byEncryption = passes("drop blocks SSE-C.");
const unreadPolicy = "The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.";

describeRule(ssecBlocked, [
  ["passes where the bucket blocks it", aBucket({ encryption: blocking("SSE-C") }), byEncryption],
  ["passes where the policy denies the header", aBucket({ policy: refusing() }), refused],
  ["passes where the policy is text", aBucket({ policy: JSON.stringify(refusing()) }), refused],
  ["fails without either", aBucket(), fails(`${open}: nothing blocks it.`)],
  ["fails where it was allowed again", aBucket({ encryption: blocking("NONE") }), fails(`${open}: nothing blocks it.`)],
  [
    "fails where the policy is about something else",
    aBucket({ policy: refusing({ Condition: { Bool: { "aws:SecureTransport": "false" } } }) }),
    fails(`${open}: no statement denies it to everyone.`),
  ],
  [
    "fails where the header must be missing, not present",
    aBucket({ policy: refusing({ Condition: { Null: { [header]: "true" } } }) }),
    fails(
      `${open}: statement 1 ("NoCustomerKeys") does not count: Null on ${header} does not hold for all of these requests.`,
    ),
  ],
  [
    "fails where one role is refused",
    aBucket({ policy: refusing({ Principal: { AWS: "arn:aws:iam::111122223333:role/ci" } }) }),
    fails(`${open}: statement 1 ("NoCustomerKeys") does not count: it is not for everyone.`),
  ],
  [
    "passes where the bucket blocks it and the policy cannot be read",
    aBucket({ encryption: blocking("SSE-C"), policy: unread() }),
    byEncryption,
  ],
  [
    "passes where the policy refuses it and the encryption cannot be read",
    aBucket({ encryption: unread(), policy: refusing() }),
    passes(
      "It holds whatever the rest says. The default encryption could not be read (AccessDenied); it takes s3:GetEncryptionConfiguration.",
    ),
  ],
  [
    "is unknown when the policy cannot be read and may refuse it",
    aBucket({ policy: unread() }),
    isUnknown(unreadPolicy, "s3:GetBucketPolicy"),
  ],
  [
    "passes where the bucket blocks it and the policy cannot be understood",
    aBucket({ encryption: blocking("SSE-C"), policy: "{" }),
    byEncryption,
  ],
  [
    "is unknown when the policy cannot be understood",
    aBucket({ policy: { Version: "2012-10-17", Statement: [{ Effect: "Perhaps" }] } }),
    isUnknown("The policy of drop cannot be understood: Statement[0]: has neither Principal nor NotPrincipal."),
  ],
]);
