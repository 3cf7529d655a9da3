import { describe, expect, test } from "vitest";
import { parsePolicy } from "../../src/policy/document.ts";
import { type LintCode, lintPolicy } from "../../src/policy/lint.ts";
import {
  allowAll,
  allowUploads,
  bucketPolicy,
  denyAll,
  documentOf,
  drop,
  owner,
  rolePolicy,
  type StatementJson,
  variable,
} from "../support/policy-documents.ts";

describe("what is legal and odd", () => {
  test.for<[string, readonly StatementJson[], readonly LintCode[]]>([
    ["nothing about a plain policy", [allowAll(), denyAll()], []],
    ["nothing about every action on bucket and objects", [denyAll({ Action: ["s3:*"] })], []],
    ["one Sid twice", [allowAll({ Sid: "a" }), denyAll({ Sid: "a" })], ["duplicate-sid"]],
    ["one action twice", [allowAll({ Action: ["s3:GetObject", "s3:GetObject"] })], ["duplicate-value"]],
    ["an action that S3 does not have", [allowAll({ Action: ["s3:GetObject", "s3:GetObjects"] })], ["unknown-action"]],
    ["a pattern that no action fits", [allowAll({ Action: ["s3:GetObject", "s3:Fetch*"] })], ["unknown-action"]],
    ["an action of another service", [allowAll({ Action: ["s3:GetObject", "sqs:SendMessage"] })], ["other-service"]],
    ["listing with the objects' ARN", [allowAll({ Action: "s3:ListBucket" })], ["action-without-resource"]],
    ["reading with the bucket's ARN", [allowAll({ Resource: drop.arn })], ["action-without-resource"]],
    [
      "one of two actions without its ARN",
      [allowAll({ Action: ["s3:GetObject", "s3:ListBucket"] })],
      ["action-without-resource"],
    ],
    ["a path for a resource", [allowAll({ Resource: ["drop/*", `${drop.arn}/*`] })], ["not-an-arn"]],
    [
      "a wildcard inside a principal",
      [allowAll({ Principal: { AWS: `arn:aws:iam::${owner}:role/*` } })],
      ["principal-pattern"],
    ],
    [
      "NotPrincipal with Deny",
      [denyAll({ Principal: undefined, NotPrincipal: { AWS: owner } })],
      ["not-principal-deny"],
    ],
    [
      "a key that nobody has",
      [allowAll({ Condition: { StringEquals: { "aws:SourceVpcId": "vpc-1" } } })],
      ["unknown-key"],
    ],
    [
      "a number compared as text",
      [denyAll({ Condition: { StringEquals: { "s3:signatureAge": "1" } } })],
      ["type-mismatch"],
    ],
    [
      "a key that reading never has",
      [allowAll({ Condition: { StringLike: { "s3:prefix": "a*" } } })],
      ["key-never-present"],
    ],
    [
      "a wildcard that is taken literally",
      [allowAll({ Condition: { StringEquals: { "aws:SourceVpc": "vpc-*" } } })],
      ["literal-wildcard"],
    ],
    [
      "a key that is absent and has a value",
      [denyAll({ Condition: { Null: { "aws:SourceVpc": "true" }, StringEquals: { "aws:SourceVpc": "vpc-1" } } })],
      ["contradiction"],
    ],
    [
      "one key twice in different letters",
      [allowAll({ Condition: { StringEquals: { "aws:SourceVpc": "vpc-1", "aws:sourcevpc": "vpc-2" } } })],
      ["duplicate-key"],
    ],
    [
      "ForAllValues in an Allow",
      [allowAll({ Condition: { "ForAllValues:StringEquals": { "aws:PrincipalOrgPaths": "o-1/r-1/" } } })],
      ["for-all-values"],
    ],
  ])("%s", ([, statements, codes]) => {
    expect(lintPolicy(bucketPolicy(...statements), drop).map(({ code }) => code)).toEqual(codes);
  });

  test("a policy above S3's limit", () => {
    const long = documentOf(allowAll({ Sid: "x".repeat(20_500) }));
    expect(lintPolicy(parsePolicy(long, "resource"), drop).map(({ code }) => code)).toEqual(["too-large"]);
  });

  test("variables without the version that has them", () => {
    const { Version: _, ...old } = documentOf(allowAll({ Resource: `${drop.arn}/${variable("aws:username")}/*` }));
    const codes = lintPolicy(parsePolicy(old, "resource"), drop).map(({ code }) => code);
    expect(codes).toEqual(["version-missing", "variable-in-old-version"]);
  });

  test("a role may speak of other services", () => {
    expect(
      lintPolicy(rolePolicy(allowUploads(), { Effect: "Allow", Action: "logs:PutLogEvents", Resource: "*" })),
    ).toEqual([]);
  });

  test("says where", () => {
    const [finding] = lintPolicy(bucketPolicy(denyAll(), allowAll({ Action: ["s3:GetObjects"] })), drop);
    expect(finding).toEqual({
      code: "unknown-action",
      path: "Statement[1].Action",
      message: '"s3:GetObjects" is no action of S3',
    });
  });
});
