import { describe, expect, test } from "vitest";
import { Budget } from "../../src/policy/budget.ts";
import {
  ABSENT_KEY,
  ANY_FACT,
  type KeyFact,
  PRESENT_KEY,
  type Truth,
  truthOf,
  valueFact,
} from "../../src/policy/evaluate.ts";
import { formatAddress, parseIpAddress, parseIpRange } from "../../src/policy/ip-range.ts";
import { allowAll, bucketPolicy, variable } from "../support/policy-documents.ts";

function truth(condition: unknown, fact: KeyFact, version = "2012-10-17"): Truth {
  const policy = bucketPolicy(allowAll({ Condition: condition }));
  const [statement] = policy.statements;
  if (statement === undefined) throw new Error("no statement");
  return truthOf({ ...statement, version: version as "2012-10-17" }, () => fact, new Budget());
}

describe("a condition and what is known about its key", () => {
  test.for<[unknown, KeyFact, Truth]>([
    [{ StringEquals: { "aws:referer": "a" } }, valueFact("a"), "always"],
    [{ StringEquals: { "aws:referer": "a" } }, valueFact("A"), "never"],
    [{ StringEquals: { "aws:referer": ["b", "a"] } }, valueFact("a"), "always"],
    [{ StringEquals: { "aws:referer": "a*" } }, valueFact("ab"), "never"],
    [{ StringEqualsIgnoreCase: { "aws:referer": "a" } }, valueFact("A"), "always"],
    [{ StringLike: { "aws:referer": "a*" } }, valueFact("ab"), "always"],
    [{ StringNotLike: { "aws:referer": "a*" } }, valueFact("ab"), "never"],
    [{ StringNotEquals: { "aws:referer": ["a", "b"] } }, valueFact("b"), "never"],

    [{ StringEquals: { "aws:referer": "a" } }, ABSENT_KEY, "never"],
    [{ StringNotEquals: { "aws:referer": "a" } }, ABSENT_KEY, "always"],
    [{ StringEqualsIfExists: { "aws:referer": "a" } }, ABSENT_KEY, "always"],
    [{ "ForAllValues:StringEquals": { "aws:CalledVia": "a" } }, ABSENT_KEY, "always"],
    [{ "ForAnyValue:StringEquals": { "aws:CalledVia": "a" } }, ABSENT_KEY, "never"],
    [{ "ForAnyValue:StringNotEquals": { "aws:CalledVia": "a" } }, ABSENT_KEY, "never"],
    [{ Null: { "aws:referer": "true" } }, ABSENT_KEY, "always"],
    [{ Null: { "aws:referer": "false" } }, ABSENT_KEY, "never"],

    [{ StringEquals: { "aws:referer": "a" } }, ANY_FACT, "sometimes"],
    [{ StringEquals: { "aws:referer": "a" } }, PRESENT_KEY, "sometimes"],
    [{ StringLike: { "aws:referer": "*" } }, PRESENT_KEY, "always"],
    [{ StringLike: { "aws:referer": "*" } }, ANY_FACT, "sometimes"],
    [{ StringLikeIfExists: { "aws:referer": "*" } }, ANY_FACT, "always"],
    [{ StringNotLike: { "aws:referer": "*" } }, PRESENT_KEY, "never"],
    [{ Null: { "aws:referer": "false" } }, PRESENT_KEY, "always"],
    [{ Null: { "aws:referer": ["true", "false"] } }, ANY_FACT, "always"],
    [{ Bool: { "aws:SecureTransport": ["true", "false"] } }, PRESENT_KEY, "always"],
    [{ IpAddress: { "aws:SourceIp": ["0.0.0.0/0", "::/0"] } }, PRESENT_KEY, "always"],
    [{ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }, PRESENT_KEY, "sometimes"],

    [{ "ForAllValues:StringLike": { "aws:CalledVia": "a*" } }, valueFact("a1", "a2"), "always"],
    [{ "ForAllValues:StringLike": { "aws:CalledVia": "a*" } }, valueFact("a1", "b2"), "never"],
    [{ "ForAnyValue:StringLike": { "aws:CalledVia": "a*" } }, valueFact("b1", "a2"), "always"],
    [{ "ForAnyValue:StringNotLike": { "aws:CalledVia": "a*" } }, valueFact("a1", "a2"), "never"],

    [{ NumericLessThan: { "s3:TlsVersion": 1.2 } }, valueFact("1.1"), "always"],
    [{ NumericLessThan: { "s3:TlsVersion": 1.2 } }, valueFact("1.2"), "never"],
    [{ NumericGreaterThanEquals: { "s3:signatureAge": "10" } }, valueFact("10.0"), "always"],
    [{ StringEquals: { "s3:signatureAge": "10" } }, valueFact("10"), "sometimes"],
    [{ Bool: { "aws:SecureTransport": "TRUE" } }, valueFact("true"), "always"],
    [{ DateGreaterThan: { "aws:CurrentTime": "2027-01-01" } }, valueFact("2027-01-01T00:00:01Z"), "always"],
    [
      { DateLessThanEquals: { "aws:CurrentTime": "2027-01-01T02:00+02:00" } },
      valueFact("2027-01-01T00:00:00Z"),
      "always",
    ],
    [{ DateEquals: { "aws:EpochTime": "1798761600" } }, valueFact("2027-01-01T00:00:00Z"), "always"],
    [{ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, valueFact("203.0.113.255"), "always"],
    [{ NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, valueFact("203.0.114.0"), "always"],
    [{ IpAddress: { "aws:SourceIp": "2001:db8::/32" } }, valueFact("203.0.113.1"), "never"],

    [{ ArnLike: { "aws:SourceArn": "arn:aws:sns:*:1:t*" } }, valueFact("arn:aws:sns:us-east-1:1:topic"), "always"],
    [{ ArnEquals: { "aws:SourceArn": "arn:aws:sns:*:t" } }, valueFact("arn:aws:sns:us-east-1:1:t"), "never"],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*" } }, valueFact("arn:aws:iam::1:role/x"), "always"],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:*:1:role/x" } }, valueFact("arn:aws:iam::2:role/a:1:role/x"), "never"],
    [
      { StringLike: { "aws:PrincipalArn": "arn:aws:*:1:role/x" } },
      valueFact("arn:aws:iam::2:role/a:1:role/x"),
      "always",
    ],

    [{ StringEquals: { "s3:prefix": variable("aws:username") } }, valueFact("bob"), "sometimes"],
    [{ StringLike: { "s3:prefix": `home/${variable("aws:username")}` } }, valueFact("etc/x"), "never"],
    [{ StringLike: { "s3:prefix": `a${variable("*")}` } }, valueFact("ab"), "never"],
    [{ StringEquals: { "aws:referer": "a" }, Null: { "aws:referer": "true" } }, valueFact("a"), "never"],
  ])("%j, %j: %s", ([condition, fact, expected]) => {
    expect(truth(condition, fact)).toBe(expected);
  });

  test("a variable is plain text in the version of 2008", () => {
    const condition = { StringEquals: { "s3:prefix": variable("aws:username") } };
    expect(truth(condition, valueFact("bob"), "2008-10-17")).toBe("never");
    expect(truth(condition, valueFact(variable("aws:username")), "2008-10-17")).toBe("always");
  });
});

describe("addresses", () => {
  test.for<[string, string | undefined]>([
    ["203.0.113.7", "203.0.113.7/32"],
    ["203.0.113.7/24", "203.0.113.0/24"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["::/0", "0:0:0:0:0:0:0:0/0"],
    ["2001:DB8:1234:5678::/64", "2001:db8:1234:5678:0:0:0:0/64"],
    ["::ffff:203.0.113.7", "0:0:0:0:0:ffff:cb00:7107/128"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8/128"],
    ["203.0.113", undefined],
    ["203.0.113.07", undefined],
    ["203.0.113.7/33", undefined],
    ["203.0.113.7/", undefined],
    ["203.0.113.7/24/8", undefined],
    ["::1::", undefined],
    ["1:2:3:4:5:6:7:8:9", undefined],
    ["1:2:3:4:5:6:7::8:9", undefined],
    ["12345::", undefined],
    ["::/129", undefined],
    ["", undefined],
  ])("%s is %s", ([text, expected]) => {
    const range = parseIpRange(text);
    const shown =
      range === undefined
        ? undefined
        : `${formatAddress({ version: range.version, value: range.network })}/${range.prefixLength}`;
    expect(shown).toBe(expected);
  });

  test("are read back as they are written", () => {
    for (const text of ["0.0.0.0", "255.255.255.255", "1:2:3:4:5:6:7:8", "0:0:0:0:0:0:0:1"]) {
      const address = parseIpAddress(text);
      expect(address === undefined ? undefined : formatAddress(address)).toBe(text);
    }
  });
});
