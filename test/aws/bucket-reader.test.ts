import {
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { PutPublicAccessBlockCommand as PutAccountBlock, S3ControlClient } from "@aws-sdk/client-s3-control";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { facets } from "../../src/audit/facet-access.ts";
import type { Facet } from "../../src/audit/facets.ts";
import type { LiveSource } from "../../src/aws/live-source.ts";
import { describeSnapshotSource } from "../contract/snapshot-source.ts";
import { liveSourceAt, useKeys } from "../support/live-source.ts";
import { sdkClient, useSandbox } from "../support/running-sandbox.ts";

/** The sandbox's own account. */
const accountId = "000000000000";
const sandboxes = useSandbox();
let source: LiveSource;
let s3: S3Client;
beforeAll(async () => {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_REGION = "" } = sandboxes.sandbox.env;
  useKeys({ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY });
  source = await liveSourceAt(sandboxes.sandbox.s3, { accountId, region: AWS_REGION });
  s3 = sdkClient(sandboxes.sandbox);
});
afterAll(() => source.close());

async function readingOf(facet: Facet) {
  const snapshot = await source.read({ name: "drop" }, new Set(facets), new AbortController().signal);
  return snapshot.facets[facet];
}

const Bucket = "drop";
const open = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const allUsers = "http://acs.amazonaws.com/groups/global/AllUsers";

describe("a new bucket in the sandbox", () => {
  test.for<[Facet, unknown]>([
    [
      "publicAccessBlock",
      { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
    ],
    ["ownership", "BucketOwnerEnforced"],
  ])("has %s", async ([facet, value]) => {
    expect(await readingOf(facet)).toEqual({ state: "present", value });
  });

  test.for<Facet>([
    "policy",
    "policyStatus",
    "cors",
    "versioning",
    "lifecycle",
    "logging",
    "website",
    "accountPublicAccessBlock",
  ])("has no %s", async (facet) => {
    expect(await readingOf(facet)).toEqual({ state: "absent" });
  });
});

describe("what was put into the sandbox is what is read", () => {
  test("public access block, of the bucket and of the account", async () => {
    await s3.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { ...open, IgnorePublicAcls: true } }),
    );
    expect(await readingOf("publicAccessBlock")).toEqual({
      state: "present",
      value: { ...open, IgnorePublicAcls: true },
    });

    const control = new S3ControlClient({ endpoint: sandboxes.sandbox.s3, region: "us-east-1" });
    const { endpointProvider } = control.config;
    // The SDK would put the account before the host.
    control.config.endpointProvider = (parameters, context) =>
      endpointProvider({ ...parameters, RequiresAccountId: false }, context);
    const block = { ...open, RestrictPublicBuckets: true };
    await control.send(new PutAccountBlock({ AccountId: accountId, PublicAccessBlockConfiguration: block }));
    const fresh = await liveSourceAt(sandboxes.sandbox.s3, { accountId, region: "us-east-1" });
    const { facets: readings } = await fresh.read({ name: "drop" }, new Set(facets), new AbortController().signal);
    expect(readings.accountPublicAccessBlock).toEqual({ state: "present", value: block });
    fresh.close();
  });

  test("ownership, and an ACL", async () => {
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: open }));
    await s3.send(
      new PutBucketOwnershipControlsCommand({
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
      }),
    );
    await s3.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" }));
    expect(await readingOf("ownership")).toEqual({ state: "present", value: "ObjectWriter" });
    expect(await readingOf("acl")).toMatchObject({
      state: "present",
      value: { Grants: expect.arrayContaining([{ Grantee: { Type: "Group", URI: allUsers }, Permission: "READ" }]) },
    });
  });

  test("policy, and what S3 says of it", async () => {
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::drop/*" }],
    };
    const block = { Bucket, PublicAccessBlockConfiguration: open };
    await s3.send(new PutPublicAccessBlockCommand(block));
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }));
    expect(await readingOf("policy")).toEqual({ state: "present", value: policy });
    expect(await readingOf("policyStatus")).toEqual({ state: "present", value: { IsPublic: true } });
  });

  test("CORS rules", async () => {
    const rule = {
      AllowedOrigins: ["https://app.example"],
      AllowedMethods: ["PUT"],
      AllowedHeaders: ["*"],
      ExposeHeaders: ["ETag"],
      MaxAgeSeconds: 300,
    };
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
    expect(await readingOf("cors")).toEqual({ state: "present", value: [rule] });
  });

  test("encryption", async () => {
    const rule = {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: "key" },
      BucketKeyEnabled: true,
      BlockedEncryptionTypes: { EncryptionType: ["SSE-C" as const] },
    };
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }));
    expect(await readingOf("encryption")).toEqual({ state: "present", value: [rule] });
  });

  test("versioning", async () => {
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    expect(await readingOf("versioning")).toEqual({ state: "present", value: { Status: "Enabled" } });
  });

  test("lifecycle rules", async () => {
    const rule = {
      ID: "parts",
      Status: "Enabled" as const,
      Filter: { Prefix: "uploads/" },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
    };
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }));
    expect(await readingOf("lifecycle")).toEqual({ state: "present", value: [rule] });
  });

  test("logging", async () => {
    const logging = { TargetBucket: "drop", TargetPrefix: "logs/" };
    await s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled: logging } }));
    expect(await readingOf("logging")).toEqual({ state: "present", value: logging });
  });

  test("website", async () => {
    const website = { IndexDocument: { Suffix: "index.html" } };
    await s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: website }));
    expect(await readingOf("website")).toEqual({ state: "present", value: website });
  });
});

describe("a sandbox with a CORS rule", () => {
  const other = useSandbox();
  describeSnapshotSource("S3", async () => {
    const { sandbox } = other;
    const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = sandbox.env;
    useKeys({ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY });
    const CORSRules = [{ AllowedOrigins: ["https://app.example"], AllowedMethods: ["PUT"] }];
    await sdkClient(sandbox).send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    return { source: await liveSourceAt(sandbox.s3, { accountId }) };
  });
});
