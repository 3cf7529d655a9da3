import { roleEscalation } from "../../../src/audit/rules/role-escalation.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { goodSigner } from "../../support/good-bucket.ts";
import {
  allowAll,
  allowUploads,
  documentOf,
  drop,
  type StatementJson,
  signerArn,
} from "../../support/policy-documents.ts";

function aRole(...statements: readonly StatementJson[]) {
  return { ...goodSigner, policies: [{ name: "inline", document: documentOf(...statements) }] };
}

describeRule(roleEscalation, [
  [
    "does not apply without a signer",
    aBucket(),
    notApplicable("Nobody said who signs URLs for drop: --function NAME or --role ARN names the signer."),
  ],
  [
    "passes with what an upload needs",
    aBucket({ signer: goodSigner }),
    passes(
      "The signer of drop, the role presign, has no action that leads to more rights. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "fails where it may change the bucket policy",
    aBucket({ signer: aRole(allowUploads({ Action: "s3:PutBucketPolicy", Resource: drop.arn })) }),
    fails(
      "The signer of drop, the role presign, can gain rights: it can open the bucket to others, by s3:PutBucketPolicy on arn:aws:s3:::drop.",
    ),
  ],
  [
    "fails where it may hand any role to a service",
    aBucket({ signer: aRole(allowUploads({ Action: "iam:PassRole", Resource: "*" })) }),
    fails(
      "The signer of drop, the role presign, can gain rights: it can hand other roles to services, by iam:PassRole on *.",
    ),
  ],
  [
    "passes for one role by name",
    aBucket({ signer: aRole(allowUploads({ Action: "iam:PassRole", Resource: signerArn })) }),
    passes(
      "The signer of drop, the role presign, has no action that leads to more rights. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "fails for an administrator",
    aBucket({ signer: aRole(allowUploads({ Action: "*", Resource: "*" })) }),
    fails(
      "The signer of drop, the role presign, can gain rights: it can change what it is allowed itself, by iam:AttachRolePolicy on * and 10 more of the kind.",
      "The signer of drop, the role presign, can gain rights: it can act as another role, by iam:UpdateAssumeRolePolicy on * and 1 more of the kind.",
      "The signer of drop, the role presign, can gain rights: it can make credentials for other users, by iam:CreateAccessKey on * and 2 more of the kind.",
      "The signer of drop, the role presign, can gain rights: it can hand other roles to services, by iam:PassRole on *.",
      "The signer of drop, the role presign, can gain rights: it can run code with the rights of another role, by lambda:UpdateFunctionCode on * and 1 more of the kind.",
      "The signer of drop, the role presign, can gain rights: it can let others call functions, by lambda:AddPermission on *.",
      "The signer of drop, the role presign, can gain rights: it can open the bucket to others, by s3:PutBucketPolicy on * and 3 more of the kind.",
      "The signer of drop, the role presign, can gain rights: it can remove what the bucket policy denies, by s3:DeleteBucketPolicy on *.",
      "The signer of drop, the role presign, can gain rights: it can open objects to others, by s3:PutObjectAcl on *.",
      "The signer of drop, the role presign, can gain rights: it can open every bucket of the account, by s3:PutAccountPublicAccessBlock on *.",
      "The signer of drop, the role presign, can gain rights: it can switch ACLs on again, by s3:PutBucketOwnershipControls on *.",
      "The signer of drop, the role presign, can gain rights: it can have objects copied elsewhere, by s3:PutReplicationConfiguration on *.",
    ),
  ],
  [
    "passes where the boundary does not let it",
    aBucket({
      signer: {
        ...aRole(allowUploads({ Action: "*", Resource: "*" })),
        permissionsBoundary: documentOf(allowUploads()),
      },
    }),
    passes(
      "The signer of drop, the role presign, has no action that leads to more rights. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "leaves to others what the bucket policy gives to everyone",
    aBucket({ signer: goodSigner, policy: documentOf(allowAll({ Action: "s3:PutBucketPolicy", Resource: drop.arn })) }),
    passes(
      "The signer of drop, the role presign, has no action that leads to more rights. Organization policies and VPC endpoint policies were not looked at.",
    ),
  ],
  [
    "fails where the bucket policy gives it to the role",
    aBucket({
      signer: goodSigner,
      policy: documentOf(allowAll({ Action: "s3:PutBucketPolicy", Resource: drop.arn, Principal: { AWS: signerArn } })),
    }),
    fails(
      "The signer of drop, the role presign, can gain rights: it can open the bucket to others, by s3:PutBucketPolicy on arn:aws:s3:::drop.",
    ),
  ],
  [
    "is unknown where a policy of the role is none",
    aBucket({ signer: { ...goodSigner, policies: [{ name: "inline", document: "{" }] } }),
    isUnknown(
      "Whether the signer of drop can widen its rights cannot be told: inline: The policy: a member name in quotes is expected, not the end of the text (line 1, column 2).",
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
]);
