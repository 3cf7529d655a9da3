import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/audit/evaluate.ts";
import type { BucketFacets, Facet } from "../../src/audit/facets.ts";
import { isWhole, UNKNOWN } from "../../src/audit/outline.ts";
import { rules } from "../../src/audit/rules/index.ts";
import type { BucketSnapshot, Reading } from "../../src/audit/snapshot.ts";
import { aBlock, aBucket, anIntent } from "../support/audit-bucket.ts";
import { denyAll, documentOf, drop } from "../support/policy-documents.ts";

/** A bucket of which one facet is known in part: it is one of the outlines. */
function withOutlines<F extends Facet>(facet: F, ...possible: readonly unknown[]): BucketSnapshot {
  const bucket = aBucket({ publicAccessBlock: aBlock(true), ownership: "BucketOwnerEnforced" });
  const reading: Reading<BucketFacets[F]> = { state: "unreadable", reason: "known after apply: x", possible };
  return { ...bucket, facets: { ...bucket.facets, [facet]: reading } };
}

function statusOf(id: string, bucket: BucketSnapshot): string | undefined {
  return evaluate(bucket, rules, anIntent({}, bucket)).find(({ rule }) => rule === id)?.status;
}

const block = (changes: object) => ({ ...aBlock(true), ...changes });
const cors = (changes: object) => [
  {
    AllowedOrigins: ["https://app.example.com"],
    AllowedMethods: ["PUT"],
    AllowedHeaders: ["content-type"],
    ...changes,
  },
];
const tls = denyAll({});
const allow = (changes: object) => ({
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: `${drop.arn}/*`,
  ...changes,
});

describe("what is known decides, and what is not stays open", () => {
  test.for([
    [
      "a flag that is off",
      "bpa-complete",
      withOutlines("publicAccessBlock", block({ BlockPublicAcls: false, RestrictPublicBuckets: UNKNOWN })),
      "fail",
    ],
    [
      "a flag that is not known beside three that are on",
      "bpa-complete",
      withOutlines("publicAccessBlock", block({ RestrictPublicBuckets: UNKNOWN })),
      "unknown",
    ],
    [
      "a block that is there or not",
      "bpa-complete",
      withOutlines("publicAccessBlock", aBlock(true), undefined),
      "unknown",
    ],
    [
      "two blocks that both leave something open",
      "bpa-complete",
      withOutlines("publicAccessBlock", block({ BlockPublicAcls: false }), undefined),
      "fail",
    ],
    [
      "every origin among others that are not known",
      "cors-wildcard-origin",
      withOutlines("cors", cors({ AllowedOrigins: ["*", UNKNOWN] })),
      "fail",
    ],
    [
      "an origin that is not known",
      "cors-wildcard-origin",
      withOutlines("cors", cors({ AllowedOrigins: [UNKNOWN] })),
      "unknown",
    ],
    [
      "a method too many, whatever the origin",
      "cors-methods",
      withOutlines("cors", cors({ AllowedOrigins: [UNKNOWN], AllowedMethods: ["PUT", "DELETE"] })),
      "fail",
    ],
    [
      "a key that is not known, where the algorithm is",
      "encrypted",
      withOutlines("encryption", [
        { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: UNKNOWN } },
      ]),
      "pass",
    ],
    ["a target of logs that is not known", "logging", withOutlines("logging", { TargetBucket: UNKNOWN }), "pass"],
    [
      "a guard beside a statement that is not known",
      "tls-only",
      withOutlines("policy", documentWith([tls, UNKNOWN])),
      "pass",
    ],
    [
      "a statement that is not known beside no guard",
      "tls-only",
      withOutlines("policy", documentWith([UNKNOWN])),
      "unknown",
    ],
    [
      "a principal that is not known",
      "allow-with-negation",
      withOutlines("policy", documentOf(allow({ Principal: { AWS: [UNKNOWN] } }))),
      "pass",
    ],
    [
      "a principal that is everyone, with ARNs that are not known",
      "public-policy-masked",
      withOutlines("policy", documentOf(allow({ Resource: [UNKNOWN] }))),
      "fail",
    ],
    [
      "a principal that may be everyone",
      "public-policy-masked",
      withOutlines("policy", documentOf(allow({ Principal: { AWS: [UNKNOWN] } }))),
      "unknown",
    ],
    ["nothing at all", "tls-only", withOutlines("policy", UNKNOWN), "unknown"],
    [
      "values that no facet can have",
      "cors-methods",
      withOutlines("cors", cors({ AllowedMethods: 5, AllowedOrigins: UNKNOWN })),
      "unknown",
    ],
  ] as const)("%s: %s", ([, rule, bucket, status]) => {
    expect(statusOf(rule, bucket)).toBe(status);
  });

  test("a value is whole where no part of it is unknown", () => {
    expect([[], {}, [{ a: null }], UNKNOWN, [UNKNOWN], { a: [{ b: UNKNOWN }] }].map(isWhole)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

function documentWith(Statement: readonly unknown[]): unknown {
  return { Version: "2012-10-17", Statement };
}
