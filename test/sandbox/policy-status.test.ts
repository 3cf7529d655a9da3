import { describe, expect, test } from "vitest";
import { isPublicPolicy } from "../../src/sandbox/policy-status.ts";

const everyone = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::drop/*" };
const policy = (changes: Record<string, unknown>) => JSON.stringify({ Statement: [{ ...everyone, ...changes }] });
const under = (operator: string, key: string, value: unknown) =>
  policy({ Condition: { [operator]: { [key]: value } } });

describe("public", () => {
  test.for<[string, string]>([
    ["everyone", policy({})],
    ["everyone in AWS", policy({ Principal: { AWS: "*" } })],
    ["everyone among others", policy({ Principal: { AWS: ["111122223333", "*"] } })],
    ["an identity provider of the internet", policy({ Principal: { Federated: "accounts.google.com" } })],
    ["all but one", policy({ Principal: undefined, NotPrincipal: { AWS: "111122223333" } })],
    ["a principal of a kind nobody knows", policy({ Principal: { Robot: "r2" } })],
    ["one statement without a list", JSON.stringify({ Statement: everyone })],
    ["an effect nobody knows", policy({ Effect: "allow" })],
    [
      "one open statement beside a closed one",
      JSON.stringify({ Statement: [{ ...everyone, Effect: "Deny" }, everyone] }),
    ],
    ["a header that anyone can send", under("StringEquals", "aws:Referer", "https://example.com/")],
    ["a key that is not on the list", under("StringEquals", "aws:PrincipalTag/team", "a")],
    ["a wildcard in the value", under("StringLike", "aws:SourceVpc", "vpc-*")],
    ["one wildcard among the values", under("StringLike", "aws:SourceVpce", ["vpce-1", "vpce-?"])],
    ["a variable in the value", under("StringEquals", "aws:userid", `$\{aws:userid}`)],
    ["sessions of a role", under("StringLike", "aws:userid", "AROAEXAMPLE:*")],
    ["everything but a value", under("StringNotEquals", "aws:SourceVpce", "vpce-1")],
    ["a value if there is one", under("StringEqualsIfExists", "aws:SourceVpce", "vpce-1")],
    ["all values of a set, which may be empty", under("ForAllValues:StringEquals", "aws:SourceVpce", "vpce-1")],
    ["a key that is merely there", under("Null", "aws:SourceVpce", "false")],
    ["no value", under("StringEquals", "aws:SourceVpce", [])],
    ["an empty value", under("StringEquals", "aws:SourceVpce", "")],
    ["every address", under("IpAddress", "aws:SourceIp", "0.0.0.0/0")],
    ["half of all addresses", under("IpAddress", "aws:SourceIp", "128.0.0.0/1")],
    ["a wide range of IPv6", under("IpAddress", "aws:SourceIp", "2001::/16")],
    ["a narrow range beside a wide one", under("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "::/0"])],
    ["what is no range", under("IpAddress", "aws:SourceIp", "203.0.113.0/24/7")],
    ["any other address", under("NotIpAddress", "aws:SourceIp", "203.0.113.0/24")],
    ["an access point of any account", under("ArnLike", "s3:DataAccessPointArn", "arn:aws:s3:*:*:accesspoint/*")],
  ])("%s", ([, text]) => {
    expect(isPublicPolicy(text)).toBe(true);
  });
});

describe("not public", () => {
  test.for<[string, string]>([
    ["a refusal", policy({ Effect: "Deny" })],
    ["a role", policy({ Principal: { AWS: "arn:aws:iam::111122223333:role/presign" } })],
    ["an account", policy({ Principal: { AWS: "111122223333" } })],
    ["a service", policy({ Principal: { Service: "cloudfront.amazonaws.com" } })],
    [
      "an identity provider of an account",
      policy({ Principal: { Federated: "arn:aws:iam::111122223333:saml-provider/a" } }),
    ],
    ["one endpoint", under("StringEquals", "aws:SourceVpce", "vpce-1")],
    ["one endpoint, in other letters", under("stringequals", "AWS:sourcevpce", "vpce-1")],
    ["one network, in the operator for patterns", under("StringLike", "aws:SourceVpc", "vpc-1")],
    ["an organization", under("StringEquals", "aws:PrincipalOrgID", "o-1")],
    ["an account as a number", under("StringEquals", "aws:SourceAccount", 111122223333)],
    ["any value of a set", under("ForAnyValue:StringEquals", "aws:SourceVpce", "vpce-1")],
    ["one address", under("IpAddress", "aws:SourceIp", "203.0.113.7")],
    ["a large network", under("IpAddress", "aws:SourceIp", "12.0.0.0/8")],
    ["a network of IPv6", under("IpAddress", "aws:SourceIp", "2001:db8::/32")],
    [
      "any access point of an account",
      under("StringLike", "s3:DataAccessPointArn", "arn:aws:s3:us-west-2:111122223333:accesspoint/*"),
    ],
    [
      "a limit beside a condition that is none",
      policy({ Condition: { StringEquals: { "aws:UserAgent": "a", "aws:PrincipalOrgID": "o-1" } } }),
    ],
  ])("%s", ([, text]) => {
    expect(isPublicPolicy(text)).toBe(false);
  });
});
