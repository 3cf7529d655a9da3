/** All settings of all buckets: what the server asks when a request is about a bucket's configuration. */
import type { RequestContext, S3Answer } from "../context.ts";
import type { SettingsOperation } from "../operation.ts";
import { s3Error } from "../s3-error.ts";
import { aclHandlers } from "./acl.ts";
import { aclFromHeaders, hasForeignGrants, isPublicAcl } from "./acl-document.ts";
import { type CorsRule, corsHandlers, readCorsRules } from "./cors-rules.ts";
import { encryptionHandlers } from "./encryption.ts";
import { lifecycleHandlers } from "./lifecycle.ts";
import { loggingHandlers } from "./logging.ts";
import { notificationHandlers } from "./notification.ts";
import {
  isOwnership,
  type ObjectOwnership,
  objectOwnership,
  ownershipDocument,
  ownershipHandlers,
  ownershipOfNewBucket,
} from "./ownership.ts";
import { policyHandlers } from "./policy.ts";
import { type PublicAccessBlock, publicAccessBlockHandlers } from "./public-access-block.ts";
import type { SettingHandler } from "./setting.ts";
import { openSettingsStore } from "./store.ts";
import { taggingHandlers } from "./tagging.ts";
import { versioningHandlers } from "./versioning.ts";
import { websiteHandlers } from "./website.ts";
import { writeTree } from "./xml-tree.ts";

export type { CorsRule, ObjectOwnership, PublicAccessBlock };

const handlers = {
  ...aclHandlers,
  ...corsHandlers,
  ...encryptionHandlers,
  ...lifecycleHandlers,
  ...loggingHandlers,
  ...notificationHandlers,
  ...ownershipHandlers,
  ...policyHandlers,
  ...publicAccessBlockHandlers,
  ...taggingHandlers,
  ...versioningHandlers,
  ...websiteHandlers,
} as Readonly<Record<SettingsOperation, SettingHandler>>;

export interface BucketSettings {
  /** Carries out any `SettingsOperation`. The bucket exists, unless the operation is about the account. */
  answer(context: RequestContext): Promise<S3Answer>;
  /**
   * Takes the settings that CreateBucket's headers ask for. Call it before the bucket is made.
   * @throws S3Error for a combination that S3 refuses; then nothing has been kept
   */
  create(bucket: string, headers: Readonly<Record<string, string>>): Promise<void>;
  /** The bucket has been deleted. */
  forget(bucket: string): Promise<void>;
  /** Undefined when the bucket has no CORS configuration. */
  corsRules(bucket: string): Promise<readonly CorsRule[] | undefined>;
  ownership(bucket: string): Promise<ObjectOwnership>;
}

export interface BucketSettingsOptions {
  /** A directory for the settings alone; it is made when something is first kept. */
  readonly directory: string;
  readonly bucketExists: (bucket: string) => Promise<boolean>;
}

export function openBucketSettings({ directory, bucketExists }: BucketSettingsOptions): BucketSettings {
  const store = openSettingsStore(directory);
  return {
    answer: (context) => handlers[context.operation as SettingsOperation]({ context, store, bucketExists }),
    create: async (bucket, headers) => {
      const ownership = askedOwnership(headers["x-amz-object-ownership"]);
      const acl = aclFromHeaders(headers);
      if (acl !== undefined && hasForeignGrants(acl)) {
        if (ownership === "BucketOwnerEnforced") throw s3Error("InvalidBucketAclWithObjectOwnership");
        // a new bucket has Block Public Access on, so a public ACL can only be set after it was switched off
        if (isPublicAcl(acl)) throw s3Error("InvalidBucketAclWithBlockPublicAccessError");
      }
      await store.write(bucket, {
        ownership: writeTree(ownershipDocument(ownership)),
        ...(acl === undefined ? {} : { acl: writeTree(acl) }),
      });
    },
    forget: (bucket) => store.forget(bucket),
    corsRules: (bucket) => readCorsRules(store, bucket),
    ownership: (bucket) => objectOwnership(store, bucket),
  };
}

function askedOwnership(header: string | undefined): ObjectOwnership {
  if (header === undefined) return ownershipOfNewBucket;
  if (isOwnership(header)) return header;
  throw s3Error("InvalidArgument", { ArgumentName: "x-amz-object-ownership", ArgumentValue: header });
}
