/** Questions about the owner's side: who else has access, who is shut out, what is allowed by naming what is not. */
import { describe, expect, test } from "vitest";
import { type CrossAccountFacts, foreignAccess } from "../../src/policy/cross-account.ts";
import { no, present, unreadable, yes } from "../../src/policy/decision.ts";
import { lockoutOf } from "../../src/policy/lockout.ts";
import { negatedAllows } from "../../src/policy/negation.ts";
import { trustTooWide } from "../../src/policy/trust.ts";
import {
  allowAll,
  bucketPolicy,
  denyAll,
  drop,
  owner,
  policyOf,
  type StatementJson,
  stranger,
} from "../support/policy-documents.ts";

const canonicalId = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
const otherCanonicalId = "c1da1111aaf850ea79cf0430f33d72579fd1611c97f7ded193374c0b163b6ab0";

describe("other accounts", () => {
  function foreign(statements: readonly StatementJson[], changes: Partial<CrossAccountFacts> = {}) {
    const found = foreignAccess({
      bucket: drop,
      policy: present(bucketPolicy(...statements)),
      account: owner,
      canonicalId,
      ...changes,
    });
    return [found.answer, found.foreign.map(({ who }) => who).join()];
  }
  const role = `arn:aws:iam::${stranger}:role/x`;

  test.for<[string, readonly StatementJson[], Partial<CrossAccountFacts>, unknown]>([
    ["the owner's root", [allowAll({ Principal: { AWS: `arn:aws:iam::${owner}:root` } })], {}, ["no", ""]],
    ["another account", [allowAll({ Principal: { AWS: stranger } })], {}, ["yes", stranger]],
    ["another account's role", [allowAll({ Principal: { AWS: role } })], {}, ["yes", role]],
    ["a role of a listed account", [allowAll({ Principal: { AWS: role } })], { allowed: [stranger] }, ["no", ""]],
    ["a listed role", [allowAll({ Principal: { AWS: role } })], { allowed: [role] }, ["no", ""]],
    [
      "another role than the listed one",
      [allowAll({ Principal: { AWS: role } })],
      { allowed: [`${role}y`] },
      ["yes", role],
    ],
    ["a service", [allowAll({ Principal: { Service: "cloudtrail.amazonaws.com" } })], {}, ["no", ""]],
    ["everyone", [allowAll()], {}, ["yes", "*"]],
    [
      "everyone of the owner's account",
      [allowAll({ Condition: { StringEquals: { "aws:PrincipalAccount": owner } } })],
      {},
      ["no", ""],
    ],
    [
      "everyone of another account",
      [allowAll({ Condition: { StringEquals: { "aws:PrincipalAccount": [owner, stranger] } } })],
      {},
      ["yes", stranger],
    ],
    [
      "everyone of an organization",
      [allowAll({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } } })],
      {},
      ["yes", "o-exampleorgid"],
    ],
    [
      "everyone of a listed organization",
      [allowAll({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } } })],
      { allowed: ["o-exampleorgid"] },
      ["no", ""],
    ],
    [
      "everyone in a network",
      [allowAll({ Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } })],
      {},
      ["no", ""],
    ],
    ["a canonical user", [allowAll({ Principal: { CanonicalUser: otherCanonicalId } })], {}, ["yes", otherCanonicalId]],
    ["the owner's canonical id", [allowAll({ Principal: { CanonicalUser: canonicalId } })], {}, ["no", ""]],
    [
      "denied again",
      [
        allowAll({ Principal: { AWS: stranger } }),
        denyAll({ Condition: { StringNotEquals: { "aws:PrincipalAccount": owner } } }),
      ],
      {},
      ["no", ""],
    ],
    [
      "cut off with the public",
      [allowAll(), allowAll({ Principal: { AWS: stranger } })],
      { restricted: yes("on") },
      ["no", ""],
    ],
    [
      "not cut off while nothing is public",
      [allowAll({ Principal: { AWS: stranger } })],
      { restricted: yes("on") },
      ["yes", stranger],
    ],
    [
      "an owner nobody knows",
      [allowAll({ Principal: { AWS: stranger } })],
      { account: undefined } as never,
      ["unknown", stranger],
    ],
    ["a policy nobody could read", [], { policy: unreadable("AccessDenied") }, ["unknown", ""]],
    [
      "a grant of the ACL",
      [denyAll()],
      { acl: present([{ id: otherCanonicalId, permission: "READ" }]) },
      ["yes", otherCanonicalId],
    ],
    ["the owner's grant", [denyAll()], { acl: present([{ id: canonicalId, permission: "FULL_CONTROL" }]) }, ["no", ""]],
    [
      "a grant while ACLs are off",
      [denyAll()],
      {
        acl: present([{ id: otherCanonicalId, permission: "READ" }]),
        ownership: present("BucketOwnerEnforced"),
        restricted: no("off"),
      },
      ["no", ""],
    ],
  ])("%s", ([, statements, changes, expected]) => {
    const policy = statements.length === 0 ? {} : { policy: present(bucketPolicy(...statements)) };
    expect(foreign([denyAll()], { ...policy, ...changes })).toEqual(expected);
  });
});

describe("lockout", () => {
  const always = { Condition: {} };
  test.for<[string, readonly StatementJson[], "yes" | "no" | "unknown", string?]>([
    ["everything denied to everyone", [denyAll(always)], "yes"],
    [
      "in two statements",
      [denyAll({ ...always, Action: "s3:Put*" }), denyAll({ ...always, Action: "s3:DeleteBucketPolicy" })],
      "yes",
    ],
    ["deleting the policy still works", [denyAll({ ...always, Action: "s3:PutBucketPolicy" })], "no"],
    ["objects only", [denyAll({ ...always, Resource: `${drop.arn}/*` })], "no"],
    ["without TLS", [denyAll()], "no"],
    [
      "all but one role",
      [denyAll({ Condition: { ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${owner}:role/admin` } } })],
      "no",
    ],
    ["all but one VPC endpoint", [denyAll({ Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } } })], "no"],
    ["the owner's account", [denyAll({ ...always, Principal: { AWS: owner } })], "yes"],
    ["another account", [denyAll({ ...always, Principal: { AWS: stranger } })], "no"],
    [
      "an account, and whose it is nobody knows",
      [denyAll({ ...always, Principal: { AWS: owner } })],
      "unknown",
      "nobody's",
    ],
    [
      "everyone but another account",
      [denyAll({ ...always, NotPrincipal: { AWS: stranger }, Principal: undefined })],
      "yes",
    ],
    [
      "everyone but a role of the owner",
      [denyAll({ ...always, NotPrincipal: { AWS: `arn:aws:iam::${owner}:role/admin` }, Principal: undefined })],
      "no",
    ],
    [
      "everyone outside the owner's account",
      [denyAll({ Condition: { StringNotEquals: { "aws:PrincipalAccount": owner } } })],
      "no",
    ],
  ])("%s", ([, statements, expected, account]) => {
    const policy = bucketPolicy(...statements);
    expect((account === undefined ? lockoutOf(policy, drop, owner) : lockoutOf(policy, drop)).answer).toBe(expected);
  });

  test("tells of a Deny that shuts out only from elsewhere", () => {
    const policy = bucketPolicy(denyAll({ Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } } }));
    expect(lockoutOf(policy, drop, owner)).toMatchObject({ answer: "no", by: [], conditional: [0] });
  });
});

describe("allowing by naming what is not allowed", () => {
  test("each element by itself", () => {
    const policy = bucketPolicy(
      allowAll({ NotAction: "s3:DeleteBucket", Action: undefined }),
      allowAll({ NotResource: drop.arn, Resource: undefined }),
      allowAll({ NotPrincipal: { AWS: owner }, Principal: undefined }),
      denyAll({ NotAction: "s3:GetObject", Action: undefined }),
      allowAll(),
    );
    expect(negatedAllows(policy).map(({ index, element }) => [index, element])).toEqual([
      [0, "NotAction"],
      [1, "NotResource"],
      [2, "NotPrincipal"],
    ]);
  });
});

describe("who may take on the role", () => {
  const expected = { services: ["lambda.amazonaws.com", "apigateway.amazonaws.com"], principals: [owner] };
  test.for<[string, unknown, readonly string[]]>([
    ["the function", { Service: "lambda.amazonaws.com" }, []],
    ["another service", { Service: "ec2.amazonaws.com" }, ["ec2.amazonaws.com"]],
    ["everyone", { AWS: "*" }, ["*"]],
    ["the account that is meant", { AWS: `arn:aws:iam::${owner}:root` }, []],
    ["another account", { AWS: stranger }, [stranger]],
    ["a provider", { Federated: `arn:aws:iam::${owner}:oidc-provider/x` }, [`arn:aws:iam::${owner}:oidc-provider/x`]],
  ])("%s", ([, principal, found]) => {
    const policy = policyOf("trust", { Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" });
    expect(trustTooWide(policy, expected).tooMuch.map((one) => one.principal)).toEqual(found);
  });

  test("a service that others could make act for them wants its source named", () => {
    const trust = (condition: StatementJson) =>
      trustTooWide(
        policyOf("trust", {
          Effect: "Allow",
          Principal: { Service: expected.services },
          Action: "sts:AssumeRole",
          Condition: condition,
        }),
        expected,
      ).confusable;
    expect(trust({})).toEqual(["apigateway.amazonaws.com"]);
    expect(trust({ StringEquals: { "aws:SourceAccount": owner } })).toEqual([]);
  });
});
