import { describe, expect, test } from "vitest";
import { isPublic } from "../../src/policy/public.ts";
import { allowAll, bucketPolicy, denyAll, owner, variable } from "../support/policy-documents.ts";

const PUBLIC = true;
const LIMITED = false;

function underCondition(condition: unknown): boolean {
  return isPublic(bucketPolicy(allowAll({ Condition: condition }))).isPublic;
}

describe("principals", () => {
  test.for<[string, unknown, boolean]>([
    ["everyone", "*", PUBLIC],
    ["everyone in a list", { AWS: ["*"] }, PUBLIC],
    ["everyone beside a fixed role", { AWS: [`arn:aws:iam::${owner}:role/x`, "*"] }, PUBLIC],
    ["an account by its root", { AWS: `arn:aws:iam::${owner}:root` }, LIMITED],
    ["an account by its id", { AWS: owner }, LIMITED],
    ["a session of a role", { AWS: `arn:aws:sts::${owner}:assumed-role/x/session` }, LIMITED],
    ["a deleted role's id", { AWS: "AROAEXAMPLEID1234567" }, LIMITED],
    ["CloudFront's identity", { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1" }, LIMITED],
    [
      "a canonical user",
      { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" },
      LIMITED,
    ],
    ["a service", { Service: "cloudtrail.amazonaws.com" }, LIMITED],
    ["any service", { Service: "*" }, PUBLIC],
    ["any canonical user", { CanonicalUser: "*" }, PUBLIC],
    ["an ARN with a wildcard", { AWS: `arn:aws:iam::${owner}:role/*` }, PUBLIC],
    ["any account's root", { AWS: "arn:aws:iam::*:root" }, PUBLIC],
    ["a web identity provider", { Federated: "accounts.google.com" }, PUBLIC],
    [
      "an OpenID Connect provider of an account",
      { Federated: `arn:aws:iam::${owner}:oidc-provider/token.actions.githubusercontent.com` },
      PUBLIC,
    ],
  ])("%s", ([, principal, expected]) => {
    expect(isPublic(bucketPolicy(allowAll({ Principal: principal }))).isPublic).toBe(expected);
  });

  test("NotPrincipal with Allow is everyone else", () => {
    const { Principal: _, ...rest } = allowAll();
    expect(isPublic(bucketPolicy({ ...rest, NotPrincipal: { AWS: owner } })).isPublic).toBe(PUBLIC);
  });
});

describe("conditions on everyone", () => {
  test.for<[string, unknown, boolean]>([
    ["a fixed VPC", { StringEquals: { "aws:SourceVpc": "vpc-1" } }, LIMITED],
    ["the key in another case", { stringequals: { "AWS:SOURCEVPC": "vpc-1" } }, LIMITED],
    ["a wildcard that StringEquals takes literally", { StringEquals: { "aws:SourceVpc": "vpc-*" } }, PUBLIC],
    ["a question mark", { StringLike: { "aws:SourceVpce": "vpce-1a2b3c4?" } }, PUBLIC],
    ["a variable", { StringEquals: { "aws:SourceVpc": variable("aws:PrincipalTag/vpc") } }, PUBLIC],
    ["one fixed and one open value", { StringLike: { "aws:SourceVpc": ["vpc-1", "vpc-*"] } }, PUBLIC],
    ["ForAnyValue, which wants the key", { "ForAnyValue:StringEquals": { "aws:SourceVpc": "vpc-1" } }, LIMITED],
    ["ForAllValues, which does not", { "ForAllValues:StringEquals": { "aws:SourceVpc": "vpc-1" } }, PUBLIC],
    ["IfExists", { StringEqualsIfExists: { "aws:SourceVpc": "vpc-1" } }, PUBLIC],
    ["a negated operator", { StringNotEquals: { "aws:SourceVpc": "vpc-1" } }, PUBLIC],
    ["Null", { Null: { "aws:SourceVpc": "false" } }, PUBLIC],
    ["the operator of another type", { ArnEquals: { "aws:SourceVpc": "vpc-1" } }, PUBLIC],
    ["an address compared as text", { StringEquals: { "aws:SourceIp": "203.0.113.7" } }, PUBLIC],
    [
      "a limit beside an idle condition",
      { StringEquals: { "aws:SourceVpc": "vpc-1" }, Bool: { "aws:SecureTransport": "true" } },
      LIMITED,
    ],
    ["/8", { IpAddress: { "aws:SourceIp": "12.0.0.0/8" } }, LIMITED],
    ["/7", { IpAddress: { "aws:SourceIp": "12.0.0.0/7" } }, PUBLIC],
    ["the wider of two ranges counts", { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/1"] } }, PUBLIC],
    ["/32 of IPv6", { IpAddress: { "aws:SourceIp": "2001:db8::/32" } }, LIMITED],
    ["/31 of IPv6", { IpAddress: { "aws:SourceIp": "2001:db8::/31" } }, PUBLIC],
    ["a private network", { IpAddress: { "aws:SourceIp": "172.16.0.0/12" } }, LIMITED],
    ["the private address inside a VPC", { IpAddress: { "aws:VpcSourceIp": "10.0.0.0/8" } }, PUBLIC],
    ["a fixed source ARN", { ArnLike: { "aws:SourceArn": `arn:aws:sns:us-east-1:${owner}:topic` } }, LIMITED],
    ["a source ARN with a wildcard", { ArnLike: { "aws:SourceArn": `arn:aws:sns:us-east-1:${owner}:*` } }, PUBLIC],
    ["roles of one account", { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${owner}:role/*` } }, LIMITED],
    ["roles of any account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/admin" } }, PUBLIC],
    [
      "an account that a path could imitate",
      { StringLike: { "aws:PrincipalArn": `arn:aws:*:${owner}:role/x` } },
      PUBLIC,
    ],
    ["one access point account", { StringEquals: { "s3:DataAccessPointAccount": owner } }, LIMITED],
    [
      "access points of one account",
      { ArnLike: { "s3:DataAccessPointArn": `arn:aws:s3:eu-west-1:${owner}:accesspoint/*` } },
      LIMITED,
    ],
    [
      "access points of any account",
      { ArnLike: { "s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:*:accesspoint/x" } },
      PUBLIC,
    ],
    ["an organization", { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } }, LIMITED],
    [
      "a part of an organization",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-exampleorgid/r-ab12/ou-ab12-1/*" } },
      LIMITED,
    ],
    ["part of any organization", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/r-ab12/*" } }, PUBLIC],
    ["AWS services", { Bool: { "aws:PrincipalIsAWSService": "true" } }, LIMITED],
    ["AWS services or not", { Bool: { "aws:PrincipalIsAWSService": ["true", "false"] } }, PUBLIC],
    ["a fixed user id", { StringEquals: { "aws:userid": "AIDAEXAMPLEID" } }, LIMITED],
    ["sessions of a role by id", { StringLike: { "aws:userid": "AROAEXAMPLEID:*" } }, PUBLIC],
    ["the bucket's own account", { StringEquals: { "aws:ResourceAccount": owner } }, PUBLIC],
    ["the bucket's own organization", { StringEquals: { "aws:ResourceOrgID": "o-exampleorgid" } }, PUBLIC],
    ["a tag of the caller", { StringEquals: { "aws:PrincipalTag/team": "red" } }, PUBLIC],
    ["a user name", { StringEquals: { "aws:username": "bob" } }, PUBLIC],
    ["the service that called", { "ForAnyValue:StringEquals": { "aws:CalledVia": "athena.amazonaws.com" } }, PUBLIC],
    [
      "a key of KMS, which old texts name",
      { StringEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "k" } },
      PUBLIC,
    ],
  ])("%s", ([, condition, expected]) => {
    expect(underCondition(condition)).toBe(expected);
  });

  test("an access point's own policy has no exception for names with wildcards", () => {
    const policy = bucketPolicy(
      allowAll({ Condition: { ArnLike: { "s3:DataAccessPointArn": `arn:aws:s3:eu-west-1:${owner}:accesspoint/*` } } }),
    );
    expect([isPublic(policy).isPublic, isPublic(policy, { accessPoint: true }).isPublic]).toEqual([false, true]);
  });
});

describe("says why", () => {
  test("for the statement and for each condition", () => {
    const policy = bucketPolicy(
      denyAll(),
      allowAll({
        Sid: "Site",
        Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/1" }, StringLike: { "aws:Referer": "x" } },
      }),
    );
    const verdict = isPublic(policy);
    expect(verdict.reason).toBe(
      'statement 2 ("Site"): the principal is "*": everyone, without credentials too; 0.0.0.0/1 is broader than /8; aws:Referer is whatever the caller sends',
    );
    expect(verdict.statements.map(({ public: open, reason }) => [open, reason])).toEqual([
      [false, "a Deny grants nothing"],
      [true, expect.stringContaining("everyone")],
    ]);
    expect(verdict.statements[1]?.conditions[0]).toEqual({
      path: "Statement[1].Condition.IpAddress.aws:SourceIp",
      key: "aws:SourceIp",
      limits: false,
      reason: "0.0.0.0/1 is broader than /8",
    });
  });
});
