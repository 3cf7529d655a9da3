/**
 * What a snapshot holds of a bucket and of the role that signs for it, in the API's own member names.
 * Source of the shapes: Amazon S3 API Reference, the answer of the call named beside each facet.
 */
import type { EndpointFacts } from "./endpoint-facts.ts";

/** GetPublicAccessBlock, of the bucket or of the account. */
export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

/** GetBucketAcl. */
export interface Acl {
  readonly Owner?: { readonly ID?: string };
  readonly Grants: readonly Grant[];
}
export interface Grant {
  readonly Grantee: {
    readonly Type?: string;
    readonly URI?: string;
    readonly ID?: string;
    readonly EmailAddress?: string;
  };
  readonly Permission: string;
}

/** GetBucketCors. */
export interface CorsRule {
  readonly ID?: string;
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAgeSeconds?: number;
}

/** GetBucketEncryption, one of `Rules`. */
export interface EncryptionRule {
  readonly ApplyServerSideEncryptionByDefault?: { readonly SSEAlgorithm: string; readonly KMSMasterKeyID?: string };
  readonly BucketKeyEnabled?: boolean;
  readonly BlockedEncryptionTypes?: { readonly EncryptionType?: readonly string[] };
}

/** GetBucketVersioning; a bucket that never had it has neither member. */
export interface Versioning {
  readonly Status?: "Enabled" | "Suspended";
  readonly MFADelete?: "Enabled" | "Disabled";
}

/** GetBucketLifecycleConfiguration, one of `Rules`. */
export interface LifecycleRule {
  readonly ID?: string;
  readonly Status: "Enabled" | "Disabled";
  /** The old place of the prefix, beside the filter. */
  readonly Prefix?: string;
  readonly Filter?: LifecycleFilter & { readonly And?: LifecycleFilter & { readonly Tags?: readonly Tag[] } };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation?: number };
  readonly Expiration?: Readonly<Record<string, unknown>>;
}
export interface LifecycleFilter {
  readonly Prefix?: string;
  readonly Tag?: Tag;
  readonly ObjectSizeGreaterThan?: number;
  readonly ObjectSizeLessThan?: number;
}
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** GetBucketLogging, its `LoggingEnabled`. */
export interface Logging {
  readonly TargetBucket: string;
  readonly TargetPrefix?: string;
}

/** GetBucketNotificationConfiguration: each destination with the filter of its events. */
export interface Notification {
  readonly TopicConfigurations?: readonly NotificationTarget[];
  readonly QueueConfigurations?: readonly NotificationTarget[];
  readonly LambdaFunctionConfigurations?: readonly NotificationTarget[];
  readonly EventBridgeConfiguration?: Readonly<Record<string, never>>;
}
export interface NotificationTarget {
  readonly Id?: string;
  readonly Events?: readonly string[];
  readonly Filter?: {
    readonly Key?: { readonly FilterRules?: readonly { readonly Name?: string; readonly Value?: string }[] };
  };
}

/** ListAccessPoints and what belongs to each. */
export interface AccessPoint {
  readonly Name: string;
  readonly AccessPointArn?: string;
  readonly NetworkOrigin?: "Internet" | "VPC";
  readonly PublicAccessBlockConfiguration?: Partial<PublicAccessBlock>;
  /** The document, or its text. */
  readonly Policy?: unknown;
}

/** The role that signs the URLs, and the function that wears it. */
export interface Signer {
  readonly roleArn?: string;
  /** Inline and attached, each in its default version. */
  readonly policies: readonly { readonly name: string; readonly document: unknown }[];
  readonly permissionsBoundary?: unknown;
  /** AssumeRolePolicyDocument. */
  readonly trust?: unknown;
  readonly function?: SignerFunction;
}
export interface SignerFunction {
  readonly environment?: Readonly<Record<string, string>>;
  /** GetFunctionUrlConfig. */
  readonly url?: { readonly AuthType?: string; readonly FunctionUrl?: string };
  /** The function's own resource policy. */
  readonly policy?: unknown;
  /** Of the function URL or of the API before it. */
  readonly cors?: {
    readonly AllowOrigins?: readonly string[];
    readonly AllowMethods?: readonly string[];
    readonly AllowHeaders?: readonly string[];
    readonly AllowCredentials?: boolean;
  };
  /** Of the HTTP API before it. */
  readonly routes?: readonly { readonly RouteKey: string; readonly AuthorizationType: string }[];
}

/** What `terraform apply` is about to do to a bucket that is there already, or to its settings. */
export interface PlannedChange {
  readonly action: "create" | "update" | "replace" | "none";
  /** What the plan's resources hold now; what they do not manage is left out. */
  readonly before: {
    readonly publicAccessBlock?: PublicAccessBlock;
    readonly policy?: unknown;
    readonly ownership?: BucketFacets["ownership"];
    readonly encryption?: readonly EncryptionRule[];
    readonly versioning?: Versioning;
    readonly lifecycle?: readonly LifecycleRule[];
  };
  /** Facets whose resource the plan takes away. */
  readonly removed: readonly string[];
}

/** Every facet and what it holds when it is configured. */
export interface BucketFacets {
  readonly publicAccessBlock: PublicAccessBlock;
  readonly accountPublicAccessBlock: PublicAccessBlock;
  /** The organisation's S3 policy, where one is attached. */
  readonly organizationPublicAccessBlock: "all" | "none";
  /** A bucket policy: the document, or its text, not parsed yet. */
  readonly policy: unknown;
  /** GetBucketPolicyStatus: AWS's own verdict on the policy alone. */
  readonly policyStatus: { readonly IsPublic: boolean };
  readonly acl: Acl;
  readonly ownership: "BucketOwnerEnforced" | "BucketOwnerPreferred" | "ObjectWriter";
  readonly cors: readonly CorsRule[];
  readonly encryption: readonly EncryptionRule[];
  readonly versioning: Versioning;
  readonly lifecycle: readonly LifecycleRule[];
  readonly logging: Logging;
  readonly website: Readonly<Record<string, unknown>>;
  readonly notification: Notification;
  readonly objectLock: { readonly ObjectLockEnabled?: string };
  readonly accessPoints: readonly AccessPoint[];
  readonly signer: Signer;
  /** What the presign endpoint was seen to do; absent where none was named. */
  readonly endpoint: EndpointFacts;
  /** What a Terraform plan changes; absent where no plan is audited. */
  readonly change: PlannedChange;
}
export type Facet = keyof BucketFacets;
