/**
 * The old way: settings as blocks inside aws_s3_bucket. Each is computed where nobody sets it, so a value proves little: after a
 * first apply a state says "none" for all that companions have just set.
 */
import type { Facet } from "../audit/facets.ts";
import { UNKNOWN } from "../audit/outline.ts";
import { aclOfGrants, cannedAcl } from "./access-settings.ts";
import { corsRules, loggingOf, websiteOf } from "./delivery-settings.ts";
import { blockOf, blocksOf, objectOf, partOf, tagsOf } from "./outline-parts.ts";
import { encryptionRules, nonEmpty } from "./storage-settings.ts";

/** The attributes of the bucket that hold a facet, and what they say. */
interface InlineSetting {
  readonly facet: Facet;
  readonly attributes: readonly string[];
  /** Undefined where it is not set, or set to what every bucket has. */
  readonly read: (bucket: unknown) => unknown;
}

export const inlineSettings: readonly InlineSetting[] = [
  { facet: "policy", attributes: ["policy"], read: (bucket) => partOf(bucket, "policy") },
  { facet: "acl", attributes: ["acl", "grant"], read: inlineAcl },
  { facet: "cors", attributes: ["cors_rule"], read: corsRules },
  {
    facet: "encryption",
    attributes: ["server_side_encryption_configuration"],
    read: (bucket) => {
      const block = blockOf(bucket, "server_side_encryption_configuration");
      return block === UNKNOWN ? UNKNOWN : encryptionRules(block);
    },
  },
  { facet: "versioning", attributes: ["versioning"], read: inlineVersioning },
  { facet: "lifecycle", attributes: ["lifecycle_rule"], read: inlineLifecycle },
  {
    facet: "logging",
    attributes: ["logging"],
    read: (bucket) => {
      const block = blockOf(bucket, "logging");
      return block === undefined || block === UNKNOWN ? block : loggingOf(block);
    },
  },
  {
    facet: "website",
    attributes: ["website"],
    read: (bucket) => {
      const block = blockOf(bucket, "website");
      return block === undefined || block === UNKNOWN ? block : websiteOf(block);
    },
  },
  { facet: "objectLock", attributes: ["object_lock_configuration", "object_lock_enabled"], read: inlineLock },
];

function inlineAcl(bucket: unknown): unknown {
  const canned = partOf(bucket, "acl");
  if (typeof canned === "string" && canned !== "private") return cannedAcl(canned);
  const grants = blocksOf(bucket, "grant");
  if (grants.includes(UNKNOWN)) return canned === "private" ? undefined : UNKNOWN;
  const isOnlyOwner = grants.length === 1 && partOf(grants[0], "type") === "CanonicalUser";
  return grants.length === 0 || isOnlyOwner ? undefined : aclOfGrants(grants);
}

function inlineVersioning(bucket: unknown): unknown {
  const block = blockOf(bucket, "versioning");
  if (block === undefined || block === UNKNOWN) return block;
  const enabled = partOf(block, "enabled");
  const mfa = partOf(block, "mfa_delete");
  if (enabled === UNKNOWN) return UNKNOWN;
  if (enabled !== true) return undefined;
  return objectOf({ Status: "Enabled", MFADelete: mfa === true ? "Enabled" : undefined });
}

function inlineLifecycle(bucket: unknown): unknown {
  return nonEmpty(
    blocksOf(bucket, "lifecycle_rule").map((rule) => {
      if (rule === UNKNOWN) return UNKNOWN;
      const enabled = partOf(rule, "enabled");
      const days = partOf(rule, "abort_incomplete_multipart_upload_days");
      const tags = tagsOf(partOf(rule, "tags"));
      const prefix = partOf(rule, "prefix");
      const expiration = partOf(blockOf(rule, "expiration"), "days");
      return objectOf({
        ID: partOf(rule, "id"),
        Status: enabled === UNKNOWN ? UNKNOWN : enabled === true ? "Enabled" : "Disabled",
        Filter:
          Array.isArray(tags) && tags.length > 0
            ? { And: objectOf({ Prefix: prefix, Tags: tags }) }
            : objectOf({ Prefix: prefix }),
        AbortIncompleteMultipartUpload: days === undefined || days === 0 ? undefined : { DaysAfterInitiation: days },
        Expiration: expiration === undefined || expiration === 0 ? undefined : { Days: expiration },
      });
    }),
  );
}

function inlineLock(bucket: unknown): unknown {
  const block = blockOf(bucket, "object_lock_configuration");
  const isOn = partOf(bucket, "object_lock_enabled") === true || partOf(block, "object_lock_enabled") === "Enabled";
  return isOn ? { ObjectLockEnabled: "Enabled" } : undefined;
}
