import { noOverwrite } from "../../../src/audit/rules/no-overwrite.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { denyAll, documentOf, drop } from "../../support/policy-documents.ts";

const guard = denyAll({
  Sid: "DenyOverwrite",
  Action: "s3:PutObject",
  Resource: `${drop.arn}/uploads/*`,
  Condition: { Null: { "s3:if-none-match": "true" }, Bool: { "s3:ObjectCreationOperation": "true" } },
});
const backend = (OVERWRITE: string) => ({
  policies: [],
  function: { environment: { BUCKET: "drop", AUTH: "iam", OVERWRITE } },
});

describeRule(noOverwrite, [
  [
    "fails where nothing prevents it",
    aBucket(),
    fails(
      "In drop an upload can replace another for good: versioning is off, nothing shows that its signer makes keys unique, and no policy asks for If-None-Match.",
    ),
  ],
  [
    "passes with versioning",
    aBucket({ versioning: { Status: "Enabled" } }),
    passes("Versioning is on in drop: what is replaced can be had back."),
  ],
  [
    "fails where versioning is suspended",
    aBucket({ versioning: { Status: "Suspended" } }),
    fails(
      "In drop an upload can replace another for good: versioning is off, nothing shows that its signer makes keys unique, and no policy asks for If-None-Match.",
    ),
  ],
  [
    "passes where the policy asks for If-None-Match",
    aBucket({ policy: documentOf(guard) }),
    passes('drop takes only uploads that replace nothing: statement 1 ("DenyOverwrite") refuses it.'),
  ],
  [
    "goes by the prefix that is meant",
    aBucket({ policy: documentOf(guard) }),
    fails(
      "In drop an upload can replace another for good: versioning is off, nothing shows that its signer makes keys unique, and no policy asks for If-None-Match.",
    ),
    { prefix: "incoming" },
  ],
  [
    "passes for s3up's backend, whose keys are unique",
    aBucket({ signer: backend("never") }),
    passes("The signer of drop puts a fresh id into every key and signs one-time URLs."),
  ],
  [
    "fails for it where a URL may write twice",
    aBucket({ signer: backend("allowed") }),
    fails(
      "In drop an upload can replace another for good: versioning is off, its signer may give out URLs that write twice (OVERWRITE is allowed), and no policy asks for If-None-Match.",
    ),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ policy: "{" }),
    isUnknown(
      "The policy of drop cannot be understood: The policy: a member name in quotes is expected, not the end of the text (line 1, column 2).",
    ),
  ],
  [
    "needs no policy where versioning is on",
    aBucket({ policy: "{", versioning: { Status: "Enabled" } }),
    passes("Versioning is on in drop: what is replaced can be had back."),
  ],
  [
    "is unknown where versioning and policy were refused",
    aBucket({ policy: unread(), versioning: unread() }),
    isUnknown(
      "The versioning state could not be read (AccessDenied); it takes s3:GetBucketVersioning. The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.",
      "s3:GetBucketVersioning",
      "s3:GetBucketPolicy",
    ),
  ],
  [
    "passes where versioning is on and the policy was refused",
    aBucket({ policy: unread(), versioning: { Status: "Enabled" } }),
    passes("Versioning is on in drop: what is replaced can be had back."),
  ],
]);
