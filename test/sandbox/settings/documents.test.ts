/** What single groups of settings take and refuse, beyond being well-formed. */
import { describe, expect, test } from "vitest";
import type { SettingsOperation } from "../../../src/sandbox/operation.ts";
import { plain, settingsUnderTest } from "../../support/bucket-settings.ts";

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join("");

const tags = (...pairs: [string, string][]) =>
  `<Tagging><TagSet>${pairs.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join("")}</TagSet></Tagging>`;

const corsGood = { origin: "*", method: "PUT", header: "*", expose: "ETag", more: "" };
const cors = (changes: Partial<typeof corsGood> = {}) => {
  const { origin, method, header, expose, more } = { ...corsGood, ...changes };
  return `<CORSRule><AllowedOrigin>${origin}</AllowedOrigin><AllowedMethod>${method}</AllowedMethod><AllowedHeader>${header}</AllowedHeader><ExposeHeader>${expose}</ExposeHeader>${more}</CORSRule>`;
};
const corsDocument = (rules: string) => `<CORSConfiguration>${rules}</CORSConfiguration>`;

const encryption = (rule: string) =>
  `<ServerSideEncryptionConfiguration><Rule>${rule}</Rule></ServerSideEncryptionConfiguration>`;
const byDefault = (content: string) =>
  `<ApplyServerSideEncryptionByDefault>${content}</ApplyServerSideEncryptionByDefault>`;
const website = (content: string) => `<WebsiteConfiguration>${content}</WebsiteConfiguration>`;
const logging = (bucket: string) =>
  `<BucketLoggingStatus><LoggingEnabled><TargetBucket>${bucket}</TargetBucket><TargetPrefix/></LoggingEnabled></BucketLoggingStatus>`;
const notification = (content: string) =>
  `<NotificationConfiguration><QueueConfiguration><Queue>arn:aws:sqs:us-east-1:000000000000:jobs</Queue>${content}</QueueConfiguration></NotificationConfiguration>`;

describe("is taken", () => {
  test.for<[string, SettingsOperation, string]>([
    ["fifty tags", "PutBucketTagging", tags(...Array.from({ length: 50 }, (_, i): [string, string] => [`k${i}`, ""]))],
    ["a tag in another script", "PutBucketTagging", tags(["größe", "日本 1/2"])],
    ["a hundred CORS rules", "PutBucketCors", corsDocument(many(100, () => cors()))],
    ["an origin with a wildcard within", "PutBucketCors", corsDocument(cors({ origin: "https://*.example.com" }))],
    [
      "encryption with a key",
      "PutBucketEncryption",
      encryption(byDefault("<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>")),
    ],
    [
      "a website that redirects",
      "PutBucketWebsite",
      website("<RedirectAllRequestsTo><HostName>a.example</HostName></RedirectAllRequestsTo>"),
    ],
    ["events for a queue", "PutBucketNotificationConfiguration", notification("<Event>s3:ObjectCreated:*</Event>")],
    ["no events any more", "PutBucketNotificationConfiguration", "<NotificationConfiguration/>"],
    ["logs into a bucket that is there", "PutBucketLogging", logging("logs")],
    ["no logs any more", "PutBucketLogging", "<BucketLoggingStatus/>"],
    [
      "suspended versioning",
      "PutBucketVersioning",
      "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>",
    ],
  ])("%s", async ([, operation, document]) => {
    const { send } = await settingsUnderTest();
    expect((await send(operation, document)).status).toBeLessThan(300);
  });
});

describe("is refused", () => {
  test.for<[string, SettingsOperation, string, string, string]>([
    [
      "a 51st tag",
      "PutBucketTagging",
      tags(...Array.from({ length: 51 }, (_, i): [string, string] => [`k${i}`, ""])),
      "BadRequest",
      "50",
    ],
    ["two tags of one name", "PutBucketTagging", tags(["a", "1"], ["a", "2"]), "InvalidTag", "same key"],
    ["a tag of the system", "PutBucketTagging", tags(["aws:a", "1"]), "InvalidTag", "System tags"],
    ["a tag without a name", "PutBucketTagging", tags(["", "1"]), "InvalidTag", "TagKey"],
    ["a tag name that is too long", "PutBucketTagging", tags(["a".repeat(129), "1"]), "InvalidTag", "TagKey"],
    ["a tag value that is too long", "PutBucketTagging", tags(["a", "1".repeat(257)]), "InvalidTag", "TagValue"],
    ["a sign that tags do not have", "PutBucketTagging", tags(["a", "100%"]), "InvalidTag", "TagValue"],
    ["events without saying which", "PutBucketNotificationConfiguration", notification(""), "MalformedXML", ""],
    ["a 101st CORS rule", "PutBucketCors", corsDocument(many(101, () => cors())), "MalformedXML", ""],
    ["CORS without a rule", "PutBucketCors", corsDocument(""), "MalformedXML", ""],
    [
      "a rule without an origin",
      "PutBucketCors",
      corsDocument("<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>"),
      "MalformedXML",
      "",
    ],
    [
      "a method that CORS does not have",
      "PutBucketCors",
      corsDocument(cors({ method: "PATCH" })),
      "InvalidRequest",
      "Unsupported method is PATCH",
    ],
    [
      "a method in small letters",
      "PutBucketCors",
      corsDocument(cors({ method: "put" })),
      "InvalidRequest",
      "Unsupported method is put",
    ],
    [
      "an origin with two wildcards",
      "PutBucketCors",
      corsDocument(cors({ origin: "*.a.*" })),
      "InvalidRequest",
      'AllowedOrigin "*.a.*"',
    ],
    [
      "a header with two wildcards",
      "PutBucketCors",
      corsDocument(cors({ header: "x-*-*" })),
      "InvalidRequest",
      'AllowedHeader "x-*-*"',
    ],
    [
      "a wildcard among exposed headers",
      "PutBucketCors",
      corsDocument(cors({ expose: "*" })),
      "InvalidRequest",
      "ExposeHeader",
    ],
    [
      "an age that is no number",
      "PutBucketCors",
      corsDocument(cors({ more: "<MaxAgeSeconds>soon</MaxAgeSeconds>" })),
      "MalformedXML",
      "",
    ],
    [
      "an algorithm nobody knows",
      "PutBucketEncryption",
      encryption(byDefault("<SSEAlgorithm>ROT13</SSEAlgorithm>")),
      "MalformedXML",
      "",
    ],
    [
      "a key where none is used",
      "PutBucketEncryption",
      encryption(byDefault("<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>")),
      "InvalidArgument",
      "KMSMasterKeyID",
    ],
    [
      "an index in a folder",
      "PutBucketWebsite",
      website("<IndexDocument><Suffix>a/index.html</Suffix></IndexDocument>"),
      "InvalidArgument",
      "Suffix",
    ],
    ["a website without an index", "PutBucketWebsite", website(""), "InvalidArgument", "IndexDocument"],
    [
      "a redirect of all and more",
      "PutBucketWebsite",
      website(
        "<RedirectAllRequestsTo><HostName>a</HostName></RedirectAllRequestsTo><IndexDocument><Suffix>i</Suffix></IndexDocument>",
      ),
      "InvalidArgument",
      "RedirectAllRequestsTo",
    ],
    [
      "logs into a bucket that is not there",
      "PutBucketLogging",
      logging("nowhere"),
      "InvalidTargetBucketForLogging",
      "",
    ],
    [
      "versioning without a status",
      "PutBucketVersioning",
      "<VersioningConfiguration/>",
      "IllegalVersioningConfigurationException",
      "",
    ],
    [
      "MFA delete",
      "PutBucketVersioning",
      "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>",
      "NotImplemented",
      "MFA",
    ],
  ])("%s", async ([, operation, document, code, message]) => {
    const { send } = await settingsUnderTest();
    expect(await send(operation, document)).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe("encryption", () => {
  test("shows whether bucket keys are used, also when that was not said", async () => {
    const { send } = await settingsUnderTest();
    await send("PutBucketEncryption", encryption(byDefault("<SSEAlgorithm>aws:kms</SSEAlgorithm>")));
    expect(plain((await send("GetBucketEncryption")).body)).toBe(
      encryption(`${byDefault("<SSEAlgorithm>aws:kms</SSEAlgorithm>")}<BucketKeyEnabled>false</BucketKeyEnabled>`),
    );
  });

  test("is never absent: a delete brings Amazon's own keys back", async () => {
    const { send } = await settingsUnderTest();
    await send("PutBucketEncryption", encryption(byDefault("<SSEAlgorithm>aws:kms</SSEAlgorithm>")));
    expect(await send("DeleteBucketEncryption")).toMatchObject({ status: 204 });
    expect(await send("GetBucketEncryption")).toMatchObject({
      status: 200,
      body: expect.stringContaining("<SSEAlgorithm>AES256</SSEAlgorithm>"),
    });
  });
});
