import { describe, expect, test } from "vitest";
import { digest, plain, settingsUnderTest } from "../../support/bucket-settings.ts";

const block = (switches: Readonly<Record<string, string>>) => {
  const members = Object.entries(switches).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<PublicAccessBlockConfiguration>${members.join("")}</PublicAccessBlockConfiguration>`;
};
const allOff = block({
  BlockPublicAcls: "false",
  IgnorePublicAcls: "false",
  BlockPublicPolicy: "false",
  RestrictPublicBuckets: "false",
});
const publicPolicy =
  '{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::drop/*"}}';
const account = { ...digest, "x-amz-account-id": "000000000000" };

describe("the bucket's switches", () => {
  test("those left out are off, and all four are shown", async () => {
    const { send } = await settingsUnderTest();
    expect(await send("PutPublicAccessBlock", block({ BlockPublicPolicy: "TRUE" }))).toMatchObject({ status: 200 });
    expect(plain((await send("GetPublicAccessBlock")).body)).toBe(
      allOff.replace("<BlockPublicPolicy>false", "<BlockPublicPolicy>true"),
    );
  });

  test("gone after a delete, and not as on a new bucket", async () => {
    const { send } = await settingsUnderTest();
    expect(await send("DeletePublicAccessBlock")).toMatchObject({ status: 204 });
    expect(await send("GetPublicAccessBlock")).toMatchObject({
      status: 404,
      code: "NoSuchPublicAccessBlockConfiguration",
    });
  });

  test.for<[string, string, string]>([
    ["none at all", block({}), "InvalidRequest"],
    ["one that is no switch", block({ BlockEverything: "true" }), "MalformedXML"],
    ["a word that is no boolean", block({ BlockPublicAcls: "yes" }), "MalformedXML"],
  ])("refuses %s", async ([, document, code]) => {
    const { send } = await settingsUnderTest();
    expect(await send("PutPublicAccessBlock", document)).toMatchObject({ status: 400, code });
  });
});

describe("the account's switches", () => {
  test("there are none in a new account; they are set and deleted for all buckets", async () => {
    const { send } = await settingsUnderTest();
    const absent = await send("GetAccountPublicAccessBlock", "", account, "");
    expect(absent).toMatchObject({ status: 404, body: expect.stringContaining("<ErrorResponse xmlns=") });
    expect(absent.body).toContain("<Code>NoSuchPublicAccessBlockConfiguration</Code>");
    expect(await send("PutAccountPublicAccessBlock", allOff, account, "")).toMatchObject({ status: 201 });
    const { body } = await send("GetAccountPublicAccessBlock", "", account, "");
    expect(body).toContain("http://awss3control.amazonaws.com/doc/2018-08-20/");
    expect(plain(body)).toBe(allOff);
    expect(await send("DeleteAccountPublicAccessBlock", "", account, "")).toMatchObject({ status: 204 });
    expect(await send("GetAccountPublicAccessBlock", "", account, "")).toMatchObject({ status: 404 });
  });

  test("not for whoever names another account, or none", async () => {
    const { send } = await settingsUnderTest();
    for (const headers of [{ "x-amz-account-id": "111122223333" }, {}]) {
      expect(await send("GetAccountPublicAccessBlock", "", headers, "")).toMatchObject({
        status: 403,
        body: expect.stringContaining("<Code>AccessDenied</Code>"),
      });
    }
  });
});

describe("BlockPublicPolicy", () => {
  test("refuses a public policy on a new bucket, and says why", async () => {
    const { send } = await settingsUnderTest();
    expect(await send("PutBucketPolicy", publicPolicy)).toMatchObject({
      status: 403,
      code: "AccessDenied",
      message: expect.stringContaining("blocked by the BlockPublicPolicy"),
    });
  });

  test("lets it pass once the bucket's is off", async () => {
    const { send } = await settingsUnderTest();
    await send("PutPublicAccessBlock", allOff);
    expect(await send("PutBucketPolicy", publicPolicy)).toMatchObject({ status: 204 });
    expect((await send("GetBucketPolicyStatus")).body).toContain("<IsPublic>true</IsPublic>");
  });

  test("refuses it also when only the account's is on", async () => {
    const { send } = await settingsUnderTest();
    await send("PutPublicAccessBlock", allOff);
    await send("PutAccountPublicAccessBlock", block({ BlockPublicPolicy: "true" }), account, "");
    expect(await send("PutBucketPolicy", publicPolicy)).toMatchObject({ status: 403, code: "AccessDenied" });
  });
});
