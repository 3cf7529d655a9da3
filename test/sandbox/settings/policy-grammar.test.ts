import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { S3Error } from "../../../src/sandbox/s3-error.ts";
import { checkPolicy } from "../../../src/sandbox/settings/policy-grammar.ts";

const good = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/presign" },
  Action: "s3:PutObject",
  Resource: "arn:aws:s3:::drop/*",
};
const policy = (changes: Record<string, unknown> = {}, around: Record<string, unknown> = {}) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ ...good, ...changes }], ...around });

describe("S3 takes", () => {
  test.for<[string, string]>([
    ["a good policy", policy()],
    ["one statement without a list", JSON.stringify({ Statement: good })],
    ["white space before it", `\n  ${policy()}`],
    ["everyone", policy({ Principal: "*" })],
    ["an account", policy({ Principal: { AWS: ["111122223333"] } })],
    ["a deleted principal", policy({ Principal: { AWS: "AROAEXAMPLEEXAMPLE123" } })],
    ["a service", policy({ Principal: { Service: "cloudfront.amazonaws.com" } })],
    ["an assumed role", policy({ Principal: { AWS: "arn:aws:sts::111122223333:assumed-role/a/b" } })],
    [
      "several actions and resources",
      policy({ Action: ["s3:GetObject", "s3:ListBucket"], Resource: ["arn:aws:s3:::drop", "arn:aws:s3:::drop/*"] }),
    ],
    ["wildcards in the action", policy({ Action: "s3:Get*" })],
    ["any resource", policy({ Resource: "*" })],
    ["a pattern that the bucket fits", policy({ Resource: "arn:aws:s3:::dr*/x" })],
    ["another partition", policy({ Resource: "arn:aws-cn:s3:::drop/*" })],
    [
      "a condition",
      policy({ Condition: { StringEquals: { "s3:x-amz-acl": ["private"] }, Bool: { "aws:SecureTransport": true } } }),
    ],
    [
      "a condition on sets",
      policy({ Condition: { "ForAnyValue:StringLikeIfExists": { "aws:PrincipalOrgPaths": "o-1/*" } } }),
    ],
    [
      "NotPrincipal, NotAction and NotResource",
      JSON.stringify({
        Statement: { Effect: "Deny", NotPrincipal: "*", NotAction: "s3:Get*", NotResource: "arn:aws:s3:::drop/a" },
      }),
    ],
  ])("%s", ([, text]) => {
    expect(() => checkPolicy(text, "drop")).not.toThrow();
  });
});

describe("S3 refuses", () => {
  test.for<[string, string, string]>([
    ["text", "allow everyone", "first byte must be '{'"],
    ["a list", "[]", "first byte must be '{'"],
    ["what is no JSON", "{Statement}", "invalid Json"],
    ["another member", policy({}, { Comment: "x" }), "Unknown field Comment"],
    ["another version", policy({}, { Version: "2020-01-01" }), "valid version string"],
    ["no statement", '{"Version":"2012-10-17"}', "Missing required field Statement"],
    ["an empty list of statements", policy({}, { Statement: [] }), "Statement is empty"],
    ["a statement that is a word", policy({}, { Statement: ["x"] }), "Invalid policy syntax"],
    ["a statement with another member", policy({ Note: 1 }), "Unknown field Note"],
    ["no effect", policy({ Effect: undefined }), "Missing required field Effect"],
    ["another effect", policy({ Effect: "allow" }), "Invalid effect: allow"],
    ["no principal", policy({ Principal: undefined }), "Missing required field Principal"],
    ["a principal by its ARN alone", policy({ Principal: good.Principal.AWS }), "Invalid policy syntax"],
    ["a principal of another kind", policy({ Principal: { User: "me" } }), "Invalid principal"],
    ["a principal that is no ARN", policy({ Principal: { AWS: "presign" } }), "Invalid principal"],
    [
      "a wildcard in a principal",
      policy({ Principal: { AWS: "arn:aws:iam::111122223333:role/*" } }),
      "Invalid principal",
    ],
    ["a service by its short name", policy({ Principal: { Service: "cloudfront" } }), "Invalid principal"],
    ["no action", policy({ Action: undefined }), "Missing required field Action"],
    ["action and not action", policy({ NotAction: "s3:Get*" }), "Invalid policy syntax"],
    ["an action of another service", policy({ Action: "ec2:RunInstances" }), "invalid action"],
    ["no resource", policy({ Resource: undefined }), "Missing required field Resource"],
    ["an empty list of resources", policy({ Resource: [] }), "Invalid policy syntax"],
    ["another bucket", policy({ Resource: "arn:aws:s3:::other/*" }), "invalid resource"],
    ["a bucket whose name begins the same", policy({ Resource: "arn:aws:s3:::drop2/*" }), "invalid resource"],
    [
      "a resource of another service",
      policy({ Resource: "arn:aws:sns:eu-west-1:111122223333:drop" }),
      "invalid resource",
    ],
    ["an object action on the bucket", policy({ Resource: "arn:aws:s3:::drop" }), "does not apply"],
    ["a bucket action on objects", policy({ Action: "s3:ListBucket" }), "does not apply"],
    [
      "another condition type",
      policy({ Condition: { Equals: { "aws:SourceIp": "::1" } } }),
      "Invalid Condition type : Equals",
    ],
    [
      "a condition key without a service",
      policy({ Condition: { StringEquals: { SourceIp: "x" } } }),
      "invalid condition key",
    ],
    [
      "a condition on an object",
      policy({ Condition: { StringEquals: { "aws:SourceIp": {} } } }),
      "Invalid policy syntax",
    ],
    ["20 KiB and a byte", policy({ Sid: "x".repeat(20 * 1024) }), "maximum allowed document size"],
  ])("%s", ([, text, message]) => {
    const error = refusalOf(text);
    expect(error).toMatchObject({ code: "MalformedPolicy", status: 400 });
    expect(error?.message).toContain(message);
  });

  test("whatever is thrown at it, with no other error", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify({ Statement: value });
        expect(refusalOf(text)).toMatchObject({ code: "MalformedPolicy" });
      }),
    );
  });
});

function refusalOf(text: string): S3Error | undefined {
  try {
    checkPolicy(text, "drop");
    return undefined;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}
