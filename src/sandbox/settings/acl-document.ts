/** Access control lists as documents: the canned ones, those from `x-amz-grant-*` headers, and what makes one public. */
import { s3Error } from "../s3-error.ts";
import { childrenOf, malformed, type XmlElement } from "../xml.ts";
import { group, many, oneOf, optional, required, type Shape, text } from "./shape.ts";
import { childOf, element, textOf } from "./xml-tree.ts";

/** The canonical user id of the one account: any 64 hexadecimal digits would do. */
export const OWNER_ID = "0".repeat(64);

const groupUri = {
  allUsers: "http://acs.amazonaws.com/groups/global/AllUsers",
  authenticatedUsers: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
  logDelivery: "http://acs.amazonaws.com/groups/s3/LogDelivery",
} as const;

const permissions = ["FULL_CONTROL", "WRITE", "WRITE_ACP", "READ", "READ_ACP"] as const;
const canonicalId = /^[0-9a-f]{64}$/;

type Grant = readonly [grantee: XmlElement, permission: (typeof permissions)[number]];

const ownGrant: Grant = [grantee("ID", OWNER_ID), "FULL_CONTROL"];

/** S3 ignores the two `bucket-owner-*` ACLs on a bucket: they are about objects. */
const cannedGrants: Readonly<Record<string, readonly Grant[]>> = {
  private: [],
  "public-read": [[grantee("URI", groupUri.allUsers), "READ"]],
  "public-read-write": [
    [grantee("URI", groupUri.allUsers), "READ"],
    [grantee("URI", groupUri.allUsers), "WRITE"],
  ],
  "authenticated-read": [[grantee("URI", groupUri.authenticatedUsers), "READ"]],
  "log-delivery-write": [
    [grantee("URI", groupUri.logDelivery), "WRITE"],
    [grantee("URI", groupUri.logDelivery), "READ_ACP"],
  ],
  "bucket-owner-read": [],
  "bucket-owner-full-control": [],
};

const grantHeaders: Readonly<Record<string, Grant[1]>> = {
  "x-amz-grant-full-control": "FULL_CONTROL",
  "x-amz-grant-read": "READ",
  "x-amz-grant-read-acp": "READ_ACP",
  "x-amz-grant-write": "WRITE",
  "x-amz-grant-write-acp": "WRITE_ACP",
};

export const ownersAcl = aclOf([ownGrant]);

const granteeShapes: Readonly<Record<string, Shape>> = {
  ID: group({ ID: required(text(canonicalId)), DisplayName: optional(text()) }),
  URI: group({ URI: required(oneOf(...Object.values(groupUri))) }),
  // S3 stopped taking addresses in grants in October 2025
  EmailAddress: () => {
    throw s3Error("MethodNotAllowed");
  },
};

/** The kind of a grantee is told by its first child; that `xsi:type` says the same is not checked. */
const granteeShape: Shape = (grantee) => {
  const shape = granteeShapes[grantee.children[0]?.name ?? ""];
  if (shape === undefined) throw malformed();
  shape(grantee);
};

export const aclShape: Shape = group({
  Owner: required(group({ ID: required(text(canonicalId)), DisplayName: optional(text()) })),
  AccessControlList: required(
    group({
      Grant: many(group({ Grantee: required(granteeShape), Permission: required(oneOf(...permissions)) }), {
        max: 100,
      }),
    }),
  ),
});

/**
 * The ACL that a request's headers ask for, or undefined when they ask for none.
 * @throws S3Error InvalidArgument for an unknown canned ACL or grantee, InvalidRequest for both kinds at once
 */
export function aclFromHeaders(headers: Readonly<Record<string, string>>): XmlElement | undefined {
  const canned = headers["x-amz-acl"];
  const granting = Object.keys(grantHeaders).filter((name) => headers[name] !== undefined);
  if (canned !== undefined && granting.length > 0) {
    throw s3Error("InvalidRequest", {}, { message: "Specifying both Canned ACLs and Header Grants is not allowed" });
  }
  if (canned !== undefined) return cannedAcl(canned);
  if (granting.length === 0) return undefined;
  return aclOf(granting.flatMap((name) => granteesIn(headers[name] ?? "", grantHeaders[name] ?? "READ")));
}

export function isPublicAcl(acl: XmlElement): boolean {
  const open: readonly (string | undefined)[] = [groupUri.allUsers, groupUri.authenticatedUsers];
  return granteesOf(acl).some((grantee) => open.includes(textOf(grantee, "URI")));
}

/** True when anyone but the owner is granted something. */
export function hasForeignGrants(acl: XmlElement): boolean {
  return granteesOf(acl).some((grantee) => textOf(grantee, "ID") !== OWNER_ID);
}

function cannedAcl(name: string): XmlElement {
  const grants = Object.hasOwn(cannedGrants, name) ? cannedGrants[name] : undefined;
  if (grants === undefined) throw s3Error("InvalidArgument", { ArgumentName: "x-amz-acl", ArgumentValue: name });
  return aclOf([ownGrant, ...grants]);
}

/** `id="…", uri="…"` */
function granteesIn(header: string, permission: Grant[1]): Grant[] {
  return header.split(",").map((entry) => {
    const [, kind = "", value = ""] = /^\s*(id|uri|emailAddress)\s*=\s*"?([^"]*)"?\s*$/.exec(entry) ?? [];
    if (kind === "id" && canonicalId.test(value)) return [grantee("ID", value), permission];
    if (kind === "uri" && (Object.values(groupUri) as string[]).includes(value)) {
      return [grantee("URI", value), permission];
    }
    if (kind === "emailAddress") throw s3Error("MethodNotAllowed");
    throw s3Error("InvalidArgument", {}, { message: kind === "id" ? "Invalid id" : "Argument format not recognized" });
  });
}

function aclOf(grants: readonly Grant[]): XmlElement {
  const list = grants.map(([grantee, permission]) => element("Grant", grantee, element("Permission", permission)));
  return element(
    "AccessControlPolicy",
    element("Owner", element("ID", OWNER_ID)),
    element("AccessControlList", ...list),
  );
}

function grantee(member: "ID" | "URI", value: string): XmlElement {
  return element("Grantee", element(member, value));
}

function granteesOf(acl: XmlElement): readonly XmlElement[] {
  const list = childOf(acl, "AccessControlList");
  const grants = list === undefined ? [] : childrenOf(list, "Grant");
  return grants.flatMap((grant) => childrenOf(grant, "Grantee"));
}
