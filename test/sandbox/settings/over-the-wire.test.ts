/** The settings as AWS's own client sees them: what it serializes is taken, and what it is answered it can read. */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/sandbox.ts";

let sandbox: Sandbox;
let client: S3Client;
let Bucket: string;
let made = 0;

beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date(), random: Math.random });
  client = new S3Client({
    endpoint: sandbox.s3,
    region: sandbox.env.AWS_REGION ?? "",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: sandbox.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: sandbox.env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
});
beforeEach(async () => {
  made += 1;
  Bucket = `settings-${made}`;
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

/** What came back, without the SDK's own notes. */
async function read(answer: Promise<object>): Promise<object> {
  const { $metadata, ...rest } = (await answer) as Record<string, unknown>;
  return rest;
}

describe("goes in and comes out", () => {
  test("public access block", async () => {
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: false,
    };
    await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect(await read(client.send(new GetPublicAccessBlockCommand({ Bucket })))).toEqual({
      PublicAccessBlockConfiguration,
    });
    await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await expect(client.send(new GetPublicAccessBlockCommand({ Bucket }))).rejects.toMatchObject({
      name: "NoSuchPublicAccessBlockConfiguration",
      $metadata: { httpStatusCode: 404 },
    });
  });

  test("policy and its status", async () => {
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect(await read(client.send(new GetBucketPolicyCommand({ Bucket })))).toEqual({ Policy });
    expect(await read(client.send(new GetBucketPolicyStatusCommand({ Bucket })))).toEqual({
      PolicyStatus: { IsPublic: false },
    });
  });

  test("a public policy is refused with a reason", async () => {
    const Policy = JSON.stringify({
      Statement: { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` },
    });
    await expect(client.send(new PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("BlockPublicPolicy"),
      $metadata: { httpStatusCode: 403 },
    });
  });

  test("cors", async () => {
    const CORSRules = [
      {
        ID: "page",
        AllowedOrigins: ["https://app.example.com", "http://localhost:*"],
        AllowedMethods: ["PUT", "POST"],
        AllowedHeaders: ["content-type", "x-amz-*"],
        ExposeHeaders: ["ETag", "x-amz-version-id"],
        MaxAgeSeconds: 600,
      },
      { AllowedOrigins: ["*"], AllowedMethods: ["GET"] },
    ];
    await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect(await read(client.send(new GetBucketCorsCommand({ Bucket })))).toEqual({ CORSRules });
  });

  test("lifecycle", async () => {
    const Rules = [
      {
        ID: "clean up",
        Status: "Enabled" as const,
        Filter: { Prefix: "uploads/" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        Expiration: { Days: 30 },
      },
      {
        ID: "old versions",
        Status: "Disabled" as const,
        Filter: { And: { Prefix: "a", Tags: [{ Key: "k", Value: "v" }] } },
        NoncurrentVersionExpiration: { NoncurrentDays: 5, NewerNoncurrentVersions: 2 },
      },
    ];
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    expect(await read(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toEqual({
      Rules,
      TransitionDefaultMinimumObjectSize: "all_storage_classes_128K",
    });
  });

  test("tags, website, logging, versioning, encryption", async () => {
    const TagSet = [{ Key: "project", Value: "a & b <c>" }];
    await expect(client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))).rejects.toMatchObject({
      name: "InvalidTag",
    });
    const good = [{ Key: "project", Value: "größe 1/2" }];
    await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: good } }));
    expect(await read(client.send(new GetBucketTaggingCommand({ Bucket })))).toEqual({ TagSet: good });

    const website = { IndexDocument: { Suffix: "index.html" }, ErrorDocument: { Key: "a&b.html" } };
    await client.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: website }));
    expect(await read(client.send(new GetBucketWebsiteCommand({ Bucket })))).toEqual(website);

    const LoggingEnabled = { TargetBucket: Bucket, TargetPrefix: "logs/" };
    await client.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
    expect(await read(client.send(new GetBucketLoggingCommand({ Bucket })))).toEqual({ LoggingEnabled });

    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    expect(await read(client.send(new GetBucketVersioningCommand({ Bucket })))).toEqual({ Status: "Enabled" });

    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const }, BucketKeyEnabled: true };
    const configuration = { Rules: [rule] };
    await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: configuration }));
    expect(await read(client.send(new GetBucketEncryptionCommand({ Bucket })))).toEqual({
      ServerSideEncryptionConfiguration: configuration,
    });
  });

  test("ownership and ACL", async () => {
    await expect(client.send(new PutBucketAclCommand({ Bucket, ACL: "private" }))).rejects.toMatchObject({
      name: "AccessControlListNotSupported",
    });
    const logDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery";
    const controls = { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" as const }] };
    await client.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: controls }));
    expect(await read(client.send(new GetBucketOwnershipControlsCommand({ Bucket })))).toEqual({
      OwnershipControls: controls,
    });
    await client.send(new PutBucketAclCommand({ Bucket, GrantWrite: `uri="${logDelivery}"` }));
    const { Grants = [], Owner = {} } = await client.send(new GetBucketAclCommand({ Bucket }));
    expect(Grants).toEqual([{ Grantee: { Type: "Group", URI: logDelivery }, Permission: "WRITE" }]);
    const own = { Grantee: { Type: "CanonicalUser" as const, ID: Owner.ID ?? "" }, Permission: "READ" as const };
    await client.send(new PutBucketAclCommand({ Bucket, AccessControlPolicy: { Owner, Grants: [own] } }));
    expect(await read(client.send(new GetBucketAclCommand({ Bucket })))).toEqual({ Owner, Grants: [own] });
  });
});

test("a bucket that is made again has nothing of the old one", async () => {
  await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "a", Value: "b" }] } }));
  await client.send(new DeleteBucketCommand({ Bucket }));
  await expect(client.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({ name: "NoSuchBucket" });
  await client.send(new CreateBucketCommand({ Bucket }));
  await expect(client.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({ name: "NoSuchTagSet" });
});

test("a bucket that is expected to be somebody else's is not touched", async () => {
  const strange = new GetBucketTaggingCommand({ Bucket, ExpectedBucketOwner: "111122223333" });
  await expect(client.send(strange)).rejects.toMatchObject({ name: "AccessDenied" });
});

describe("cross-origin requests", () => {
  const origin = "http://localhost:5173";
  const preflight = (headers: Record<string, string> = {}) =>
    fetch(`${sandbox.s3}/${Bucket}/a.png`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "PUT", ...headers },
    });
  beforeEach(async () => {
    const rule = { AllowedOrigins: [origin], AllowedMethods: ["PUT"], AllowedHeaders: ["*"], ExposeHeaders: ["ETag"] };
    await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
  });

  test("a preflight needs no signature", async () => {
    const answer = await preflight({ "access-control-request-headers": "content-type" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
  });

  test("what is not allowed is refused in S3's words", async () => {
    const answer = await preflight({ origin: "https://evil.example" });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain(
      "<Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not",
    );
  });

  test("an error carries the headers too, so that the page can read it", async () => {
    const answer = await fetch(`${sandbox.s3}/${Bucket}/a.png`, { method: "PUT", body: "x", headers: { origin } });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-expose-headers")).toBe("ETag");
    expect(answer.headers.get("vary")).toContain("Origin");
  });
});
