/** The configuration that this project deploys, as an audit reads it: no rule has anything to say about it. */
import type { IntentOptions } from "../../src/audit/intent-from.ts";
import type { BucketSnapshot } from "../../src/audit/snapshot.ts";
import { aBlock, aBucket, aCorsRule, type FacetChanges } from "./audit-bucket.ts";
import { allowUploads, denyAll, documentOf, drop, owner, signerArn } from "./policy-documents.ts";

const objects = `${drop.arn}/*`;

/** Grants nothing: the role of the signer does. */
export const guards = {
  plainHttp: denyAll({ Sid: "DenyInsecureTransport" }),
  oldTls: denyAll({ Sid: "DenyTlsBelow12", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } }),
  staleSignature: denyAll({
    Sid: "DenyStaleSignature",
    Action: "s3:PutObject",
    Resource: objects,
    Condition: { NumericGreaterThan: { "s3:signatureAge": "900000" } },
  }),
  oldSignature: denyAll({
    Sid: "DenyUnsignedOrSigV2",
    Action: ["s3:PutObject", "s3:GetObject"],
    Resource: objects,
    Condition: { StringNotEquals: { "s3:signatureversion": "AWS4-HMAC-SHA256" } },
  }),
  wrongEncryption: denyAll({
    Sid: "DenyWrongEncryption",
    Action: "s3:PutObject",
    Resource: objects,
    Condition: {
      Null: { "s3:x-amz-server-side-encryption": "false" },
      StringNotEquals: { "s3:x-amz-server-side-encryption": "AES256" },
    },
  }),
  customerKeys: denyAll({
    Sid: "DenyCustomerProvidedKeys",
    Action: "s3:PutObject",
    Resource: objects,
    Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
  }),
} as const;

export const goodPolicy = documentOf(...Object.values(guards));

export const goodSigner = {
  roleArn: signerArn,
  policies: [
    {
      name: "uploads",
      document: documentOf(
        allowUploads({ Action: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"] }),
      ),
    },
    {
      name: "logs",
      document: documentOf({
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `arn:aws:logs:eu-central-1:${owner}:log-group:/aws/lambda/presign:*`,
      }),
    },
  ],
  trust: documentOf({ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }),
  function: {
    environment: {
      BUCKET: "drop",
      AUTH: "iam",
      KEY_PREFIX: "uploads",
      MODES: "put,multipart",
      EXPIRES_IN_DEFAULT: "300",
      EXPIRES_IN_MAX: "900",
      OVERWRITE: "never",
    },
    policy: documentOf({
      Sid: "Api",
      Effect: "Allow",
      Principal: { Service: "apigateway.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: `arn:aws:lambda:eu-central-1:${owner}:function:presign`,
      Condition: { ArnLike: { "AWS:SourceArn": `arn:aws:execute-api:eu-central-1:${owner}:abcdef/*/POST/presign` } },
    }),
    cors: { AllowOrigins: ["https://app.example.com"], AllowMethods: ["POST"], AllowHeaders: ["content-type"] },
  },
} as const;

const uploads = { Key: { FilterRules: [{ Name: "prefix", Value: "uploads/" }] } };

const goodFacets = {
  publicAccessBlock: aBlock(true),
  policy: goodPolicy,
  policyStatus: { IsPublic: false },
  acl: {
    Owner: { ID: "a".repeat(64) },
    Grants: [{ Grantee: { Type: "CanonicalUser", ID: "a".repeat(64) }, Permission: "FULL_CONTROL" }],
  },
  ownership: "BucketOwnerEnforced",
  cors: [aCorsRule({ AllowedHeaders: ["content-type", "if-none-match", "x-amz-*"] })],
  encryption: [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
      BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
    },
  ],
  versioning: { Status: "Enabled" },
  lifecycle: [
    {
      ID: "leftovers",
      Status: "Enabled",
      Filter: { Prefix: "" },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
  ],
  logging: { TargetBucket: "drop-logs", TargetPrefix: "drop/" },
  notification: {
    LambdaFunctionConfigurations: [{ Id: "scan", Events: ["s3:ObjectCreated:*"], Filter: uploads }],
  },
  objectLock: { ObjectLockEnabled: "Enabled" },
  signer: goodSigner,
} as const satisfies FacetChanges;

export const goodIntent: IntentOptions = { origins: ["https://app.example.com"], encryption: "AES256" };

/** With one thing changed it shows what one rule finds. */
export function goodBucket(changes: FacetChanges = {}): BucketSnapshot {
  return aBucket({ ...goodFacets, ...changes });
}
