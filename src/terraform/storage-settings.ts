/** How objects are kept: encryption, versions, lifecycle and locks of Terraform -> as S3's API tells them. */
import { UNKNOWN } from "../audit/outline.ts";
import { blockOf, blocksOf, listIn, objectOf, partOf, tagsOf } from "./outline-parts.ts";

export function encryptionRules(values: unknown): unknown {
  return nonEmpty(
    blocksOf(values, "rule").map((rule) => {
      if (rule === UNKNOWN) return UNKNOWN;
      const standard = blockOf(rule, "apply_server_side_encryption_by_default");
      const blocked = listIn(rule, "blocked_encryption_types");
      return objectOf({
        ApplyServerSideEncryptionByDefault:
          standard === undefined
            ? undefined
            : objectOf({
                SSEAlgorithm: partOf(standard, "sse_algorithm"),
                KMSMasterKeyID: partOf(standard, "kms_master_key_id"),
              }),
        BucketKeyEnabled: partOf(rule, "bucket_key_enabled"),
        BlockedEncryptionTypes: blocked === undefined ? undefined : { EncryptionType: blocked },
      });
    }),
  );
}

/** A bucket that never had versions has no status. */
export function versioningOf(values: unknown): unknown {
  const block = blockOf(values, "versioning_configuration");
  if (block === UNKNOWN) return UNKNOWN;
  const status = partOf(block, "status");
  const mfa = partOf(block, "mfa_delete");
  return nonEmptyObject(
    objectOf({
      Status: status === "Disabled" ? undefined : status,
      // computed where nobody sets it, and off then
      MFADelete: mfa === UNKNOWN ? undefined : mfa,
    }),
  );
}

export function lifecycleRules(values: unknown): unknown {
  return nonEmpty(
    blocksOf(values, "rule").map((rule) => {
      if (rule === UNKNOWN) return UNKNOWN;
      const days = partOf(blockOf(rule, "abort_incomplete_multipart_upload"), "days_after_initiation");
      return objectOf({
        ID: partOf(rule, "id"),
        Status: partOf(rule, "status"),
        Prefix: knownOr(partOf(rule, "prefix"), undefined),
        Filter: filterOf(blockOf(rule, "filter")),
        AbortIncompleteMultipartUpload: abortOf(rule, days),
        Expiration: expirationOf(blockOf(rule, "expiration")),
      });
    }),
  );
}

function abortOf(rule: unknown, days: unknown): unknown {
  const block = blockOf(rule, "abort_incomplete_multipart_upload");
  if (block === undefined || block === UNKNOWN) return block;
  return objectOf({ DaysAfterInitiation: days });
}

function filterOf(filter: unknown): unknown {
  if (filter === undefined || filter === UNKNOWN) return filter;
  const and = blockOf(filter, "and");
  const tag = blockOf(filter, "tag");
  return objectOf({
    ...filterMembers(filter),
    Tag: tag === undefined || tag === UNKNOWN ? tag : { Key: partOf(tag, "key"), Value: partOf(tag, "value") ?? "" },
    And:
      and === undefined || and === UNKNOWN
        ? and
        : objectOf({ ...filterMembers(and), Tags: tagsOf(partOf(and, "tags")) }),
  });
}

function filterMembers(filter: unknown) {
  return {
    Prefix: partOf(filter, "prefix"),
    ObjectSizeGreaterThan: sizeOf(partOf(filter, "object_size_greater_than")),
    ObjectSizeLessThan: sizeOf(partOf(filter, "object_size_less_than")),
  };
}

/** Older providers write it as text, and 0 for none. */
function sizeOf(size: unknown): unknown {
  if (size === UNKNOWN) return UNKNOWN;
  const bytes = Number(size);
  return size === undefined || Number.isNaN(bytes) || bytes === 0 ? undefined : bytes;
}

function expirationOf(expiration: unknown): unknown {
  if (expiration === undefined || expiration === UNKNOWN) return expiration;
  const marker = partOf(expiration, "expired_object_delete_marker");
  const days = sizeOf(partOf(expiration, "days"));
  return objectOf({
    Days: days,
    Date: partOf(expiration, "date"),
    ExpiredObjectDeleteMarker: marker === false ? undefined : marker,
  });
}

/** Either of the two places switches it on. */
export function objectLockOf(values: unknown): unknown {
  const enabled = partOf(values, "object_lock_enabled") ?? "Enabled";
  return { ObjectLockEnabled: enabled };
}

function knownOr(value: unknown, other: unknown): unknown {
  return value === UNKNOWN ? other : value;
}

export function nonEmpty(items: readonly unknown[]): unknown {
  return items.length === 0 ? undefined : items;
}

function nonEmptyObject(value: Readonly<Record<string, unknown>>): unknown {
  return Object.keys(value).length === 0 ? undefined : value;
}
