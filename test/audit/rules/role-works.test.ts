import { roleWorks } from "../../../src/audit/rules/role-works.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, failsWith, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { goodPolicy, goodSigner } from "../../support/good-bucket.ts";
import {
  allowAll,
  allowUploads,
  denyAll,
  documentOf,
  drop,
  type StatementJson,
  signerArn,
  stranger,
} from "../../support/policy-documents.ts";

function aRole(...statements: readonly StatementJson[]) {
  return { ...goodSigner, policies: [{ name: "inline", document: documentOf(...statements) }] };
}

const key = "arn:aws:kms:eu-central-1:111122223333:key/0f1e2d3c";
const encryptedBy = (KMSMasterKeyID: string) => [
  { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID } },
];
const useKey = { Effect: "Allow", Action: "kms:GenerateDataKey", Resource: key };
const anySigner = { ...goodSigner, function: {} };

describeRule(roleWorks, [
  [
    "does not apply without a signer",
    aBucket(),
    notApplicable("Nobody said who signs URLs for drop: --function NAME or --role ARN names the signer."),
  ],
  [
    "passes with what an upload needs",
    aBucket({ signer: goodSigner }),
    passes(
      "What the role presign signs for drop is allowed under arn:aws:s3:::drop/uploads/*. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "fails without it",
    aBucket({ signer: aRole(allowUploads({ Action: "s3:GetObject" })) }),
    fails("Uploads to drop fail with AccessDenied: no statement allows s3:PutObject on arn:aws:s3:::drop/uploads/."),
  ],
  [
    "fails where the grant is narrower than the prefix",
    aBucket({ signer: aRole(allowUploads({ Resource: `${drop.arn}/uploads/images/*` })) }),
    fails("Uploads to drop fail with AccessDenied: no statement allows s3:PutObject on arn:aws:s3:::drop/uploads/."),
  ],
  [
    "fails where the boundary does not allow it",
    aBucket({ signer: { ...goodSigner, permissionsBoundary: documentOf(allowUploads({ Action: "s3:GetObject" })) } }),
    fails(
      "Uploads to drop fail with AccessDenied: the permissions boundary of the role does not allow s3:PutObject on arn:aws:s3:::drop/uploads/.",
    ),
  ],
  [
    "fails where the role denies it to itself",
    aBucket({ signer: aRole(allowUploads(), allowUploads({ Effect: "Deny" })) }),
    fails(
      "Uploads to drop fail with AccessDenied: statement 2 of inline denies s3:PutObject on arn:aws:s3:::drop/uploads/.",
    ),
  ],
  [
    "fails where the bucket policy denies it to everyone",
    aBucket({
      signer: goodSigner,
      policy: documentOf(denyAll({ Sid: "Closed", Action: "s3:PutObject", Condition: undefined })),
    }),
    fails(
      "Uploads to drop fail with AccessDenied: statement 1 of the bucket policy denies s3:PutObject on arn:aws:s3:::drop/uploads/.",
    ),
  ],
  [
    "passes for guards that good uploads do not meet",
    aBucket({ signer: goodSigner, policy: goodPolicy }),
    passes(
      "What the role presign signs for drop is allowed under arn:aws:s3:::drop/uploads/*. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "passes where the bucket policy names the role",
    aBucket({
      signer: { ...goodSigner, policies: [] },
      policy: documentOf(allowAll({ Principal: { AWS: signerArn }, Action: "s3:PutObject" })),
    }),
    passes(
      "What the role presign signs for drop is allowed under arn:aws:s3:::drop/uploads/*. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "fails in another account's bucket that does not name it",
    aBucket({ signer: goodSigner }, { accountId: stranger }),
    fails("Uploads to drop fail with AccessDenied: no statement allows s3:PutObject on arn:aws:s3:::drop/uploads/."),
  ],
  [
    "is unknown where a condition of the role is open",
    aBucket({ signer: aRole(allowUploads({ Condition: { StringEquals: { "aws:SourceVpc": "vpc-1234" } } })) }),
    isUnknown(
      "Whether uploads to drop are allowed cannot be told: statement 1 of inline decides by its conditions on s3:PutObject on arn:aws:s3:::drop/uploads/.",
    ),
  ],
  [
    "is unknown where the policy asks for a header that another's signer may sign",
    aBucket({
      signer: anySigner,
      policy: documentOf(
        denyAll({ Action: "s3:PutObject", Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } } }),
      ),
    }),
    isUnknown(
      "Whether uploads to drop are allowed cannot be told: statement 1 of the bucket policy decides by its conditions on s3:PutObject on arn:aws:s3:::drop/uploads/.",
    ),
  ],
  [
    "fails for it where s3up's backend signs, which leaves it out",
    aBucket({
      signer: goodSigner,
      policy: documentOf(
        denyAll({ Action: "s3:PutObject", Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } } }),
      ),
    }),
    fails(
      "Uploads to drop fail with AccessDenied: statement 1 of the bucket policy denies s3:PutObject on arn:aws:s3:::drop/uploads/.",
    ),
  ],
  [
    "passes for uploads that may replace nothing, which s3up's backend signs",
    aBucket({
      signer: goodSigner,
      policy: documentOf(
        denyAll({
          Action: "s3:PutObject",
          Condition: { Null: { "s3:if-none-match": "true" }, Bool: { "s3:ObjectCreationOperation": "true" } },
        }),
      ),
    }),
    passes(
      "What the role presign signs for drop is allowed under arn:aws:s3:::drop/uploads/*. Organization policies and VPC endpoint policies were not looked at.",
    ),
    { mode: "multipart" },
  ],
  [
    "fails for multipart where parts would need that header, too",
    aBucket({
      signer: goodSigner,
      policy: documentOf(denyAll({ Action: "s3:PutObject", Condition: { Null: { "s3:if-none-match": "true" } } })),
    }),
    fails(
      "Uploads to drop fail with AccessDenied: statement 1 of the bucket policy denies s3:PutObject on arn:aws:s3:::drop/uploads/.",
    ),
    { mode: "multipart" },
  ],
  [
    "fails for URLs that promise to live longer than the bucket lets them",
    aBucket({
      signer: goodSigner,
      policy: documentOf(
        denyAll({
          Sid: "Age",
          Action: "s3:PutObject",
          Condition: { NumericGreaterThan: { "s3:signatureAge": "300000" } },
        }),
      ),
    }),
    failsWith(
      "low",
      "URLs for drop may live 900 seconds (EXPIRES_IN_MAX), and fail before that: statement 1 of the bucket policy denies s3:PutObject on arn:aws:s3:::drop/uploads/.",
    ),
  ],
  [
    "passes with the customer's key where the role may use it",
    aBucket({ signer: aRole(allowUploads(), useKey), encryption: encryptedBy(key) }),
    passes(
      "What the role presign signs for drop is allowed under arn:aws:s3:::drop/uploads/*. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "fails where it may not",
    aBucket({ signer: aRole(allowUploads()), encryption: encryptedBy(key) }),
    failsWith(
      "medium",
      "Uploads to drop are encrypted with arn:aws:kms:eu-central-1:111122223333:key/0f1e2d3c, and no policy of the role presign allows kms:GenerateDataKey on it: they fail unless the key's own policy does.",
    ),
  ],
  [
    "asks for more of the key with multipart",
    aBucket({ signer: aRole(allowUploads(), useKey), encryption: encryptedBy(key) }),
    failsWith(
      "medium",
      "Uploads to drop are encrypted with arn:aws:kms:eu-central-1:111122223333:key/0f1e2d3c, and no policy of the role presign allows kms:Decrypt on it: they fail unless the key's own policy does.",
    ),
    { mode: "multipart" },
  ],
  [
    "passes where the key may be used through S3 only",
    aBucket({
      signer: aRole(allowUploads(), {
        ...useKey,
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
      }),
      encryption: encryptedBy(key),
    }),
    passes(
      "What the role presign signs for drop is allowed under arn:aws:s3:::drop/uploads/*. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "needs nothing for the key that AWS manages",
    aBucket({ signer: goodSigner, encryption: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }] }),
    passes(
      "What the role presign signs for drop is allowed under arn:aws:s3:::drop/uploads/*. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "is unknown where the role could not be read",
    aBucket({ signer: unread("AccessDenied: iam:GetRole") }),
    isUnknown(
      "The signer's role and function could not be read (AccessDenied: iam:GetRole); it takes iam:GetRole.",
      "iam:GetRole",
    ),
  ],
  [
    "is unknown where the bucket policy could not be read",
    aBucket({ signer: goodSigner, policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
]);
