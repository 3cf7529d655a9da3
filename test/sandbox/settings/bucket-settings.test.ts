import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SettingsOperation } from "../../../src/sandbox/operation.ts";
import { digest, plain, settingsUnderTest } from "../../support/bucket-settings.ts";

describe("a new bucket is as AWS makes it", () => {
  test.for<[SettingsOperation, string]>([
    [
      "GetPublicAccessBlock",
      "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>",
    ],
    [
      "GetBucketOwnershipControls",
      "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>",
    ],
    [
      "GetBucketEncryption",
      "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled><BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>",
    ],
    ["GetBucketVersioning", "<VersioningConfiguration/>"],
    ["GetBucketLogging", "<BucketLoggingStatus/>"],
    [
      "GetBucketAcl",
      `<AccessControlPolicy><Owner><ID>${"0".repeat(64)}</ID></Owner><AccessControlList><Grant><Grantee xsi:type="CanonicalUser"><ID>${"0".repeat(64)}</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>`,
    ],
  ])("%s", async ([operation, document]) => {
    const { send } = await settingsUnderTest();
    const answer = await send(operation);
    expect(answer.status).toBe(200);
    expect(plain(answer.body)).toBe(document);
  });

  test.for<[SettingsOperation, string]>([
    ["GetBucketPolicy", "NoSuchBucketPolicy"],
    ["GetBucketPolicyStatus", "NoSuchBucketPolicy"],
    ["GetBucketCors", "NoSuchCORSConfiguration"],
    ["GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration"],
    ["GetBucketWebsite", "NoSuchWebsiteConfiguration"],
    ["GetBucketTagging", "NoSuchTagSet"],
  ])("%s: %s", async ([operation, code]) => {
    const { send } = await settingsUnderTest();
    expect(await send(operation)).toMatchObject({ status: 404, code });
  });
});

describe("what is put comes back, until it is deleted", () => {
  const cors =
    '<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><ID>a &amp; b</ID><AllowedOrigin>https://app.example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><MaxAgeSeconds>300</MaxAgeSeconds></CORSRule></CORSConfiguration>';
  const lifecycle =
    "<LifecycleConfiguration><Rule><ID>clean</ID><Filter><Prefix>uploads/</Prefix></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>";
  const website =
    "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument><ErrorDocument><Key>error.html</Key></ErrorDocument></WebsiteConfiguration>";
  const tagging = "<Tagging><TagSet><Tag><Key>project</Key><Value>apollo</Value></Tag></TagSet></Tagging>";
  const policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::drop","arn:aws:s3:::drop/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`;

  test.for<[string, SettingsOperation, SettingsOperation, SettingsOperation, string, number, string]>([
    ["cors", "PutBucketCors", "GetBucketCors", "DeleteBucketCors", cors, 200, "NoSuchCORSConfiguration"],
    ["policy", "PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy", policy, 204, "NoSuchBucketPolicy"],
    ["tags", "PutBucketTagging", "GetBucketTagging", "DeleteBucketTagging", tagging, 204, "NoSuchTagSet"],
    [
      "website",
      "PutBucketWebsite",
      "GetBucketWebsite",
      "DeleteBucketWebsite",
      website,
      200,
      "NoSuchWebsiteConfiguration",
    ],
    [
      "lifecycle",
      "PutBucketLifecycleConfiguration",
      "GetBucketLifecycleConfiguration",
      "DeleteBucketLifecycle",
      lifecycle,
      200,
      "NoSuchLifecycleConfiguration",
    ],
  ])("%s", async ([, put, get, remove, document, status, absent]) => {
    const { send } = await settingsUnderTest();
    expect(await send(put, document)).toMatchObject({ status });
    const { body } = await send(get);
    expect(plain(body)).toBe(plain(document));
    expect(await send(remove)).toMatchObject({ status: 204 });
    expect(await send(get)).toMatchObject({ status: 404, code: absent });
    expect(await send(remove), "a second delete").toMatchObject({ status: 204 });
  });

  test("also after the sandbox was started again", async () => {
    const first = await settingsUnderTest();
    await Promise.all([first.send("PutBucketTagging", tagging), first.send("PutBucketWebsite", website)]);
    const second = await settingsUnderTest(first.directory);
    expect(plain((await second.send("GetBucketTagging")).body)).toBe(tagging);
    expect(plain((await second.send("GetBucketWebsite")).body)).toBe(website);
  });

  test("one bucket's settings are not another's, and go with it", async () => {
    const { settings, send, directory } = await settingsUnderTest();
    await send("PutBucketTagging", tagging);
    expect(await send("GetBucketTagging", "", digest, "other")).toMatchObject({ code: "NoSuchTagSet" });
    await settings.forget("drop");
    expect(await send("GetBucketTagging")).toMatchObject({ code: "NoSuchTagSet" });
    expect(await readdir(join(directory, "buckets"))).toEqual([]);
  });
});

describe("a setting is refused", () => {
  test.for<[string, SettingsOperation, string, string]>([
    ["without a body", "PutBucketTagging", "", "MissingRequestBodyError"],
    ["that is no XML", "PutBucketTagging", "tags", "MalformedXML"],
    ["with a DTD", "PutBucketTagging", "<!DOCTYPE a [<!ENTITY b 'c'>]><Tagging/>", "MalformedXML"],
    ["of another kind", "PutBucketTagging", "<CORSConfiguration/>", "MalformedXML"],
    [
      "with an element nobody knows",
      "PutBucketVersioning",
      "<VersioningConfiguration><Status>Enabled</Status><State/></VersioningConfiguration>",
      "MalformedXML",
    ],
  ])("%s", async ([, operation, body, code]) => {
    const { send } = await settingsUnderTest();
    expect(await send(operation, body)).toMatchObject({ status: 400, code });
  });

  test.for<SettingsOperation>([
    "PutBucketAcl",
    "PutBucketCors",
    "PutBucketEncryption",
    "PutBucketLifecycleConfiguration",
    "PutBucketLogging",
    "PutBucketOwnershipControls",
    "PutBucketPolicy",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutBucketWebsite",
    "PutPublicAccessBlock",
  ])("without a digest: %s", async (operation) => {
    const { send } = await settingsUnderTest();
    await send(
      "PutBucketOwnershipControls",
      "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>",
    );
    const answer = await send(operation, "<Any/>", { "x-amz-checksum-type": "FULL_OBJECT" });
    expect(answer).toMatchObject({ code: "InvalidRequest", message: expect.stringContaining("Content-MD5 OR") });
  });

  test("not when the digest is a checksum, or comes in the trailer", async () => {
    const { send } = await settingsUnderTest();
    const body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    expect(await send("PutBucketVersioning", body, { "x-amz-checksum-crc32": "AAAAAA==" })).toMatchObject({
      status: 200,
    });
    expect(await send("PutBucketVersioning", body, { "x-amz-trailer": "x-amz-checksum-crc32" })).toMatchObject({
      status: 200,
    });
  });
});

describe("CreateBucket", () => {
  test.for<[string, Record<string, string>, string]>([
    ["a public ACL where ACLs are off", { "x-amz-acl": "public-read" }, "InvalidBucketAclWithObjectOwnership"],
    [
      "a public ACL while Block Public Access is on",
      { "x-amz-acl": "public-read", "x-amz-object-ownership": "ObjectWriter" },
      "InvalidBucketAclWithBlockPublicAccessError",
    ],
    ["an ownership nobody knows", { "x-amz-object-ownership": "Mine" }, "InvalidArgument"],
    ["an ACL nobody knows", { "x-amz-acl": "open" }, "InvalidArgument"],
  ])("refuses %s", async ([, headers, code]) => {
    const { settings } = await settingsUnderTest();
    await expect(settings.create("drop", headers)).rejects.toMatchObject({ code });
  });

  test("takes ownership and ACL from its headers", async () => {
    const { settings, send } = await settingsUnderTest();
    await settings.create("drop", { "x-amz-acl": "log-delivery-write", "x-amz-object-ownership": "ObjectWriter" });
    expect(await settings.ownership("drop")).toBe("ObjectWriter");
    expect((await send("GetBucketAcl")).body).toContain("LogDelivery");
  });

  test("takes a private ACL as it comes", async () => {
    const { settings } = await settingsUnderTest();
    await settings.create("drop", { "x-amz-acl": "private" });
    expect(await settings.ownership("drop")).toBe("BucketOwnerEnforced");
  });
});
