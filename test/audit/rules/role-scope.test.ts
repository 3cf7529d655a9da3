import { roleScope } from "../../../src/audit/rules/role-scope.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { goodSigner } from "../../support/good-bucket.ts";
import {
  allowAll,
  allowUploads,
  documentOf,
  drop,
  owner,
  type StatementJson,
  signerArn,
} from "../../support/policy-documents.ts";

function aRole(...statements: readonly StatementJson[]) {
  return { ...goodSigner, policies: [{ name: "inline", document: documentOf(...statements) }] };
}

describeRule(roleScope, [
  [
    "does not apply without a signer",
    aBucket(),
    notApplicable("Nobody said who signs URLs for drop: --function NAME or --role ARN names the signer."),
  ],
  [
    "passes with what an upload needs",
    aBucket({ signer: goodSigner }),
    passes(
      "The role presign may upload to drop and no more. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "fails with reading",
    aBucket({ signer: aRole(allowUploads({ Action: ["s3:PutObject", "s3:GetObject"] })) }),
    fails(
      "The role presign may do more with S3 than upload to drop: s3:GetObject on arn:aws:s3:::drop/uploads/ (statement 1 of inline).",
    ),
  ],
  [
    "fails with a wildcard action",
    aBucket({ signer: aRole(allowUploads({ Action: "s3:*" })) }),
    fails(
      "The role presign may do more with S3 than upload to drop: s3:DeleteObject on arn:aws:s3:::drop/uploads/ (statement 1 of inline); s3:GetObject on arn:aws:s3:::drop/uploads/ (statement 1 of inline); s3:PutObjectAcl on arn:aws:s3:::drop/uploads/ (statement 1 of inline); and 38 more actions.",
    ),
  ],
  [
    "fails outside the prefix",
    aBucket({ signer: aRole(allowUploads({ Resource: `${drop.arn}/*` })) }),
    fails(
      "The role presign may do more with S3 than upload to drop: s3:PutObject on arn:aws:s3:::drop/x (statement 1 of inline).",
    ),
  ],
  [
    "fails with a prefix that is the beginning of another",
    aBucket({ signer: aRole(allowUploads({ Resource: `${drop.arn}/uploads*` })) }),
    fails(
      "The role presign may do more with S3 than upload to drop: s3:PutObject on arn:aws:s3:::drop/uploads (statement 1 of inline).",
    ),
  ],
  [
    "fails with a bucket that is the beginning of another",
    aBucket({ signer: aRole(allowUploads({ Resource: `${drop.arn}*/uploads/*` })) }),
    fails(
      "The role presign may do more with S3 than upload to drop: s3:PutObject on arn:aws:s3:::drop//uploads/ (statement 1 of inline).",
    ),
  ],
  [
    "fails with every bucket",
    aBucket({ signer: aRole(allowUploads({ Resource: "*" })) }),
    fails(
      "The role presign may do more with S3 than upload to drop: s3:PutObject on arn:aws:s3:::drop/x (statement 1 of inline).",
    ),
  ],
  [
    "fails with NotAction",
    aBucket({ signer: aRole(allowUploads({ Action: undefined, NotAction: "s3:DeleteObject" })) }),
    fails(
      "The role presign may do more with S3 than upload to drop: s3:GetObject on arn:aws:s3:::drop/uploads/ (statement 1 of inline); s3:PutObjectAcl on arn:aws:s3:::drop/uploads/ (statement 1 of inline); s3:BypassGovernanceRetention on arn:aws:s3:::drop/uploads/ (statement 1 of inline); and 37 more actions.",
    ),
  ],
  [
    "says where a condition decides",
    aBucket({
      signer: aRole(
        allowUploads(),
        allowUploads({ Action: "s3:GetObject", Condition: { StringEquals: { "aws:SourceVpc": "vpc-1234" } } }),
      ),
    }),
    fails(
      "The role presign may do more with S3 than upload to drop: s3:GetObject on arn:aws:s3:::drop/uploads/ (statement 2 of inline, on a condition).",
    ),
  ],
  [
    "passes where the boundary cuts it down",
    aBucket({
      signer: {
        ...aRole(allowUploads({ Action: "s3:*", Resource: "*" })),
        permissionsBoundary: documentOf(allowUploads()),
      },
    }),
    passes(
      "The role presign may upload to drop and no more. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "passes where a Deny takes the rest back",
    aBucket({
      signer: aRole(allowUploads({ Action: "s3:*" }), { Effect: "Deny", NotAction: "s3:PutObject", Resource: "*" }),
    }),
    passes(
      "The role presign may upload to drop and no more. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "fails where the bucket policy gives the role more",
    aBucket({ signer: goodSigner, policy: documentOf(allowAll({ Sid: "More", Principal: { AWS: signerArn } })) }),
    fails(
      "The role presign may do more with S3 than upload to drop: s3:GetObject on arn:aws:s3:::drop/x (statement 1 of the bucket policy).",
    ),
  ],
  [
    "passes where the bucket policy names the account, which only delegates",
    aBucket({ signer: goodSigner, policy: documentOf(allowAll({ Principal: { AWS: owner } })) }),
    passes(
      "The role presign may upload to drop and no more. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "goes by the prefix that is meant",
    aBucket({ signer: goodSigner }),
    fails(
      "The role presign may do more with S3 than upload to drop: s3:PutObject on arn:aws:s3:::drop/uploads/ (statement 1 of uploads); s3:AbortMultipartUpload on arn:aws:s3:::drop/uploads/ (statement 1 of uploads); s3:ListMultipartUploadParts on arn:aws:s3:::drop/uploads/ (statement 1 of uploads).",
    ),
    { prefix: "incoming" },
  ],
  [
    "is unknown where a policy of the role is none",
    aBucket({ signer: { ...goodSigner, policies: [{ name: "inline", document: { Statement: [] } }] } }),
    isUnknown("What the signer of drop may do cannot be told: inline: Statement: is an empty list."),
  ],
  [
    "is unknown where the boundary is none",
    aBucket({ signer: { ...goodSigner, permissionsBoundary: "?" } }),
    isUnknown(
      'What the signer of drop may do cannot be told: of the role: the permissions boundary is no policy: The policy: a JSON value is expected, not "?" (line 1, column 1).',
    ),
  ],
  [
    "is unknown where the role could not be read",
    aBucket({ signer: unread("AccessDenied: iam:GetRolePolicy") }),
    isUnknown(
      "The signer's role and function could not be read (AccessDenied: iam:GetRolePolicy); it takes iam:GetRolePolicy.",
      "iam:GetRolePolicy",
    ),
  ],
  [
    "is unknown where the bucket policy could not be read",
    aBucket({ signer: goodSigner, policy: unread() }),
    isUnknown("The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.", "s3:GetBucketPolicy"),
  ],
  [
    "fails where it may read other buckets, whatever the bucket policy says",
    aBucket({
      signer: aRole(allowUploads(), allowUploads({ Action: "s3:GetObject", Resource: "*" })),
      policy: unread(),
    }),
    fails(
      "It holds whatever the rest says. The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.",
    ),
  ],
]);
