import type { Statement } from "./statement.ts";

export type AclPermission = "READ" | "WRITE" | "READ_ACP" | "WRITE_ACP" | "FULL_CONTROL";

/** One grant of a bucket's ACL: to a group (`uri`), a canonical user (`id`) or, in old ones, an e-mail address. */
export interface AclGrant {
  readonly uri?: string;
  readonly id?: string;
  readonly emailAddress?: string;
  readonly permission: AclPermission;
}

export type ObjectOwnership = "BucketOwnerEnforced" | "BucketOwnerPreferred" | "ObjectWriter";

/** AllUsers is everyone; AuthenticatedUsers is every AWS account in the world. */
export type PublicGroup = "AllUsers" | "AuthenticatedUsers";

const GROUP = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;
const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery";

export function publicGroupOf({ uri }: AclGrant): PublicGroup | undefined {
  const [, group] = GROUP.exec(uri ?? "") ?? [];
  return group === "AllUsers" || group === "AuthenticatedUsers" ? group : undefined;
}

export function publicGrants(grants: readonly AclGrant[]): readonly AclGrant[] {
  return grants.filter((grant) => publicGroupOf(grant) !== undefined);
}

/** What a canned ACL grants besides the owner's full control; undefined for a name S3 does not have. */
export function cannedAclGrants(name: string): readonly AclGrant[] | undefined {
  return CANNED.get(name);
}

const CANNED: ReadonlyMap<string, readonly AclGrant[]> = new Map<string, readonly AclGrant[]>([
  ["private", []],
  ["bucket-owner-read", []],
  ["bucket-owner-full-control", []],
  // to Amazon EC2 for its images, no group of people
  ["aws-exec-read", []],
  ["public-read", [{ uri: ALL_USERS, permission: "READ" }]],
  [
    "public-read-write",
    [
      { uri: ALL_USERS, permission: "READ" },
      { uri: ALL_USERS, permission: "WRITE" },
    ],
  ],
  ["authenticated-read", [{ uri: AUTHENTICATED_USERS, permission: "READ" }]],
  [
    "log-delivery-write",
    [
      { uri: LOG_DELIVERY, permission: "WRITE" },
      { uri: LOG_DELIVERY, permission: "READ_ACP" },
    ],
  ],
]);

/** Source: Amazon S3 User Guide, "Access control list overview", mapping of ACL permissions and access policy permissions. */
const ACTIONS: Readonly<Record<Exclude<AclPermission, "FULL_CONTROL">, readonly string[]>> = {
  READ: ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"],
  WRITE: ["s3:PutObject", "s3:DeleteObject"],
  READ_ACP: ["s3:GetBucketAcl"],
  WRITE_ACP: ["s3:PutBucketAcl"],
};

/** A grant to a public group written as the statement it amounts to, so that a Deny of the bucket policy counts against it. */
export function grantAsStatement(grant: AclGrant, index: number, bucketArn: string): Statement {
  const actions = grant.permission === "FULL_CONTROL" ? Object.values(ACTIONS).flat() : ACTIONS[grant.permission];
  const path = `Grants[${index}]`;
  return {
    index,
    path,
    version: "2012-10-17",
    effect: "Allow",
    principals: { negated: false, entries: [{ type: "AWS", value: "*", path }] },
    actions: { negated: false, patterns: actions, path },
    resources: { negated: false, patterns: [bucketArn, `${bucketArn}/*`], path },
    conditions: [],
  };
}
