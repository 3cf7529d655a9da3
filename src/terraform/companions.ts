/** Resources that each set one thing of a bucket: which facet, and how it is read. */
import type { Facet } from "../audit/facets.ts";
import { aclOf, blockFlags, ownershipOf } from "./access-settings.ts";
import { corsRules, loggingOf, notificationOf, websiteOf } from "./delivery-settings.ts";
import type { JsonObject } from "./json-value.ts";
import { partOf } from "./outline-parts.ts";
import { encryptionRules, lifecycleRules, objectLockOf, versioningOf } from "./storage-settings.ts";

interface Companion {
  readonly facet: Facet;
  /** Undefined: it is there and sets nothing. */
  readonly read: (values: JsonObject) => unknown;
}

const table: Readonly<Record<string, Companion>> = {
  aws_s3_bucket_public_access_block: { facet: "publicAccessBlock", read: blockFlags },
  aws_s3_bucket_ownership_controls: { facet: "ownership", read: ownershipOf },
  aws_s3_bucket_acl: { facet: "acl", read: aclOf },
  aws_s3_bucket_policy: { facet: "policy", read: (values) => partOf(values, "policy") },
  aws_s3_bucket_cors_configuration: { facet: "cors", read: corsRules },
  aws_s3_bucket_server_side_encryption_configuration: { facet: "encryption", read: encryptionRules },
  aws_s3_bucket_versioning: { facet: "versioning", read: versioningOf },
  aws_s3_bucket_lifecycle_configuration: { facet: "lifecycle", read: lifecycleRules },
  aws_s3_bucket_logging: { facet: "logging", read: loggingOf },
  aws_s3_bucket_website_configuration: { facet: "website", read: websiteOf },
  aws_s3_bucket_notification: { facet: "notification", read: notificationOf },
  aws_s3_bucket_object_lock_configuration: { facet: "objectLock", read: objectLockOf },
};

export const companionTypes: ReadonlyMap<string, Companion> = new Map(Object.entries(table));
