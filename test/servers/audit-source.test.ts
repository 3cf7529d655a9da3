/** Reads the settings of real servers as an audit does: everything that moto imitates, and what Ceph's gateway has of it. */
import { randomUUID } from "node:crypto";
import { ApiGatewayV2Client, CreateApiCommand } from "@aws-sdk/client-apigatewayv2";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateAccessPointCommand,
  PutAccessPointPolicyCommand,
  PutPublicAccessBlockCommand as PutAccountBlock,
} from "@aws-sdk/client-s3-control";
import { beforeAll, describe, expect, test } from "vitest";
import { facets } from "../../src/audit/facet-access.ts";
import type { BucketSnapshot } from "../../src/audit/snapshot.ts";
import type { LiveWishes } from "../../src/aws/live-source.ts";
import { liveSourceAt, useKeys } from "../support/live-source.ts";
import { type RunningServer, runningServer, withSettings } from "./account.ts";
import { controlClient } from "./control-client.ts";

const moto = runningServer("MOTO", process.env);
const rgw = runningServer("RGW", process.env);
const readRgw = withSettings(rgw);

test.skipIf(moto === undefined)("moto is read (only where S3UP_TEST_MOTO names one: docs/s3-servers.md)", () => {
  expect(moto?.account.endpoint).toMatch(/^http:/);
});
test.skipIf(rgw === undefined)("Ceph RGW is read (only where S3UP_TEST_RGW names one: docs/s3-servers.md)", () => {
  expect(rgw?.account.endpoint).toMatch(/^http:/);
});

const flags = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: true };
const corsRule = { AllowedOrigins: ["https://app.example"], AllowedMethods: ["PUT"], ExposeHeaders: ["ETag"] };
const abortRule = {
  ID: "parts",
  Status: "Enabled" as const,
  Filter: { Prefix: "uploads/" },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
};

/** Who may do something: of a bucket, a role, an access point. */
function allowing(members: Readonly<Record<string, unknown>>): object {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", ...members }] };
}

async function readFrom(
  server: RunningServer,
  bucket: string,
  wishes: Partial<LiveWishes> = {},
): Promise<BucketSnapshot> {
  useKeys(server.account);
  const source = await liveSourceAt(server.account.endpoint, { region: "us-east-1", ...wishes });
  try {
    return await source.read({ name: bucket }, new Set(facets), new AbortController().signal);
  } finally {
    source.close();
  }
}

function settingsOf(server: RunningServer) {
  const { endpoint, region, accessKeyId, secretAccessKey } = server.account;
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

/** The settings that both servers have. */
async function makeBucket(server: RunningServer): Promise<{ readonly Bucket: string; readonly policy: object }> {
  const s3 = new S3Client({ ...settingsOf(server), forcePathStyle: true });
  const Bucket = `audit-${randomUUID()}`;
  const policy = allowing({ Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }));
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: flags }));
  await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [corsRule] } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [abortRule] } }));
  return { Bucket, policy };
}

describe.runIf(moto !== undefined)("moto", () => {
  const server = moto as RunningServer;
  let snapshot: BucketSnapshot;
  let made: Awaited<ReturnType<typeof makeBucket>>;
  let signer: Awaited<ReturnType<typeof makeSigner>>;
  const point = `point-${randomUUID().slice(0, 8)}`;
  const { accountId } = server?.account ?? { accountId: "" };
  const pointPolicy = allowing({
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: "s3:GetObject",
    Resource: `arn:aws:s3:us-east-1:${accountId}:accesspoint/${point}/object/*`,
  });

  beforeAll(async () => {
    made = await makeBucket(server);
    await makeAccountSettings();
    signer = await makeSigner(server);
    snapshot = await readFrom(server, made.Bucket, {
      signer: { functionName: signer.functionName, role: undefined },
    });
  });

  async function makeAccountSettings(): Promise<void> {
    const control = controlClient(server.account);
    const ofAccount = { AccountId: accountId };
    await control.send(new PutAccountBlock({ ...ofAccount, PublicAccessBlockConfiguration: flags }));
    await control.send(new CreateAccessPointCommand({ ...ofAccount, Name: point, Bucket: made.Bucket }));
    const Policy = JSON.stringify(pointPolicy);
    await control.send(new PutAccessPointPolicyCommand({ ...ofAccount, Name: point, Policy }));
  }

  test("names the account, which it was asked for", () => {
    expect(snapshot).toMatchObject({ accountId, region: "us-east-1", arn: `arn:aws:s3:::${made.Bucket}` });
  });

  test("leaves nothing unread but the verdict on the policy, to which moto answers with something else, and what only a plan tells", () => {
    const unread = Object.entries(snapshot.facets).filter(([, { state }]) => state === "unreadable");
    expect(unread.map(([facet]) => facet)).toEqual(["policyStatus", "change"]);
    expect(snapshot.facets.policyStatus).toMatchObject({ reason: expect.stringMatching(/^malformed/) });
  });

  test("tells what was put into the bucket", () => {
    expect(snapshot.facets).toMatchObject({
      policy: { state: "present", value: made.policy },
      publicAccessBlock: { state: "present", value: flags },
      cors: { state: "present", value: [corsRule] },
      versioning: { state: "present", value: { Status: "Enabled" } },
      lifecycle: { state: "present", value: [abortRule] },
      website: { state: "absent" },
      logging: { state: "absent" },
      notification: { state: "absent" },
      objectLock: { state: "absent" },
    });
  });

  test("tells what holds for the account", () => {
    expect(snapshot.facets.accountPublicAccessBlock).toEqual({ state: "present", value: flags });
  });

  test("tells the role with its policies and the function with its URL, API and settings, without secrets", () => {
    expect(snapshot.facets.signer).toEqual({ state: "present", value: signer.expected });
  });

  test("refuses a bucket, a function and a role that are not there", async () => {
    const none = { functionName: undefined, role: undefined };
    await expect(readFrom(server, `no-${randomUUID()}`)).rejects.toMatchObject({ code: "BUCKET_NOT_FOUND" });
    const noFunction = { signer: { ...none, functionName: "nobody" } };
    await expect(readFrom(server, made.Bucket, noFunction)).rejects.toMatchObject({ code: "USAGE" });
    const noRole = { signer: { ...none, role: `arn:aws:iam::${accountId}:role/nobody` } };
    await expect(readFrom(server, made.Bucket, noRole)).rejects.toMatchObject({ code: "USAGE" });
  });

  test("lists the bucket among all", async () => {
    const source = await liveSourceAt(server.account.endpoint, { region: "us-east-1" });
    const names: string[] = [];
    for await (const { name } of source.list(new AbortController().signal)) names.push(name);
    expect(names).toContain(made.Bucket);
    source.close();
  });
});

async function makeSigner(server: RunningServer) {
  const { accountId } = server.account;
  const name = `signer-${randomUUID().slice(0, 8)}`;
  const iam = new IAMClient(settingsOf(server));
  const lambda = new LambdaClient(settingsOf(server));
  const inline = allowing({ Action: "s3:PutObject", Resource: "arn:aws:s3:::drop/uploads/*" });
  const attached = allowing({ Action: "logs:PutLogEvents", Resource: "*" });
  const boundary = allowing({ Action: "s3:*", Resource: "*" });
  const trust = allowing({ Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" });

  const managed = async (PolicyName: string, document: object) => {
    const command = new CreatePolicyCommand({ PolicyName, PolicyDocument: JSON.stringify(document) });
    return (await iam.send(command)).Policy?.Arn ?? "";
  };
  const role = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify(trust),
      PermissionsBoundary: await managed(`${name}-edge`, boundary),
    }),
  );
  const roleArn = role.Role?.Arn ?? "";
  await iam.send(
    new PutRolePolicyCommand({ RoleName: name, PolicyName: "uploads", PolicyDocument: JSON.stringify(inline) }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: await managed(`${name}-logs`, attached) }));
  const api = await new ApiGatewayV2Client(settingsOf(server)).send(
    new CreateApiCommand({
      Name: name,
      ProtocolType: "HTTP",
      CorsConfiguration: { AllowOrigins: ["https://app.example"] },
    }),
  );
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: roleArn,
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Code: { ZipFile: emptyZip },
      Environment: { Variables: { BUCKET: "drop", EXPIRES_IN_MAX: "900", TOKEN_SECRET: "hunter2" } },
    }),
  );
  const url = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: name, AuthType: "NONE", Cors: { AllowOrigins: ["*"] } }),
  );
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: name,
      StatementId: "api",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:us-east-1:${accountId}:${api.ApiId}/*/*/presign`,
    }),
  );
  return {
    functionName: name,
    expected: {
      roleArn,
      policies: [
        { name: "uploads", document: inline },
        { name: `${name}-logs`, document: attached },
      ],
      permissionsBoundary: boundary,
      trust,
      function: {
        environment: { BUCKET: "drop", EXPIRES_IN_MAX: "900" },
        url: { AuthType: "NONE", FunctionUrl: url.FunctionUrl },
        policy: expect.objectContaining({ Statement: expect.anything() }),
        cors: expect.objectContaining({ AllowOrigins: ["*", "https://app.example"] }),
      },
    },
  };
}

/** An archive without files: the record that ends every one. */
const emptyZip = Buffer.concat([Buffer.from("504b0506", "hex"), Buffer.alloc(18)]);

describe.for(readRgw === undefined ? [] : [readRgw])("Ceph RGW", (server) => {
  test("tells what was put into the bucket, and what it does not know stays unread", async () => {
    const { Bucket, policy } = await makeBucket(server);
    const { facets: readings, accountId } = await readFrom(server, Bucket);
    expect(accountId).toBeUndefined();
    expect(readings).toMatchObject({
      policy: { state: "present", value: policy },
      publicAccessBlock: { state: "present", value: flags },
      cors: { state: "present", value: [corsRule] },
      versioning: { state: "present", value: { Status: "Enabled" } },
      lifecycle: { state: "present", value: [abortRule] },
      accountPublicAccessBlock: { state: "unreadable" },
      accessPoints: { state: "unreadable" },
    });
  });

  test("refuses a bucket that is not there", async () => {
    await expect(readFrom(server, `no-${randomUUID()}`)).rejects.toMatchObject({ code: "BUCKET_NOT_FOUND" });
  });
});
