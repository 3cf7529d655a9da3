import { describe, expect, test } from "vitest";
import { actionsFor, facetReads, facets, readOf } from "../../src/audit/facet-access.ts";
import { facetSchemas } from "../../src/audit/facet-schemas.ts";
import type { Facet } from "../../src/audit/facets.ts";

describe("IAM actions by their real names", () => {
  test.for<[Facet, readonly string[]]>([
    ["publicAccessBlock", ["s3:GetBucketPublicAccessBlock"]],
    ["accountPublicAccessBlock", ["s3:GetAccountPublicAccessBlock"]],
    ["organizationPublicAccessBlock", ["s3:GetAccountPublicAccessBlock"]],
    ["policy", ["s3:GetBucketPolicy"]],
    ["policyStatus", ["s3:GetBucketPolicyStatus"]],
    ["acl", ["s3:GetBucketAcl"]],
    ["ownership", ["s3:GetBucketOwnershipControls"]],
    ["cors", ["s3:GetBucketCORS"]],
    ["encryption", ["s3:GetEncryptionConfiguration"]],
    ["versioning", ["s3:GetBucketVersioning"]],
    ["lifecycle", ["s3:GetLifecycleConfiguration"]],
    ["logging", ["s3:GetBucketLogging"]],
    ["website", ["s3:GetBucketWebsite"]],
    ["notification", ["s3:GetBucketNotification"]],
    ["objectLock", ["s3:GetBucketObjectLockConfiguration"]],
    ["accessPoints", ["s3:ListAccessPoints", "s3:GetAccessPoint", "s3:GetAccessPointPolicy"]],
    ["endpoint", []],
  ])("%s takes %s", ([facet, actions]) => {
    expect(actionsFor(facet)).toEqual(actions);
  });

  test("the signer takes what shows a function, the API before it and a role", () => {
    expect(actionsFor("signer")).toEqual([
      "lambda:GetFunctionConfiguration",
      "lambda:GetFunctionUrlConfig",
      "lambda:GetPolicy",
      "apigateway:GET",
      "iam:GetRole",
      "iam:ListRolePolicies",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
    ]);
  });

  test("none of them changes or reads an object", () => {
    const actions = facets.flatMap(actionsFor);
    expect(actions.filter((action) => /:(Put|Delete|Create)|GetObject$|ListBucket$/.test(action))).toEqual([]);
  });
});

test("there is a row for each facet that has a shape", () => {
  expect([...facets].sort()).toEqual(Object.keys(facetSchemas).sort());
});

test.for([
  ["policy", "NoSuchBucketPolicy"],
  ["policyStatus", "NoSuchBucketPolicy"],
  ["publicAccessBlock", "NoSuchPublicAccessBlockConfiguration"],
  ["accountPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"],
  ["ownership", "OwnershipControlsNotFoundError"],
  ["encryption", "ServerSideEncryptionConfigurationNotFoundError"],
  ["cors", "NoSuchCORSConfiguration"],
  ["lifecycle", "NoSuchLifecycleConfiguration"],
  ["website", "NoSuchWebsiteConfiguration"],
  ["objectLock", "ObjectLockConfigurationNotFoundError"],
] as const)("%s: %s is an answer, not an error", ([facet, code]) => {
  expect(facetReads[facet][0].notConfigured).toEqual([code]);
});

test("a refusal is an answer nowhere", () => {
  const codes = facets.flatMap((facet) => facetReads[facet]).flatMap(({ notConfigured }) => notConfigured);
  expect(codes.filter((code) => /denied|forbidden|bucket$|redirect/i.test(code))).toEqual([]);
});

test("a call that is not in the table is a mistake that shows at once", () => {
  expect(() => readOf("signer", "GetBucketPolicy")).toThrow("The facet signer is not read with GetBucketPolicy.");
});
