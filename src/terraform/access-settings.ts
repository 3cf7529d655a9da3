/** Who may reach a bucket: the blocks, ownership and ACLs of Terraform -> as S3's API tells them. */
import { UNKNOWN } from "../audit/outline.ts";
import { blockOf, blocksOf, objectOf, partOf } from "./outline-parts.ts";

/** A flag that is not set is off. */
export function blockFlags(values: unknown): unknown {
  return {
    BlockPublicAcls: partOf(values, "block_public_acls") ?? false,
    IgnorePublicAcls: partOf(values, "ignore_public_acls") ?? false,
    BlockPublicPolicy: partOf(values, "block_public_policy") ?? false,
    RestrictPublicBuckets: partOf(values, "restrict_public_buckets") ?? false,
  };
}

export function ownershipOf(values: unknown): unknown {
  return partOf(blockOf(values, "rule"), "object_ownership");
}

export function aclOf(values: unknown): unknown {
  const canned = partOf(values, "acl");
  if (typeof canned === "string") return cannedAcl(canned);
  const policy = blockOf(values, "access_control_policy");
  if (policy === undefined || policy === UNKNOWN) return canned === UNKNOWN || policy === UNKNOWN ? UNKNOWN : undefined;
  const owner = partOf(blockOf(policy, "owner"), "id");
  return objectOf({
    Owner: owner === undefined ? undefined : { ID: owner },
    Grants: blocksOf(policy, "grant").map((grant) => {
      const grantee = blockOf(grant, "grantee");
      return grant === UNKNOWN ? UNKNOWN : { Grantee: granteeOf(grantee), Permission: partOf(grant, "permission") };
    }),
  });
}

/** `grant` blocks inside aws_s3_bucket name several permissions at once. */
export function aclOfGrants(grants: readonly unknown[]): unknown {
  return {
    Grants: grants.flatMap((grant): readonly unknown[] => {
      const permissions = partOf(grant, "permissions");
      if (!Array.isArray(permissions)) return [UNKNOWN];
      return permissions.map((permission: unknown) => ({
        Grantee: granteeOf(grant),
        Permission: permission ?? UNKNOWN,
      }));
    }),
  };
}

function granteeOf(grantee: unknown): unknown {
  if (grantee === UNKNOWN) return UNKNOWN;
  return objectOf({
    Type: partOf(grantee, "type"),
    URI: partOf(grantee, "uri"),
    ID: partOf(grantee, "id"),
    EmailAddress: partOf(grantee, "email_address"),
  });
}

/** Source: S3 User Guide, "Canned ACL". What the owner gets by each of them is left out. */
export function cannedAcl(name: string): unknown {
  const grants = Object.hasOwn(canned, name) ? canned[name] : undefined;
  return grants === undefined ? UNKNOWN : { Grants: grants };
}

const groupGrant = (URI: string, Permission: string) => ({ Grantee: { Type: "Group", URI }, Permission });
const allUsers = "http://acs.amazonaws.com/groups/global/AllUsers";
const logDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery";

const canned: Readonly<Record<string, readonly unknown[]>> = {
  private: [],
  "public-read": [groupGrant(allUsers, "READ")],
  "public-read-write": [groupGrant(allUsers, "READ"), groupGrant(allUsers, "WRITE")],
  "authenticated-read": [groupGrant("http://acs.amazonaws.com/groups/global/AuthenticatedUsers", "READ")],
  "log-delivery-write": [groupGrant(logDelivery, "WRITE"), groupGrant(logDelivery, "READ_ACP")],
  "aws-exec-read": [],
  "bucket-owner-read": [],
  "bucket-owner-full-control": [],
};
