import { describe, expect, test } from "vitest";
import { digest, settingsUnderTest } from "../../support/bucket-settings.ts";

const owner = "0".repeat(64);
const stranger = "a".repeat(64);
const allUsers = "http://acs.amazonaws.com/groups/global/AllUsers";
const ownership = (value: string) =>
  `<OwnershipControls><Rule><ObjectOwnership>${value}</ObjectOwnership></Rule></OwnershipControls>`;
const acl = (grantee: string, permission = "READ", id = owner) =>
  `<AccessControlPolicy><Owner><ID>${id}</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${grantee}</Grantee><Permission>${permission}</Permission></Grant></AccessControlList></AccessControlPolicy>`;

/** A bucket on which ACLs mean something. */
async function withAcls({ publicAcls = false } = {}) {
  const under = await settingsUnderTest();
  await under.send("PutBucketOwnershipControls", ownership("BucketOwnerPreferred"));
  if (publicAcls) await under.send("DeletePublicAccessBlock");
  return under;
}

describe("where the owner of the bucket owns everything", () => {
  test.for<[string, Record<string, string>, string]>([
    ["a canned ACL", { "x-amz-acl": "private" }, ""],
    ["a grant", { "x-amz-grant-read": `id="${stranger}"` }, ""],
    ["a document", digest, acl(`<ID>${stranger}</ID>`)],
  ])("%s is refused", async ([, headers, body]) => {
    const { send } = await settingsUnderTest();
    expect(await send("PutBucketAcl", body, headers)).toMatchObject({
      status: 400,
      code: "AccessControlListNotSupported",
    });
  });
});

describe("where ACLs are on", () => {
  test.for<[string, Record<string, string>, string, string[]]>([
    ["private", { "x-amz-acl": "private" }, "", [owner]],
    ["log delivery", { "x-amz-acl": "log-delivery-write" }, "", [owner, "WRITE", "READ_ACP"]],
    ["a grant", { "x-amz-grant-write": `id="${stranger}"` }, "", [stranger, "WRITE"]],
    ["two grantees", { "x-amz-grant-read": `id="${stranger}", id="${owner}"` }, "", [stranger, owner]],
    ["a document", digest, acl(`<ID>${stranger}</ID>`, "FULL_CONTROL"), [stranger, "FULL_CONTROL"]],
  ])("%s is kept", async ([, headers, body, shown]) => {
    const { send } = await withAcls();
    expect(await send("PutBucketAcl", body, headers)).toMatchObject({ status: 200 });
    const { body: document } = await send("GetBucketAcl");
    for (const part of shown) expect(document).toContain(part);
  });

  test.for<[string, Record<string, string>, string, string]>([
    ["a canned ACL nobody knows", { "x-amz-acl": "open" }, "", "InvalidArgument"],
    ["both kinds of header", { "x-amz-acl": "private", "x-amz-grant-read": `id="${owner}"` }, "", "InvalidRequest"],
    ["an id that is none", { "x-amz-grant-read": 'id="me"' }, "", "InvalidArgument"],
    ["a mail address", { "x-amz-grant-read": 'emailAddress="a@example.com"' }, "", "MethodNotAllowed"],
    ["header and document", { "x-amz-acl": "private" }, acl(`<ID>${owner}</ID>`), "UnexpectedContent"],
    ["a permission nobody knows", digest, acl(`<ID>${owner}</ID>`, "ALL"), "MalformedACLError"],
    ["a grantee without a name", digest, acl(""), "MalformedACLError"],
    ["a mail address in a document", digest, acl("<EmailAddress>a@example.com</EmailAddress>"), "MethodNotAllowed"],
    ["another owner", digest, acl(`<ID>${owner}</ID>`, "READ", stranger), "AccessDenied"],
    ["a public one, while that is blocked", { "x-amz-acl": "public-read" }, "", "AccessDenied"],
    ["a public document, while that is blocked", digest, acl(`<URI>${allUsers}</URI>`), "AccessDenied"],
  ])("%s is refused", async ([, headers, body, code]) => {
    const { send } = await withAcls();
    expect(await send("PutBucketAcl", body, headers)).toMatchObject({ code });
  });

  test("a public one is kept once nothing blocks it", async () => {
    const { send } = await withAcls({ publicAcls: true });
    expect(await send("PutBucketAcl", "", { "x-amz-acl": "public-read" })).toMatchObject({ status: 200 });
    expect((await send("GetBucketAcl")).body).toContain(
      `xsi:type="Group"><URI>${allUsers}</URI></Grantee><Permission>READ</Permission>`,
    );
  });

  test("and then ACLs cannot be switched off over it", async () => {
    const { send } = await withAcls({ publicAcls: true });
    await send("PutBucketAcl", "", { "x-amz-acl": "public-read" });
    expect(await send("PutBucketOwnershipControls", ownership("BucketOwnerEnforced"))).toMatchObject({
      status: 400,
      code: "InvalidBucketAclWithObjectOwnership",
    });
    await send("PutBucketAcl", "", { "x-amz-acl": "private" });
    expect(await send("PutBucketOwnershipControls", ownership("BucketOwnerEnforced"))).toMatchObject({ status: 200 });
  });

  test("they stay on when the controls are deleted", async () => {
    const { settings, send } = await withAcls();
    expect(await send("DeleteBucketOwnershipControls")).toMatchObject({ status: 204 });
    expect(await send("GetBucketOwnershipControls")).toMatchObject({
      status: 404,
      code: "OwnershipControlsNotFoundError",
    });
    expect(await settings.ownership("drop")).toBe("ObjectWriter");
  });

  test("an ownership nobody knows is refused", async () => {
    const { send } = await settingsUnderTest();
    expect(await send("PutBucketOwnershipControls", ownership("Mine"))).toMatchObject({ code: "MalformedXML" });
  });
});
