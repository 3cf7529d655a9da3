/**
 * The shape of each facet in a snapshot file, in the API's own member names; `docs/schemas/snapshot.schema.json` is made
 * from it. Members that the API has and no rule looks at are left out.
 */
import * as v from "valibot";
import type { BucketFacets, Facet } from "./facets.ts";

const optional = v.exactOptional;
const strings = v.array(v.string());
/** A policy is judged by the strict parser of `src/policy`, never here: what it cannot parse is `unknown`, not invalid. */
const policyDocument = v.pipe(v.unknown(), v.description("A policy: the JSON document, or its text."));

const blockFlag = v.optional(v.boolean(), false);
const publicAccessBlock = v.strictObject({
  BlockPublicAcls: blockFlag,
  IgnorePublicAcls: blockFlag,
  BlockPublicPolicy: blockFlag,
  RestrictPublicBuckets: blockFlag,
});

const acl = v.object({
  Owner: optional(v.object({ ID: optional(v.string()) })),
  Grants: v.array(
    v.object({
      Grantee: v.object({
        Type: optional(v.string()),
        URI: optional(v.string()),
        ID: optional(v.string()),
        EmailAddress: optional(v.string()),
      }),
      Permission: v.string(),
    }),
  ),
});

const corsRule = v.object({
  ID: optional(v.string()),
  AllowedOrigins: strings,
  AllowedMethods: strings,
  AllowedHeaders: optional(strings),
  ExposeHeaders: optional(strings),
  MaxAgeSeconds: optional(v.number()),
});

const encryptionRule = v.object({
  ApplyServerSideEncryptionByDefault: optional(
    v.object({ SSEAlgorithm: v.string(), KMSMasterKeyID: optional(v.string()) }),
  ),
  BucketKeyEnabled: optional(v.boolean()),
  BlockedEncryptionTypes: optional(v.object({ EncryptionType: optional(strings) })),
});

const versioning = v.object({
  Status: optional(v.picklist(["Enabled", "Suspended"])),
  MFADelete: optional(v.picklist(["Enabled", "Disabled"])),
});

const tag = v.object({ Key: v.string(), Value: v.string() });
const filterMembers = {
  Prefix: optional(v.string()),
  Tag: optional(tag),
  ObjectSizeGreaterThan: optional(v.number()),
  ObjectSizeLessThan: optional(v.number()),
};
const lifecycleRule = v.object({
  ID: optional(v.string()),
  Status: v.picklist(["Enabled", "Disabled"]),
  Prefix: optional(v.string()),
  Filter: optional(
    v.object({ ...filterMembers, And: optional(v.object({ ...filterMembers, Tags: optional(v.array(tag)) })) }),
  ),
  AbortIncompleteMultipartUpload: optional(v.object({ DaysAfterInitiation: optional(v.number()) })),
  Expiration: optional(v.record(v.string(), v.unknown())),
});

const notificationTarget = v.object({
  Id: optional(v.string()),
  Events: optional(strings),
  Filter: optional(
    v.object({
      Key: optional(
        v.object({
          FilterRules: optional(v.array(v.object({ Name: optional(v.string()), Value: optional(v.string()) }))),
        }),
      ),
    }),
  ),
});
const notification = v.object({
  TopicConfigurations: optional(v.array(notificationTarget)),
  QueueConfigurations: optional(v.array(notificationTarget)),
  LambdaFunctionConfigurations: optional(v.array(notificationTarget)),
  EventBridgeConfiguration: optional(v.object({})),
});

const accessPoint = v.object({
  Name: v.string(),
  AccessPointArn: optional(v.string()),
  NetworkOrigin: optional(v.picklist(["Internet", "VPC"])),
  PublicAccessBlockConfiguration: optional(
    v.strictObject({
      BlockPublicAcls: optional(v.boolean()),
      IgnorePublicAcls: optional(v.boolean()),
      BlockPublicPolicy: optional(v.boolean()),
      RestrictPublicBuckets: optional(v.boolean()),
    }),
  ),
  Policy: optional(policyDocument),
});

const signer = v.strictObject({
  roleArn: optional(v.string()),
  policies: v.optional(v.array(v.strictObject({ name: v.string(), document: policyDocument })), []),
  permissionsBoundary: optional(policyDocument),
  trust: optional(policyDocument),
  function: optional(
    v.strictObject({
      environment: optional(v.record(v.string(), v.string())),
      url: optional(v.object({ AuthType: optional(v.string()), FunctionUrl: optional(v.string()) })),
      policy: optional(policyDocument),
      cors: optional(
        v.object({
          AllowOrigins: optional(strings),
          AllowMethods: optional(strings),
          AllowHeaders: optional(strings),
          AllowCredentials: optional(v.boolean()),
        }),
      ),
      routes: optional(v.array(v.object({ RouteKey: v.string(), AuthorizationType: v.string() }))),
    }),
  ),
});

const probeAnswer = v.picklist(["signed", "refused", "unclear"]);
const preflightAnswer = v.object({
  status: v.number(),
  allowOrigin: optional(v.string()),
  allowCredentials: optional(v.boolean()),
});
const endpoint = v.object({
  url: v.string(),
  anonymous: probeAnswer,
  forms: v.array(v.picklist(["article", "v1"])),
  uploads: v.array(
    v.object({
      asked: v.picklist(["article", "v1", "long-life", "form"]),
      bucket: optional(v.string()),
      key: v.string(),
      secure: v.boolean(),
      signatureVersion: optional(v.picklist([2, 4])),
      expiresInSeconds: optional(v.number()),
      signedHeaders: strings,
      queryChecksums: v.array(v.object({ name: v.string(), ofEmptyBody: v.boolean() })),
      form: optional(v.object({ openKey: v.boolean(), maxSize: optional(v.number()) })),
    }),
  ),
  names: v.array(v.object({ name: v.string(), answer: probeAnswer, key: optional(v.string()) })),
  oversized: optional(probeAnswer),
  preflight: optional(preflightAnswer),
  bucketPreflight: optional(preflightAnswer),
  replay: optional(v.object({ first: v.number(), second: v.number() })),
});

const change = v.object({
  action: v.picklist(["create", "update", "replace", "none"]),
  before: v.object({
    publicAccessBlock: optional(publicAccessBlock),
    policy: optional(policyDocument),
    ownership: optional(v.picklist(["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"])),
    encryption: optional(v.array(encryptionRule)),
    versioning: optional(versioning),
    lifecycle: optional(v.array(lifecycleRule)),
  }),
  removed: strings,
});

/** Facet -> the shape of what it holds when it is configured. */
export const facetSchemas = {
  publicAccessBlock,
  accountPublicAccessBlock: publicAccessBlock,
  organizationPublicAccessBlock: v.picklist(["all", "none"]),
  policy: policyDocument,
  policyStatus: v.object({ IsPublic: v.boolean() }),
  acl,
  ownership: v.picklist(["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"]),
  cors: v.array(corsRule),
  encryption: v.array(encryptionRule),
  versioning,
  lifecycle: v.array(lifecycleRule),
  logging: v.object({ TargetBucket: v.string(), TargetPrefix: optional(v.string()) }),
  website: v.record(v.string(), v.unknown()),
  notification,
  objectLock: v.object({ ObjectLockEnabled: optional(v.string()) }),
  accessPoints: v.array(accessPoint),
  signer,
  endpoint,
  change,
} as const satisfies { readonly [F in Facet]: v.GenericSchema<unknown, BucketFacets[F]> };
