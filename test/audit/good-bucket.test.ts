/**
 * The rules all together: what the project deploys has no finding, each change to it has the one that belongs to it, and the
 * upload pattern as articles show it has one in each of its five layers.
 */
import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/audit/evaluate.ts";
import { policyAnswers } from "../../src/audit/policy-answers.ts";
import { rules } from "../../src/audit/rules/index.ts";
import type { BucketSnapshot } from "../../src/audit/snapshot.ts";
import {
  aBlock,
  aBucket,
  aCorsRule,
  anIntent,
  type FacetChanges,
  groupGrant,
  unread,
} from "../support/audit-bucket.ts";
import { goodBucket, goodIntent, goodSigner, guards } from "../support/good-bucket.ts";
import {
  allowAll,
  allowUploads,
  denyAll,
  documentOf,
  drop,
  type StatementJson,
  stranger,
} from "../support/policy-documents.ts";

function resultsOf(bucket: BucketSnapshot, options = goodIntent) {
  return evaluate(bucket, rules, anIntent(options, bucket));
}

function failing(bucket: BucketSnapshot): readonly string[] {
  return resultsOf(bucket)
    .filter(({ status }) => status === "fail")
    .map(({ rule }) => rule)
    .sort();
}

function withStatements(...statements: readonly StatementJson[]) {
  return documentOf(...Object.values(guards), ...statements);
}

function without(name: keyof typeof guards) {
  const { [name]: _, ...rest }: Readonly<Record<string, StatementJson>> = guards;
  return documentOf(...Object.values(rest));
}

function withAgeLimit(milliseconds: string) {
  const limit = { ...guards.staleSignature, Condition: { NumericGreaterThan: { "s3:signatureAge": milliseconds } } };
  return documentOf(...Object.values({ ...guards, staleSignature: limit }));
}

describe("the configuration that is deployed", () => {
  test("has no finding and no open question", () => {
    const bad = resultsOf(goodBucket()).filter(({ status }) => status !== "pass" && status !== "not-applicable");
    expect(bad.map(({ rule, status, message }) => [rule, status, message])).toEqual([]);
  });

  test("is not public by any of the three answers", () => {
    expect(policyAnswers(goodBucket())).toEqual({
      public: "no",
      awsSays: false,
      strangers: { answer: "no", can: [], reason: "nothing is allowed to strangers" },
      masked: "no",
    });
  });
});

const open = { publicAccessBlock: aBlock(false), policyStatus: { IsPublic: true } };
const changes: readonly (readonly [string, FacetChanges, readonly string[]])[] = [
  ["no block", { publicAccessBlock: undefined }, ["bpa-complete"]],
  [
    "everyone may read, blocked",
    { policy: withStatements(allowAll()), policyStatus: { IsPublic: true } },
    ["public-policy-masked", "role-scope"],
  ],
  [
    "everyone may read",
    { ...open, policy: withStatements(allowAll()) },
    ["bpa-complete", "cross-account", "public-policy", "role-scope"],
  ],
  [
    "everyone may write",
    { ...open, policy: withStatements(allowAll({ Action: "s3:Put*" })) },
    ["bpa-complete", "cross-account", "public-policy", "public-write", "role-scope"],
  ],
  [
    "everyone may list",
    { ...open, policy: withStatements(allowAll({ Action: "s3:ListBucket", Resource: drop.arn })) },
    ["bpa-complete", "cross-account", "public-list", "public-policy", "role-scope"],
  ],
  ["a foreign account", { policy: withStatements(allowAll({ Principal: { AWS: stranger } })) }, ["cross-account"]],
  [
    "an Allow with NotAction",
    {
      policy: withStatements(
        allowAll({ Principal: { AWS: "111122223333" }, Action: undefined, NotAction: "s3:DeleteObject" }),
      ),
    },
    ["allow-with-negation"],
  ],
  [
    "administrators shut out",
    { policy: withStatements(denyAll({ Condition: { Bool: { "aws:SecureTransport": "true" } } })) },
    ["policy-lockout", "role-works"],
  ],
  ["no guard against plain HTTP", { policy: without("plainHttp") }, ["tls-only"]],
  ["no guard against old TLS", { policy: without("oldTls") }, ["tls-version"]],
  ["no limit on the age of URLs", { policy: without("staleSignature") }, ["presign-max-age"]],
  ["no guard against old signatures", { policy: without("oldSignature") }, ["sigv4-only"]],
  [
    "seconds for milliseconds",
    {
      policy: withAgeLimit("900"),
    },
    ["presign-age-unit"],
  ],
  [
    "an age below what the signer promises",
    {
      policy: withAgeLimit("300000"),
    },
    ["role-works"],
  ],
  [
    "no presigned URLs at all",
    {
      policy: withStatements(
        denyAll({ Action: "s3:*Object", Condition: { StringEquals: { "s3:authType": "REST-QUERY-STRING" } } }),
      ),
    },
    ["presign-auth-type", "role-works"],
  ],
  [
    "an action that does not exist",
    { policy: withStatements(denyAll({ Action: "s3:PutObjekt" })) },
    ["policy-grammar"],
  ],
  [
    "a role that may read",
    {
      signer: {
        ...goodSigner,
        policies: [{ name: "x", document: documentOf(allowUploads({ Action: ["s3:PutObject", "s3:GetObject"] })) }],
      },
    },
    ["role-scope"],
  ],
  [
    "a role for the whole bucket",
    {
      signer: {
        ...goodSigner,
        policies: [{ name: "x", document: documentOf(allowUploads({ Resource: `${drop.arn}/*` })) }],
      },
    },
    ["key-prefix", "role-scope"],
  ],
  ["a role that may nothing", { signer: { ...goodSigner, policies: [] } }, ["role-works"]],
  [
    "a role that can open the bucket",
    {
      signer: {
        ...goodSigner,
        policies: [
          ...goodSigner.policies,
          { name: "x", document: documentOf(allowUploads({ Action: "s3:PutBucketPolicy", Resource: drop.arn })) },
        ],
      },
    },
    ["role-escalation", "role-scope"],
  ],
  [
    "a role that anyone may take on",
    { signer: { ...goodSigner, trust: documentOf({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }) } },
    ["role-trust"],
  ],
  [
    "a function URL for everyone",
    { signer: { ...goodSigner, function: { ...goodSigner.function, url: { AuthType: "NONE" } } } },
    ["function-public"],
  ],
  [
    "URLs that live an hour",
    {
      signer: {
        ...goodSigner,
        function: {
          ...goodSigner.function,
          environment: { ...goodSigner.function.environment, EXPIRES_IN_MAX: "3600" },
        },
      },
    },
    ["role-works", "short-lived-urls"],
  ],
  [
    "events for another prefix",
    {
      notification: {
        QueueConfigurations: [
          { Events: ["s3:ObjectCreated:*"], Filter: { Key: { FilterRules: [{ Name: "Prefix", Value: "upload/" }] } } },
        ],
      },
    },
    ["key-prefix"],
  ],
  [
    "everyone in the ACL, and ACLs on",
    { ownership: "ObjectWriter", acl: { Grants: [groupGrant("AllUsers", "READ")] }, publicAccessBlock: undefined },
    ["acls-disabled", "bpa-complete", "public-acl"],
  ],
];

describe("each change to it has the finding that belongs to it", () => {
  test.for(changes)("%s", ([, change, expected]) => {
    expect(failing(goodBucket(change))).toEqual(expected);
  });
});

/** A request that anyone can try, or that the role can make. The guard against old signatures keeps out who signs nothing. */
const proofs: readonly (readonly [string, FacetChanges, string, object])[] = [
  [
    "a stranger reads",
    { ...open, policy: withStatements(allowAll()) },
    "public-policy",
    { action: "s3:GetObject", resource: `${drop.arn}/x`, principal: "any AWS account" },
  ],
  [
    "a stranger would read",
    { policy: withStatements(allowAll()) },
    "public-policy-masked",
    { action: "s3:GetObject", resource: `${drop.arn}/x`, principal: "any AWS account" },
  ],
  [
    "another account reads",
    { policy: withStatements(allowAll({ Principal: { AWS: stranger } })) },
    "cross-account",
    { action: "s3:GetObject", resource: `${drop.arn}/x`, principal: stranger },
  ],
  [
    "an upload over plain HTTP",
    { policy: without("plainHttp") },
    "tls-only",
    { action: "s3:PutObject", resource: `${drop.arn}/x`, principal: "*" },
  ],
  [
    "an upload with an old URL",
    { policy: without("staleSignature") },
    "presign-max-age",
    { action: "s3:PutObject", resource: `${drop.arn}/uploads/x`, principal: "*" },
  ],
  [
    "the role reads",
    { signer: { ...goodSigner, policies: [{ name: "x", document: documentOf(allowUploads({ Action: "s3:Get*" })) }] } },
    "role-scope",
    { action: "s3:GetObject", resource: `${drop.arn}/uploads/`, principal: goodSigner.roleArn },
  ],
];

describe("the proof of a finding", () => {
  test.for(proofs)("%s", ([, change, rule, witness]) => {
    expect(resultsOf(goodBucket(change)).find((result) => result.rule === rule)?.witness).toEqual(witness);
  });
});

describe("the upload pattern as articles show it", () => {
  const article = aBucket({
    publicAccessBlock: aBlock(true),
    ownership: "BucketOwnerEnforced",
    cors: [
      aCorsRule({ AllowedOrigins: ["*"], AllowedMethods: ["GET", "PUT", "POST", "DELETE"], AllowedHeaders: ["*"] }),
    ],
    signer: {
      roleArn: goodSigner.roleArn,
      policies: [
        {
          name: "s3",
          document: documentOf(allowUploads({ Action: ["s3:PutObject", "s3:GetObject"], Resource: `${drop.arn}/*` })),
        },
      ],
      trust: goodSigner.trust,
      function: { environment: { BUCKET_NAME: "drop", EXPIRATION: "3600" }, cors: { AllowOrigins: ["*"] } },
    },
  });
  const found = resultsOf(article, {}).filter(({ status }) => status === "fail");

  test.for([
    [1, ["short-lived-urls", "presign-max-age", "sigv4-only"]],
    [2, ["role-scope"]],
    [4, ["key-prefix", "no-overwrite"]],
    [5, ["cors-wildcard-origin", "cors-methods", "cors-api"]],
  ] as const)("layer %s", ([layer, expected]) => {
    expect(found.filter((result) => result.layer === layer).map(({ rule }) => rule)).toEqual(expected);
  });

  test("its bucket is closed: all four flags are on", () => {
    expect(found.filter((result) => result.layer === 3)).toEqual([]);
  });

  test("without the flags and with the ACLs of old, the third layer has its finding, too", () => {
    const old = { ...article, facets: { ...article.facets, publicAccessBlock: { state: "absent" as const } } };
    expect(
      resultsOf(old, {})
        .filter(({ layer, status }) => layer === 3 && status === "fail")
        .map(({ rule }) => rule),
    ).toEqual(["bpa-complete"]);
  });
});

const unanswered = [
  "allow-with-negation",
  "cross-account",
  "key-prefix",
  "policy-grammar",
  "policy-lockout",
  "presign-age-unit",
  "presign-auth-type",
  "presign-max-age",
  "public-policy-masked",
  "role-escalation",
  "role-scope",
  "role-works",
  "sigv4-only",
  "tls-only",
  "tls-version",
];

describe("what could not be read", () => {
  test("a policy that was refused leaves open what it could change, and nothing is called safe", () => {
    const bucket = goodBucket({ policy: unread(), policyStatus: unread() });
    const open = resultsOf(bucket).filter(({ status }) => status === "unknown");
    expect(open.map(({ rule }) => rule).sort()).toEqual(unanswered);
  });
});
