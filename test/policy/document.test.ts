import { describe, expect, test } from "vitest";
import { parsePolicy, readPolicy } from "../../src/policy/document.ts";
import { PolicyError } from "../../src/policy/policy-error.ts";
import { allowAll, allowUploads, denyAll, documentOf, variable } from "../support/policy-documents.ts";

const good = documentOf(allowAll());

function refusal(input: unknown, kind: Parameters<typeof parsePolicy>[1] = "resource"): PolicyError {
  try {
    parsePolicy(input, kind);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error("the policy was accepted");
}

function withCondition(condition: unknown) {
  return documentOf(allowAll({ Condition: condition }));
}

describe("refuses what AWS's grammar does not have, and says where", () => {
  test.for<[string, unknown, string]>([
    ["a list instead of a document", [], ""],
    ["null", null, ""],
    ["a document without Statement", { Version: "2012-10-17" }, ""],
    ["an unknown element", { ...good, Principal: "*" }, "Principal"],
    ["an element in another case", { version: "2012-10-17", Statement: good.Statement }, "version"],
    ["a version that is none", { ...good, Version: "2012-10-18" }, "Version"],
    ["a version that is a number", { ...good, Version: 2012 }, "Version"],
    ["an Id that is no string", { ...good, Id: 7 }, "Id"],
    ["no statement in the list", { ...good, Statement: [] }, "Statement"],
    ["a statement that is text", { ...good, Statement: ["Allow"] }, "Statement[0]"],
    ["an unknown element of a statement", documentOf(allowAll({ Actions: "s3:*" })), "Statement[0].Actions"],
    ["an element of a statement in another case", documentOf(allowAll({ condition: {} })), "Statement[0].condition"],
    ["no Effect", documentOf(allowAll({ Effect: undefined }), denyAll()), "Statement[0]"],
    ["an Effect in another case", documentOf(allowAll(), allowAll({ Effect: "allow" })), "Statement[1].Effect"],
    ["a Sid that is no string", documentOf(allowAll({ Sid: 1 })), "Statement[0].Sid"],
    ["Action and NotAction", documentOf(allowAll({ NotAction: "s3:*" })), "Statement[0].NotAction"],
    ["Resource and NotResource", documentOf(allowAll({ NotResource: "*" })), "Statement[0].NotResource"],
    ["Principal and NotPrincipal", documentOf(allowAll({ NotPrincipal: "*" })), "Statement[0].NotPrincipal"],
    ["an empty list of actions", documentOf(allowAll({ Action: [] })), "Statement[0].Action"],
    ["an action without a service", documentOf(allowAll({ Action: ["s3:*", "PutObject"] })), "Statement[0].Action[1]"],
    ["an action that is null", documentOf(allowAll({ Action: null })), "Statement[0].Action"],
    ["an empty resource", documentOf(allowAll({ Resource: "" })), "Statement[0].Resource"],
    ["a list in a list", documentOf(allowAll({ Resource: [["*"]] })), "Statement[0].Resource[0]"],
    ["a principal that is a name", documentOf(allowAll({ Principal: "root" })), "Statement[0].Principal"],
    ["a principal that is a list", documentOf(allowAll({ Principal: ["*"] })), "Statement[0].Principal"],
    ["a principal of nobody", documentOf(allowAll({ Principal: {} })), "Statement[0].Principal"],
    ["an empty list of principals", documentOf(allowAll({ Principal: { AWS: [] } })), "Statement[0].Principal.AWS"],
    ["an unknown kind of principal", documentOf(allowAll({ Principal: { Aws: "*" } })), "Statement[0].Principal.Aws"],
    [
      "an account id of eleven digits",
      documentOf(allowAll({ Principal: { AWS: "11112222333" } })),
      "Statement[0].Principal.AWS",
    ],
    ["a condition that is a list", withCondition([]), "Statement[0].Condition"],
    ["a condition that is null", withCondition(null), "Statement[0].Condition"],
    [
      "an unknown operator",
      withCondition({ StringEqual: { "aws:SourceVpc": "x" } }),
      "Statement[0].Condition.StringEqual",
    ],
    [
      "IfExists on Null",
      withCondition({ NullIfExists: { "aws:SourceVpc": "true" } }),
      "Statement[0].Condition.NullIfExists",
    ],
    ["an operator without keys", withCondition({ Bool: "true" }), "Statement[0].Condition.Bool"],
    [
      "a key without a prefix",
      withCondition({ Bool: { SecureTransport: "true" } }),
      "Statement[0].Condition.Bool.SecureTransport",
    ],
    [
      "no value",
      withCondition({ Bool: { "aws:SecureTransport": [] } }),
      "Statement[0].Condition.Bool.aws:SecureTransport",
    ],
    [
      "a value that is an object",
      withCondition({ Bool: { "aws:SecureTransport": {} } }),
      "Statement[0].Condition.Bool.aws:SecureTransport",
    ],
    [
      "a Boolean that is none",
      withCondition({ Bool: { "aws:SecureTransport": "no" } }),
      "Statement[0].Condition.Bool.aws:SecureTransport",
    ],
    [
      "a Null that is no Boolean",
      withCondition({ Null: { "aws:SourceVpc": "yes" } }),
      "Statement[0].Condition.Null.aws:SourceVpc",
    ],
    [
      "a number that is none",
      withCondition({ NumericLessThan: { "s3:max-keys": ["1", "ten"] } }),
      "Statement[0].Condition.NumericLessThan.s3:max-keys[1]",
    ],
    [
      "a date that is none",
      withCondition({ DateLessThan: { "aws:CurrentTime": "2027-13-01" } }),
      "Statement[0].Condition.DateLessThan.aws:CurrentTime",
    ],
    [
      "a range that is none",
      withCondition({ IpAddress: { "aws:SourceIp": "10.0.0.0/33" } }),
      "Statement[0].Condition.IpAddress.aws:SourceIp",
    ],
    [
      "an address with four big parts",
      withCondition({ IpAddress: { "aws:SourceIp": "10.0.0.256" } }),
      "Statement[0].Condition.IpAddress.aws:SourceIp",
    ],
    [
      "a base64 text that is none",
      withCondition({ BinaryEquals: { "s3:x": "###=" } }),
      "Statement[0].Condition.BinaryEquals.s3:x",
    ],
  ])("%s", ([, input, path]) => {
    expect(refusal(input).path).toBe(path);
  });

  test.for<[string, unknown, Parameters<typeof parsePolicy>[1], string]>([
    ["a bucket policy without Principal", documentOf(allowUploads()), "resource", "Statement[0]"],
    ["a role's policy with Principal", documentOf(allowAll()), "identity", "Statement[0].Principal"],
    ["a role's policy without Resource", documentOf({ Effect: "Allow", Action: "s3:*" }), "identity", "Statement[0]"],
    ["a trust policy with Resource", documentOf(allowAll()), "trust", "Statement[0].Resource"],
  ])("%s", ([, input, kind, path]) => {
    expect(refusal(input, kind).path).toBe(path);
  });
});

describe("reads what AWS accepts", () => {
  test.for<[string, unknown]>([
    ["one statement without a list", { Version: "2012-10-17", Statement: allowAll() }],
    ["the older version", { ...good, Version: "2008-10-17" }],
    ["no version", { Statement: [allowAll()] }],
    ["an Id and a Sid with spaces", { ...good, Id: "x", Statement: [allowAll({ Sid: "Everyone may read" })] }],
    ["an operator in another case", withCondition({ bool: { "aws:SecureTransport": "false" } })],
    ["a qualifier and IfExists", withCondition({ "ForAnyValue:StringLikeIfExists": { "aws:CalledVia": "x*" } })],
    ["a number without quotes", withCondition({ NumericLessThan: { "s3:max-keys": 10 } })],
    ["a Boolean without quotes", withCondition({ Bool: { "aws:SecureTransport": false } })],
    [
      "a variable where a range should be",
      withCondition({ IpAddress: { "aws:SourceIp": variable("aws:PrincipalTag/ip") } }),
    ],
    ["an IPv6 range", withCondition({ IpAddress: { "aws:SourceIp": "2001:db8::/32" } })],
    ["seconds since 1970", withCondition({ DateLessThan: { "aws:EpochTime": "1767225600" } })],
    ["a date without time", withCondition({ DateLessThan: { "aws:CurrentTime": "2027-01-01" } })],
    ["a date with a zone", withCondition({ DateLessThan: { "aws:CurrentTime": "2027-01-01T10:00:00+02:00" } })],
    ["a deleted principal's id", documentOf(allowAll({ Principal: { AWS: "AROAEXAMPLEID1234567" } }))],
    [
      "CloudFront's identity",
      documentOf(allowAll({ Principal: { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1" } })),
    ],
    [
      "an account of another partition",
      documentOf(allowAll({ Principal: { AWS: "arn:aws-cn:iam::111122223333:root" } })),
    ],
    [
      "several kinds of principal",
      documentOf(allowAll({ Principal: { AWS: ["*"], Service: "logging.s3.amazonaws.com" } })),
    ],
  ])("%s", ([, input]) => {
    expect(readPolicy(input, "resource").state).toBe("present");
    expect(readPolicy(JSON.stringify(input), "resource").state).toBe("present");
  });

  test("keeps a long number as it was written", () => {
    const text = JSON.stringify(withCondition({ StringEquals: { "aws:SourceAccount": 0 } })).replace(
      ":0}",
      ":111122223333}",
    );
    const policy = parsePolicy(text, "resource");
    expect(policy.statements[0]?.conditions[0]?.values).toEqual(["111122223333"]);
  });
});

describe("reads text with positions", () => {
  test.for<[string, string, string, number, number]>([
    [
      "a member that is there twice",
      '{\n  "Version": "2012-10-17",\n  "Statement": [{"Effect": "Allow",\n    "Effect": "Deny"}]\n}',
      "Statement[0].Effect",
      4,
      5,
    ],
    ["a wrong value", '{\n "Version": "2011-01-01",\n "Statement": []\n}', "Version", 2, 13],
    ["a comma too many", '{"Statement": [],}', "", 1, 18],
    ["an end too early", '{"Statement": [', "Statement[0]", 1, 16],
    ["text after the end", "{}\n{}", "", 2, 1],
    ["a string that is not closed", '{"Version', "", 1, 2],
    ["a line break in a string", '{"Version": "2012\n"}', "Version", 1, 18],
    ["a wrong escape", '{"Version": "\\x"}', "Version", 1, 14],
    ["nothing", "  ", "", 1, 3],
    ["a number with a leading zero", '{"Version": 01}', "", 1, 14],
  ])("%s", ([, text, path, line, column]) => {
    const error = refusal(text);
    expect([error.path, error.position]).toEqual([path, { line, column }]);
    expect(error.message).toContain(`(line ${line}, column ${column})`);
  });

  test("finds a duplicate that is written in two ways", () => {
    expect(refusal('{"Version":"2012-10-17","\\u0056ersion":"2012-10-17","Statement":[]}').path).toBe("Version");
  });

  test("refuses nesting that would exhaust the stack", () => {
    expect(refusal("[".repeat(100_000)).message).toContain("nested deeper");
    expect(refusal(`{"a":${"[".repeat(50)}${"]".repeat(50)}}`).message).toContain("nested deeper");
  });

  test("refuses what no service stores", () => {
    expect(refusal(JSON.stringify("x".repeat(300_000))).message).toContain("larger than any policy");
    expect(refusal({ Statement: "x".repeat(300_000) }).message).toContain("larger than any policy");
  });

  test("refuses a cycle", () => {
    const cycle: Record<string, unknown> = {};
    cycle.Statement = cycle;
    expect(refusal(cycle).message).toContain("nested deeper");
  });

  test("agrees with JSON.parse on escapes", () => {
    const sid = 'a"\\/\b\f\n\r\té\u{1f600}';
    expect(parsePolicy(JSON.stringify(documentOf(allowAll({ Sid: sid }))), "resource").statements[0]?.sid).toBe(sid);
  });

  test("counts bytes, not characters", () => {
    expect(parsePolicy(JSON.stringify({ ...good, Id: "é" }), "resource").bytes).toBe(
      JSON.stringify({ ...good, Id: "é" }).length + 1,
    );
  });
});
