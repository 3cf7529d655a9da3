import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Facet } from "../../src/audit/facets.ts";
import type { SignerToRead } from "../../src/aws/signer-reader.ts";
import { liveSourceAt, useKeys } from "../support/live-source.ts";
import {
  type AwsCall,
  account,
  json,
  jsonRefusal,
  queryAnswer,
  type ScriptedAnswer,
  type ScriptedAws,
  startScriptedAws,
  wrappedRefusal,
} from "../support/scripted-aws.ts";

let aws: ScriptedAws;
beforeAll(async () => {
  aws = await startScriptedAws();
});
afterAll(() => aws.close());
beforeEach(() => useKeys());
afterEach(() => aws.reset());

const roleArn = `arn:aws:iam::${account}:role/service/signer`;
const none: SignerToRead = { functionName: undefined, role: undefined };
const policy = (action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
});
const inUrl = (document: unknown) => encodeURIComponent(JSON.stringify(document));

type Answers = Readonly<Record<string, (call: AwsCall) => ScriptedAnswer>>;

/** A role without any policy, and a function that wears it. */
const good: Answers = {
  "iam GetRole": () =>
    queryAnswer(
      "GetRole",
      `<Role><Arn>${roleArn}</Arn><AssumeRolePolicyDocument>${inUrl(policy("trust"))}</AssumeRolePolicyDocument></Role>`,
    ),
  "iam ListRolePolicies": () => queryAnswer("ListRolePolicies", "<PolicyNames/><IsTruncated>false</IsTruncated>"),
  "iam ListAttachedRolePolicies": () =>
    queryAnswer("ListAttachedRolePolicies", "<AttachedPolicies/><IsTruncated>false</IsTruncated>"),
  "lambda /configuration": () =>
    json({ Role: roleArn, Environment: { Variables: { BUCKET: "drop", TOKEN_SECRET: "hunter2" } } }),
};

async function readSigner(signer: Partial<SignerToRead>, changes: Answers = {}) {
  const answers = { ...good, ...changes };
  aws.script((call) => answers[call.name]?.(call));
  const source = await liveSourceAt(aws.endpoint, { accountId: account, signer: { ...none, ...signer } });
  try {
    const { facets } = await source.read({ name: "drop" }, new Set<Facet>(["signer"]), new AbortController().signal);
    return facets.signer;
  } finally {
    source.close();
  }
}

describe("the role", () => {
  test("comes with inline policies, attached ones in their default version, boundary and trust", async () => {
    const signer = await readSigner(
      { role: roleArn },
      {
        "iam GetRole": () =>
          queryAnswer(
            "GetRole",
            `<Role><Arn>${roleArn}</Arn><AssumeRolePolicyDocument>${inUrl(policy("trust"))}</AssumeRolePolicyDocument>
             <PermissionsBoundary><PermissionsBoundaryArn>arn:aws:iam::${account}:policy/edge</PermissionsBoundaryArn></PermissionsBoundary></Role>`,
          ),
        "iam ListRolePolicies": ({ parameters }) =>
          parameters.get("Marker") === "2"
            ? queryAnswer(
                "ListRolePolicies",
                "<PolicyNames><member>b</member></PolicyNames><IsTruncated>false</IsTruncated>",
              )
            : queryAnswer(
                "ListRolePolicies",
                "<PolicyNames><member>a</member></PolicyNames><IsTruncated>true</IsTruncated><Marker>2</Marker>",
              ),
        "iam GetRolePolicy": ({ parameters }) =>
          queryAnswer(
            "GetRolePolicy",
            `<PolicyDocument>${inUrl(policy(`inline:${parameters.get("PolicyName")}`))}</PolicyDocument>`,
          ),
        "iam ListAttachedRolePolicies": () =>
          queryAnswer(
            "ListAttachedRolePolicies",
            "<AttachedPolicies><member><PolicyName>logs</PolicyName><PolicyArn>arn:aws:iam::aws:policy/logs</PolicyArn></member></AttachedPolicies>",
          ),
        "iam GetPolicy": () => queryAnswer("GetPolicy", "<Policy><DefaultVersionId>v7</DefaultVersionId></Policy>"),
        "iam GetPolicyVersion": ({ parameters }) =>
          queryAnswer(
            "GetPolicyVersion",
            `<PolicyVersion><Document>${inUrl(policy(`${parameters.get("PolicyArn")} ${parameters.get("VersionId")}`))}</Document></PolicyVersion>`,
          ),
      },
    );
    expect(signer).toEqual({
      state: "present",
      value: {
        roleArn,
        policies: [
          { name: "a", document: policy("inline:a") },
          { name: "b", document: policy("inline:b") },
          { name: "logs", document: policy("arn:aws:iam::aws:policy/logs v7") },
        ],
        permissionsBoundary: policy(`arn:aws:iam::${account}:policy/edge v7`),
        trust: policy("trust"),
      },
    });
  });

  test("is asked for by the name at the end of its path", async () => {
    await readSigner({ role: roleArn });
    expect(aws.calls.map(({ parameters }) => parameters.get("RoleName"))).toEqual(["signer", "signer", "signer"]);
  });

  test("of another account is not mixed up with its namesake in this one", async () => {
    const signer = await readSigner({ role: "arn:aws:iam::999988887777:role/signer" });
    expect(signer).toEqual({ state: "unreadable", reason: "the role is of another account than the credentials" });
  });

  test("that is not there ends it", async () => {
    const missing = { "iam GetRole": () => wrappedRefusal(404, "NoSuchEntity") };
    await expect(readSigner({ role: roleArn }, missing)).rejects.toMatchObject({
      code: "USAGE",
      message: `There is no role ${roleArn}.`,
    });
  });

  test("may be named without its ARN, which IAM knows", async () => {
    expect(await readSigner({ role: "signer" })).toMatchObject({ state: "present", value: { roleArn } });
  });

  test.for(["role/signer", "arn:aws:iam::1:role/x", "arn:aws:s3:::drop", "a b", ""])(
    "that is %j is no role",
    async (role) => {
      await expect(readSigner({ role })).rejects.toMatchObject({ code: "USAGE", message: `"${role}" is no role.` });
    },
  );

  test.for([
    ["iam GetRole", "iam:GetRole"],
    ["iam ListRolePolicies", "iam:ListRolePolicies"],
    ["iam ListAttachedRolePolicies", "iam:ListAttachedRolePolicies"],
  ] as const)("stays unread without %s, and the reason names %s", async ([call, action]) => {
    const signer = await readSigner({ role: roleArn }, { [call]: () => wrappedRefusal(403, "AccessDenied") });
    expect(signer).toEqual({ state: "unreadable", reason: `AccessDenied (${action})` });
  });
});

test("one run names every action that is missing, in the same order whichever was refused first", async () => {
  const refused = () => wrappedRefusal(403, "AccessDenied");
  const calls = ["iam ListAttachedRolePolicies", "iam GetRole", "iam ListRolePolicies"];
  const signer = await readSigner({ role: roleArn }, Object.fromEntries(calls.map((call) => [call, refused])));
  expect(signer).toEqual({
    state: "unreadable",
    reason:
      "AccessDenied (iam:GetRole), AccessDenied (iam:ListRolePolicies), AccessDenied (iam:ListAttachedRolePolicies)",
  });
});

describe("the function", () => {
  test("comes with its role, its URL, its policy, and of its environment only what says how it signs", async () => {
    const signer = await readSigner(
      { functionName: "presign" },
      {
        "lambda /url": () =>
          json({
            AuthType: "NONE",
            FunctionUrl: "https://x.lambda-url.eu-central-1.on.aws/",
            Cors: { AllowOrigins: ["*"], MaxAge: 1 },
          }),
        "lambda /policy": () => json({ Policy: JSON.stringify(policy("lambda:InvokeFunctionUrl")), RevisionId: "1" }),
      },
    );
    expect(signer).toEqual({
      state: "present",
      value: {
        roleArn,
        policies: [],
        trust: policy("trust"),
        function: {
          environment: { BUCKET: "drop" },
          url: { AuthType: "NONE", FunctionUrl: "https://x.lambda-url.eu-central-1.on.aws/" },
          policy: policy("lambda:InvokeFunctionUrl"),
          cors: { AllowOrigins: ["*"] },
        },
      },
    });
  });

  test("may have neither URL nor policy", async () => {
    const signer = await readSigner({ functionName: "presign" });
    expect(signer).toMatchObject({ state: "present", value: { function: { environment: { BUCKET: "drop" } } } });
  });

  test("is asked for in the region of its ARN", async () => {
    await readSigner({ functionName: `arn:aws:lambda:us-west-2:${account}:function:presign` });
    const regions = aws.calls.filter(({ name }) => name.startsWith("lambda")).map(({ region }) => region);
    expect(new Set(regions)).toEqual(new Set(["us-west-2"]));
  });

  test("is read with the role that was named instead of its own", async () => {
    const other = `arn:aws:iam::${account}:role/other`;
    const ofName = ({ parameters }: AwsCall) =>
      queryAnswer("GetRole", `<Role><Arn>arn:aws:iam::${account}:role/${parameters.get("RoleName")}</Arn></Role>`);
    const signer = await readSigner({ functionName: "presign", role: other }, { "iam GetRole": ofName });
    expect(signer).toMatchObject({ state: "present", value: { roleArn: other, function: { environment: {} } } });
  });

  test("brings the CORS rules of the HTTP APIs that may call it, whatever one of them allows", async () => {
    const arn = (id: string) => `arn:aws:execute-api:eu-west-1:${account}:${id}/*/*/presign`;
    const Policy = JSON.stringify({
      Statement: ["web1", "web2", "web1", "rest"].map((id) => ({
        Condition: { ArnLike: { "AWS:SourceArn": arn(id) } },
      })),
    });
    const signer = await readSigner(
      { functionName: "presign" },
      {
        "lambda /policy": () => json({ Policy }),
        "apigateway /v2/apis/web1": () =>
          json({ corsConfiguration: { allowOrigins: ["https://a.example"], allowMethods: ["POST"] } }),
        "apigateway /v2/apis/web2": () => json({ corsConfiguration: { allowOrigins: ["*"], allowCredentials: true } }),
        "apigateway /v2/apis/rest": () => jsonRefusal(404, "NotFoundException"),
      },
    );
    expect(signer).toMatchObject({
      value: {
        function: {
          cors: {
            AllowOrigins: ["https://a.example", "*"],
            AllowMethods: ["POST"],
            AllowHeaders: [],
            AllowCredentials: true,
          },
        },
      },
    });
    const asked = aws.calls.filter(({ name }) => name.startsWith("apigateway"));
    expect(asked.map(({ region }) => region)).toEqual(["eu-west-1", "eu-west-1", "eu-west-1"]);
  });

  test("that is not there ends it", async () => {
    const missing = { "lambda /configuration": () => jsonRefusal(404, "ResourceNotFoundException") };
    await expect(readSigner({ functionName: "presign" }, missing)).rejects.toMatchObject({
      code: "USAGE",
      message: "There is no function presign.",
    });
  });

  test.for([
    ["lambda /configuration", "lambda:GetFunctionConfiguration"],
    ["lambda /url", "lambda:GetFunctionUrlConfig"],
    ["lambda /policy", "lambda:GetPolicy"],
  ] as const)("stays unread without %s, and the reason names %s", async ([call, action]) => {
    const signer = await readSigner(
      { functionName: "presign" },
      { [call]: () => jsonRefusal(403, "AccessDeniedException") },
    );
    expect(signer).toEqual({ state: "unreadable", reason: `AccessDeniedException (${action})` });
  });
});

test("nobody named a signer: there is none to judge, and nothing is asked", async () => {
  expect(await readSigner({})).toEqual({ state: "absent" });
  expect(aws.calls).toEqual([]);
});

test("keys of another S3 server are not shown to AWS", async () => {
  const source = await liveSourceAt(
    undefined,
    { signer: { ...none, role: roleArn }, accountId: account },
    { AWS_ENDPOINT_URL_S3: aws.endpoint },
  );
  const { facets } = await source.read({ name: "drop" }, new Set<Facet>(["signer"]), new AbortController().signal);
  expect(facets.signer).toEqual({
    state: "unreadable",
    reason: "S3 is another server than AWS, and AWS_ENDPOINT_URL_IAM does not say where its iam is",
  });
  source.close();
});
