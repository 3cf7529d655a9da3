/**
 * For each facet a few values that stand for all others: harmless, worst, and those between which some rule tells. A rule that
 * answers the same for all of them does so whatever the facet holds. Their number is kept small: every combination is tried.
 */
import type { BucketFacets, Facet, PublicAccessBlock } from "./facets.ts";
import { faultlessEndpoint, faultyEndpoint } from "./imagined-endpoints.ts";
import type { Intent } from "./intent.ts";

export interface Surroundings {
  readonly arn: string;
  readonly accountId: string | undefined;
  readonly intent: Intent;
  /** Of the role that signs, where it was read: a policy may name it. */
  readonly signerArn?: string | undefined;
}

/** `undefined` stands for "not configured". */
export type Choices<F extends Facet> = readonly (BucketFacets[F] | undefined)[];

/** The same surroundings get the same values, so that a policy among them is parsed once for all rules. */
export function representativesOf<F extends Facet>(facet: F, surroundings: Surroundings): Choices<F> {
  const { arn, accountId, signerArn, intent } = surroundings;
  const name = [facet, arn, accountId, signerArn].join(" ");
  const ofIntent = made.get(intent) ?? new Map<string, Choices<Facet>>();
  made.set(intent, ofIntent);
  // the name begins with the facet, so what is found under it is this facet's
  const choices = (ofIntent.get(name) as Choices<F> | undefined) ?? representatives[facet](surroundings);
  ofIntent.set(name, choices);
  return choices;
}

const made = new WeakMap<Intent, Map<string, Choices<Facet>>>();

const allOn = blockWith(true);
const allOff = blockWith(false);
const foreignAccount = "999999999999";
/** One that a role may use only where a policy names it. */
const someKey = `arn:aws:kms:us-east-1:${foreignAccount}:key/0f1e2d3c-0000-4000-8000-000000000000`;
const allUsers = "http://acs.amazonaws.com/groups/global/AllUsers";

const representatives: { readonly [F in Facet]: (surroundings: Surroundings) => Choices<F> } = {
  publicAccessBlock: () => [allOn, undefined, allOff],
  accountPublicAccessBlock: () => [allOn, undefined],
  organizationPublicAccessBlock: () => ["all", undefined],
  policy: (surroundings) => [
    guardingPolicy(surroundings),
    undefined,
    openPolicy(surroundings),
    sharingPolicy(surroundings),
    closedPolicy(surroundings),
  ],
  policyStatus: () => [undefined, { IsPublic: false }, { IsPublic: true }],
  acl: () => [
    undefined,
    grantTo({ Type: "Group", URI: allUsers }),
    grantTo({ Type: "CanonicalUser", ID: "f".repeat(64) }),
  ],
  ownership: () => ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"],
  cors: ({ intent }) => [
    [
      {
        AllowedOrigins: originsOf(intent),
        AllowedMethods: ["PUT", "POST"],
        AllowedHeaders: ["*"],
        ExposeHeaders: ["ETag"],
      },
    ],
    undefined,
    [{ AllowedOrigins: ["*", "null", "http://app.example"], AllowedMethods: ["GET", "PUT", "POST", "DELETE", "HEAD"] }],
    [{ AllowedOrigins: ["https://elsewhere.example"], AllowedMethods: ["GET"] }],
  ],
  encryption: ({ intent }) => [
    [
      {
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: "aws:kms",
          ...(typeof intent.kmsKeyId === "string" ? { KMSMasterKeyID: intent.kmsKeyId } : {}),
        },
        BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
      },
    ],
    [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
        BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
      },
    ],
    [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms:dsse", KMSMasterKeyID: someKey } }],
    undefined,
  ],
  versioning: () => [
    { Status: "Enabled", MFADelete: "Enabled" },
    { Status: "Enabled" },
    { Status: "Suspended" },
    undefined,
  ],
  lifecycle: () => [
    [{ Status: "Enabled", Filter: {}, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
    undefined,
    [
      {
        Status: "Enabled",
        Filter: { Prefix: "elsewhere/" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        Expiration: { Days: 1 },
      },
    ],
  ],
  logging: () => [{ TargetBucket: "logs-of-another-bucket", TargetPrefix: "" }, undefined],
  website: () => [undefined, { IndexDocument: { Suffix: "index.html" } }],
  notification: ({ intent }) => [undefined, notifyFor(intent.prefix), notifyFor("elsewhere/")],
  objectLock: () => [{ ObjectLockEnabled: "Enabled" }, undefined],
  accessPoints: (surroundings) => [
    undefined,
    [{ Name: "closed", NetworkOrigin: "Internet", PublicAccessBlockConfiguration: allOn }],
    [
      {
        Name: "open",
        NetworkOrigin: "Internet",
        PublicAccessBlockConfiguration: allOff,
        Policy: openPolicy(surroundings),
      },
    ],
  ],
  signer: (surroundings) => [exactSigner(surroundings), undefined, boundlessSigner(), { policies: [] }],
  endpoint: ({ arn, intent }) => [faultlessEndpoint(bucketOf(arn), intent), undefined, faultyEndpoint()],
  // known or not there: only a plan has it, and each has it whole
  change: () => [undefined],
};

function bucketOf(arn: string): string {
  return arn.split(":").at(-1) ?? "";
}

function blockWith(on: boolean): PublicAccessBlock {
  return { BlockPublicAcls: on, IgnorePublicAcls: on, BlockPublicPolicy: on, RestrictPublicBuckets: on };
}

function grantTo(Grantee: BucketFacets["acl"]["Grants"][number]["Grantee"]): BucketFacets["acl"] {
  return { Grants: [{ Grantee, Permission: "FULL_CONTROL" }] };
}

function originsOf({ origins }: Intent): readonly string[] {
  return origins.length > 0 ? origins : ["https://app.example.com"];
}

function notifyFor(prefix: string): BucketFacets["notification"] {
  const Filter = { Key: { FilterRules: [{ Name: "prefix", Value: prefix }] } };
  return { LambdaFunctionConfigurations: [{ Events: ["s3:ObjectCreated:*"], Filter }] };
}

type Statement = Readonly<Record<string, unknown>>;

function policyOf(statements: readonly Statement[]): unknown {
  return { Version: "2012-10-17", Statement: statements };
}

function everywhere(arn: string): readonly string[] {
  return [arn, `${arn}/*`];
}

/** Has every guard that a rule asks for, and allows nothing. */
function guardingPolicy({ arn, intent }: Surroundings): unknown {
  const deny = (Action: string, Condition: Statement): Statement => ({
    Effect: "Deny",
    Principal: "*",
    Action,
    Resource: everywhere(arn),
    Condition,
  });
  return policyOf([
    deny("s3:*", { Bool: { "aws:SecureTransport": "false" } }),
    deny("s3:*", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
    deny("s3:*", { NumericGreaterThan: { "s3:signatureAge": String(Math.max(intent.maxAgeSeconds, 60) * 1000) } }),
    deny("s3:*", { StringEquals: { "s3:signatureversion": "AWS" } }),
    deny("s3:PutObject", { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } }),
    deny("s3:PutObject", { Null: { "s3:if-none-match": "true" }, Bool: { "s3:ObjectCreationOperation": "true" } }),
  ]);
}

/** Open to everyone, to a named stranger and by negation; wrong in every way a statement that allows can be. */
function openPolicy({ arn }: Surroundings): unknown {
  const Resource = everywhere(arn);
  return policyOf([
    { Effect: "Allow", Principal: "*", Action: "s3:*", Resource },
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${foreignAccount}:root` }, Action: "s3:*", Resource },
    { Effect: "Allow", Principal: "*", NotAction: "s3:DeleteBucket", Resource },
    { Effect: "Allow", Principal: "*", Action: "s3:NoSuchAction", Resource },
  ]);
}

/** Open to a named stranger and to the signer, and not public, so that Block Public Access leaves it alone. */
function sharingPolicy(surroundings: Surroundings): unknown {
  const { arn } = surroundings;
  const Principal = { AWS: [`arn:aws:iam::${foreignAccount}:root`, signerArnOf(surroundings)] };
  return policyOf([{ Effect: "Allow", Principal, Action: "s3:*", Resource: everywhere(arn) }]);
}

/** Refuses everything to everyone, its owner's administrators and the uploads included. */
function closedPolicy({ arn }: Surroundings): unknown {
  const Resource = everywhere(arn);
  return policyOf([
    { Effect: "Deny", Principal: "*", Action: "s3:*", Resource },
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource,
      Condition: {
        StringNotEquals: { "s3:authType": "REST-HEADER" },
        NumericGreaterThan: { "s3:signatureAge": "900" },
      },
    },
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource,
      Condition: { StringNotEquals: { "s3:authType": "REST-HEADER" } },
    },
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource,
      Condition: { NumericGreaterThan: { "s3:signatureAge": "900" } },
    },
  ]);
}

function signerArnOf({ signerArn, accountId }: Surroundings): string {
  return signerArn ?? `arn:aws:iam::${accountId ?? "111122223333"}:role/signer`;
}

/** May do what is wanted and no more, and lives behind IAM. */
function exactSigner(surroundings: Surroundings): BucketFacets["signer"] {
  const { accountId, intent } = surroundings;
  const account = accountId ?? "111122223333";
  const byAction = intent.wanted.map(({ action, resource }) => ({
    Effect: "Allow",
    Action: action,
    Resource: resource,
  }));
  return {
    roleArn: signerArnOf(surroundings),
    policies: [{ name: "uploads", document: policyOf(byAction) }],
    trust: policyOf([
      {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ]),
    function: {
      environment: { EXPIRES_IN_DEFAULT: "60", EXPIRES_IN_MAX: "60" },
      url: { AuthType: "AWS_IAM" },
      cors: { AllowOrigins: originsOf(intent) },
    },
  };
}

/** An administrator whom anyone may become, behind a function open to all. */
function boundlessSigner(): BucketFacets["signer"] {
  const everything = policyOf([{ Effect: "Allow", Action: "*", Resource: "*" }]);
  return {
    policies: [{ name: "everything", document: everything }],
    trust: policyOf([{ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }]),
    function: {
      environment: {
        EXPIRES_IN: "604800",
        EXPIRES_IN_DEFAULT: "604800",
        EXPIRES_IN_MAX: "604800",
        KEY_PREFIX: "elsewhere",
      },
      url: { AuthType: "NONE" },
      policy: policyOf([{ Effect: "Allow", Principal: "*", Action: "lambda:InvokeFunctionUrl", Resource: "*" }]),
      cors: { AllowOrigins: ["*"] },
    },
  };
}
