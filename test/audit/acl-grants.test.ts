import { expect, test } from "vitest";
import { aclGrants } from "../../src/audit/acl-grants.ts";

test("each grantee keeps the name it has", () => {
  const Grants = [
    { Grantee: { Type: "Group", URI: "http://acs.amazonaws.com/groups/global/AllUsers" }, Permission: "READ" },
    { Grantee: { Type: "CanonicalUser", ID: "abc" }, Permission: "WRITE_ACP" },
    { Grantee: { Type: "AmazonCustomerByEmail", EmailAddress: "a@example.com" }, Permission: "FULL_CONTROL" },
  ];
  expect(aclGrants({ Grants })).toEqual([
    { uri: "http://acs.amazonaws.com/groups/global/AllUsers", permission: "READ" },
    { id: "abc", permission: "WRITE_ACP" },
    { emailAddress: "a@example.com", permission: "FULL_CONTROL" },
  ]);
});

test("a permission that is not known is taken for the widest", () => {
  expect(aclGrants({ Grants: [{ Grantee: { ID: "abc" }, Permission: "OWN" }] })).toEqual([
    { id: "abc", permission: "FULL_CONTROL" },
  ]);
});
