import type { AclGrant } from "../policy/acl.ts";
import type { Acl, Grant } from "./facets.ts";

/** The grants of an ACL in the words of `src/policy`. A permission that is not known is taken for the widest. */
export function aclGrants({ Grants }: Acl): readonly AclGrant[] {
  return Grants.map(({ Grantee, Permission }) => ({
    ...(Grantee.URI === undefined ? {} : { uri: Grantee.URI }),
    ...(Grantee.ID === undefined ? {} : { id: Grantee.ID }),
    ...(Grantee.EmailAddress === undefined ? {} : { emailAddress: Grantee.EmailAddress }),
    permission: permissionOf(Permission),
  }));
}

const permissions: readonly string[] = ["READ", "WRITE", "READ_ACP", "WRITE_ACP"] satisfies AclGrant["permission"][];

function permissionOf(text: Grant["Permission"]): AclGrant["permission"] {
  return isPermission(text) ? text : "FULL_CONTROL";
}

function isPermission(text: string): text is AclGrant["permission"] {
  return permissions.includes(text);
}
