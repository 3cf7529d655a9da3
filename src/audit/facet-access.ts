/**
 * Which API call answers each facet, which IAM action allows it, and which error codes of it are an answer ("not
 * configured") and no failure. The one table behind the reader, the words about what is missing, and `--permissions`.
 * Source: Amazon S3 API Reference (errors of each call) and the Service Authorization Reference (actions, resource types).
 */
import type { Facet } from "./facets.ts";

export type AwsService = "s3" | "s3control" | "iam" | "lambda" | "apigatewayv2" | "sts";

/** What the `Resource` of a statement that allows the call names; `account`: the action takes only `*`. */
export type ReadScope = "account" | "bucket" | "access-point" | "function" | "api" | "role" | "managed-policy";

export interface ApiRead {
  readonly service: AwsService;
  /** As the API Reference spells it. */
  readonly call: string;
  /** By its real name, which often differs from the call's. */
  readonly action: string;
  readonly on: ReadScope;
  /** Error codes that say: it is not configured. */
  readonly notConfigured: readonly string[];
}

/** Facet -> every call that may be needed for it, in the order in which they are made. */
export const facetReads: {
  readonly [F in Facet]: F extends "endpoint" | "change" ? readonly [] : readonly [ApiRead, ...ApiRead[]];
} = {
  publicAccessBlock: [
    bucketRead("GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"),
  ],
  accountPublicAccessBlock: [accountBlock()],
  // The account's answer is the effective one: what an organisation says is in it already.
  organizationPublicAccessBlock: [accountBlock()],
  policy: [bucketRead("GetBucketPolicy", "s3:GetBucketPolicy", "NoSuchBucketPolicy")],
  policyStatus: [bucketRead("GetBucketPolicyStatus", "s3:GetBucketPolicyStatus", "NoSuchBucketPolicy")],
  acl: [bucketRead("GetBucketAcl", "s3:GetBucketAcl")],
  ownership: [
    bucketRead("GetBucketOwnershipControls", "s3:GetBucketOwnershipControls", "OwnershipControlsNotFoundError"),
  ],
  cors: [bucketRead("GetBucketCors", "s3:GetBucketCORS", "NoSuchCORSConfiguration")],
  encryption: [
    bucketRead(
      "GetBucketEncryption",
      "s3:GetEncryptionConfiguration",
      "ServerSideEncryptionConfigurationNotFoundError",
    ),
  ],
  versioning: [bucketRead("GetBucketVersioning", "s3:GetBucketVersioning")],
  lifecycle: [
    bucketRead("GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", "NoSuchLifecycleConfiguration"),
  ],
  logging: [bucketRead("GetBucketLogging", "s3:GetBucketLogging")],
  website: [bucketRead("GetBucketWebsite", "s3:GetBucketWebsite", "NoSuchWebsiteConfiguration")],
  notification: [bucketRead("GetBucketNotificationConfiguration", "s3:GetBucketNotification")],
  objectLock: [
    bucketRead(
      "GetObjectLockConfiguration",
      "s3:GetBucketObjectLockConfiguration",
      "ObjectLockConfigurationNotFoundError",
    ),
  ],
  accessPoints: [
    read("s3control", "ListAccessPoints", "s3:ListAccessPoints", "account"),
    read("s3control", "GetAccessPoint", "s3:GetAccessPoint", "account"),
    read("s3control", "GetAccessPointPolicy", "s3:GetAccessPointPolicy", "access-point", "NoSuchAccessPointPolicy"),
  ],
  signer: [
    read("lambda", "GetFunctionConfiguration", "lambda:GetFunctionConfiguration", "function"),
    read("lambda", "GetFunctionUrlConfig", "lambda:GetFunctionUrlConfig", "function", "ResourceNotFoundException"),
    read("lambda", "GetPolicy", "lambda:GetPolicy", "function", "ResourceNotFoundException"),
    // A REST API is none of version 2; its CORS answers come from its integrations.
    read("apigatewayv2", "GetApi", "apigateway:GET", "api", "NotFoundException"),
    read("iam", "GetRole", "iam:GetRole", "role"),
    read("iam", "ListRolePolicies", "iam:ListRolePolicies", "role"),
    read("iam", "GetRolePolicy", "iam:GetRolePolicy", "role"),
    read("iam", "ListAttachedRolePolicies", "iam:ListAttachedRolePolicies", "role"),
    read("iam", "GetPolicy", "iam:GetPolicy", "managed-policy"),
    read("iam", "GetPolicyVersion", "iam:GetPolicyVersion", "managed-policy"),
  ],
  // Asked over the web, by whoever may reach it.
  endpoint: [],
  // No call: a plan tells it.
  change: [],
};

export const facets = Object.keys(facetReads) as readonly Facet[];

/** The row of a call; a facet without such a call is a mistake in the reader. */
export function readOf(facet: Facet, call: string): ApiRead {
  const reads: readonly ApiRead[] = facetReads[facet];
  const found = reads.find((read) => read.call === call);
  if (found === undefined) throw new Error(`The facet ${facet} is not read with ${call}.`);
  return found;
}

/** The IAM actions that reading a facet takes, by their real names, each once. */
export function actionsFor(facet: Facet): readonly string[] {
  const reads: readonly ApiRead[] = facetReads[facet];
  return [...new Set(reads.map(({ action }) => action))];
}

/** What a run needs besides facets: whose account it is (allowed to everyone), and with `--all` which buckets there are. */
export const callerIdentityRead = read("sts", "GetCallerIdentity", "sts:GetCallerIdentity", "account");
export const bucketListRead = read("s3", "ListBuckets", "s3:ListAllMyBuckets", "account");

function bucketRead(call: string, action: string, ...notConfigured: readonly string[]): ApiRead {
  return read("s3", call, action, "bucket", ...notConfigured);
}

function accountBlock(): ApiRead {
  const notSet = "NoSuchPublicAccessBlockConfiguration";
  return read("s3control", "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", "account", notSet);
}

function read(
  service: AwsService,
  call: string,
  action: string,
  on: ReadScope,
  ...notConfigured: readonly string[]
): ApiRead {
  return { service, call, action, on, notConfigured };
}
