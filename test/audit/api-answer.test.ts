import { describe, expect, test } from "vitest";
import { facetFrom, plainAnswer } from "../../src/audit/api-answer.ts";
import type { Facet } from "../../src/audit/facets.ts";

const rule = { AllowedOrigins: ["https://app.example"], AllowedMethods: ["PUT"] };
const flags = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const sse = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } };
const abort = { Status: "Enabled", Filter: {}, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } };
const grant = { Grantee: { Type: "CanonicalUser", ID: "a" }, Permission: "READ" };

describe("each facet as it is, as the API wraps it and as the aws command prints it, is the same", () => {
  test.for<[Facet, unknown, readonly unknown[]]>([
    ["publicAccessBlock", flags, [flags, { PublicAccessBlockConfiguration: flags }]],
    ["accountPublicAccessBlock", flags, [flags, { PublicAccessBlockConfiguration: flags }]],
    ["policy", { Statement: [] }, [{ Statement: [] }, { Policy: { Statement: [] } }]],
    ["policy", "text", ["text", { Policy: "text" }]],
    ["policyStatus", { IsPublic: true }, [{ IsPublic: true }, { PolicyStatus: { IsPublic: true } }]],
    ["acl", { Grants: [grant] }, [{ Grants: [grant] }, [grant]]],
    [
      "ownership",
      "ObjectWriter",
      [
        "ObjectWriter",
        { OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] } },
        { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
      ],
    ],
    ["cors", [rule], [[rule], { CORSRules: [rule] }]],
    ["encryption", [sse], [[sse], { Rules: [sse] }, { ServerSideEncryptionConfiguration: { Rules: [sse] } }]],
    [
      "lifecycle",
      [abort],
      [[abort], { Rules: [abort], TransitionDefaultMinimumObjectSize: "all_storage_classes_128K" }],
    ],
    ["logging", { TargetBucket: "logs" }, [{ TargetBucket: "logs" }, { LoggingEnabled: { TargetBucket: "logs" } }]],
    [
      "objectLock",
      { ObjectLockEnabled: "Enabled" },
      [{ ObjectLockEnabled: "Enabled" }, { ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } }],
    ],
    ["accessPoints", [{ Name: "in" }], [[{ Name: "in" }], { AccessPointList: [{ Name: "in", Bucket: "drop" }] }]],
    ["versioning", { Status: "Enabled" }, [{ Status: "Enabled" }]],
  ])("%s", ([facet, value, answers]) => {
    for (const answer of answers) expect(facetFrom(facet, answer)).toEqual({ state: "present", value });
  });
});

describe("an answer without content means that nothing is configured", () => {
  test.for<[Facet, unknown]>([
    ["cors", {}],
    ["lifecycle", {}],
    ["lifecycle", { Rules: [] }],
    ["encryption", {}],
    ["logging", {}],
    ["accessPoints", { AccessPointList: [] }],
    ["accessPoints", {}],
    ["versioning", {}],
    ["notification", {}],
    ["objectLock", {}],
    ["website", {}],
    ["policy", { Policy: null }],
  ])("%s: %j", ([facet, answer]) => {
    expect(facetFrom(facet, answer)).toEqual({ state: "absent" });
  });
});

describe("an answer that the API would not give is none", () => {
  test.for<[Facet, unknown, string, readonly (string | number)[]]>([
    ["cors", { CORSRules: [{}] }, "is missing", ["CORSRules", 0, "AllowedOrigins"]],
    [
      "ownership",
      { OwnershipControls: { Rules: [] } },
      'should be ("BucketOwnerEnforced" | "BucketOwnerPreferred" | "ObjectWriter")',
      ["OwnershipControls", "Rules"],
    ],
    ["publicAccessBlock", "all", "should be an object", []],
    ["acl", {}, "is missing", ["Grants"]],
  ])("%s: %j", ([facet, answer, problem, path]) => {
    expect(facetFrom(facet, answer)).toEqual({ state: "malformed", problem, path });
  });
});

test("the list of blocked encryption types may stand without the member that XML needs", () => {
  const rules = [{ ...sse, BlockedEncryptionTypes: ["SSE-C"] }];
  expect(facetFrom("encryption", rules)).toEqual({
    state: "present",
    value: [{ ...sse, BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] } }],
  });
});

test("what the SDK returns is taken without its metadata, with times as text", () => {
  const output = { $metadata: { httpStatusCode: 200 }, Rules: undefined, Since: new Date(0), Name: "a" };
  expect(plainAnswer(output)).toEqual({ Since: "1970-01-01T00:00:00.000Z", Name: "a" });
});
