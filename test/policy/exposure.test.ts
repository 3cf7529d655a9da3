import { describe, expect, test } from "vitest";
import { type AccessBlock, effectiveFlag, organizationBlock } from "../../src/policy/access-block.ts";
import { type AclGrant, cannedAclGrants } from "../../src/policy/acl.ts";
import { ABSENT, present, unreadable } from "../../src/policy/decision.ts";
import { accessPointPublic, type ExposureFacts, exposure } from "../../src/policy/exposure.ts";
import {
  allowAll,
  bucketPolicy,
  denyAll,
  drop,
  owner,
  type StatementJson,
  variable,
} from "../support/policy-documents.ts";

const open: AccessBlock = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const closed = organizationBlock("all");
const readable = present(bucketPolicy(allowAll()));
const publicRead = present(cannedAclGrants("public-read") ?? []);
const denied = unreadable("AccessDenied");
const cut = { bucket: present({ ...open, RestrictPublicBuckets: true }) };

function answers(facts: Omit<ExposureFacts, "bucket">) {
  const found = exposure({ bucket: drop, ...facts });
  return {
    public: found.public.answer,
    open: found.open.answer,
    strangers: found.strangers.answer,
    masked: found.masked.answer,
  };
}

describe("keeps the three answers apart", () => {
  test.for<[string, Omit<ExposureFacts, "bucket">, ReturnType<typeof answers>]>([
    ["nothing configured", {}, { public: "no", open: "no", strangers: "no", masked: "no" }],
    ["a public policy", { policy: readable }, { public: "yes", open: "yes", strangers: "yes", masked: "no" }],
    [
      "a public policy behind RestrictPublicBuckets",
      { policy: readable, blocks: cut },
      { public: "yes", open: "no", strangers: "no", masked: "yes" },
    ],
    [
      "a public policy behind BlockPublicPolicy only",
      { policy: readable, blocks: { bucket: present({ ...open, BlockPublicPolicy: true }) } },
      { public: "yes", open: "yes", strangers: "yes", masked: "no" },
    ],
    [
      "a public policy that denies everyone again",
      { policy: present(bucketPolicy(allowAll(), denyAll({ Condition: {} }))) },
      { public: "yes", open: "yes", strangers: "no", masked: "no" },
    ],
    ["a public ACL", { acl: publicRead }, { public: "no", open: "yes", strangers: "yes", masked: "no" }],
    [
      "a public ACL that is ignored",
      { acl: publicRead, blocks: { account: present({ ...open, IgnorePublicAcls: true }) } },
      { public: "no", open: "no", strangers: "no", masked: "yes" },
    ],
    [
      "a public ACL with ACLs switched off",
      { acl: publicRead, ownership: present("BucketOwnerEnforced") },
      { public: "no", open: "no", strangers: "no", masked: "yes" },
    ],
    [
      "a public ACL behind RestrictPublicBuckets",
      { acl: publicRead, blocks: cut },
      { public: "no", open: "yes", strangers: "yes", masked: "no" },
    ],
    [
      "a public ACL that a Deny takes back",
      { acl: publicRead, policy: present(bucketPolicy(denyAll({ Condition: {} }))) },
      { public: "no", open: "yes", strangers: "no", masked: "no" },
    ],
    [
      "a policy nobody could read",
      { policy: denied },
      { public: "unknown", open: "unknown", strangers: "unknown", masked: "no" },
    ],
    [
      "a policy nobody could read behind the block",
      { policy: denied, blocks: { organization: present(closed) } },
      { public: "unknown", open: "no", strangers: "no", masked: "unknown" },
    ],
    [
      "an ACL nobody could read",
      { acl: denied },
      { public: "no", open: "unknown", strangers: "unknown", masked: "no" },
    ],
    [
      "an ACL nobody could read with ACLs off",
      { acl: denied, ownership: present("BucketOwnerEnforced") },
      { public: "no", open: "no", strangers: "no", masked: "unknown" },
    ],
    [
      "a public policy and a block nobody could read",
      { policy: readable, blocks: { account: denied } },
      { public: "yes", open: "unknown", strangers: "unknown", masked: "unknown" },
    ],
    [
      "no policy and a block nobody could read",
      { blocks: { account: denied, bucket: denied } },
      { public: "no", open: "no", strangers: "no", masked: "no" },
    ],
    [
      "a block nobody could read beside one that is on",
      { policy: readable, blocks: { account: denied, bucket: present(closed) } },
      { public: "yes", open: "no", strangers: "no", masked: "yes" },
    ],
    [
      "AWS calls it public and we do not",
      { policy: present(bucketPolicy(denyAll())), policyStatus: present(true) },
      { public: "yes", open: "yes", strangers: "no", masked: "no" },
    ],
    [
      "AWS calls it not public and we do",
      { policy: readable, policyStatus: present(false) },
      { public: "yes", open: "yes", strangers: "yes", masked: "no" },
    ],
    [
      "only AWS's word about the policy",
      { policy: denied, policyStatus: present(false) },
      { public: "no", open: "no", strangers: "unknown", masked: "no" },
    ],
  ])("%s", ([, facts, expected]) => {
    expect(answers(facts)).toEqual(expected);
  });

  test("says where AWS and s3up differ", () => {
    const { public: verdict } = exposure({ bucket: drop, policy: readable, policyStatus: present(false) });
    expect([verdict.aws, verdict.ours?.isPublic, verdict.agrees]).toEqual([false, true, false]);
  });

  test("names the switches that hold it back, and what they hold back", () => {
    const { masked } = exposure({
      bucket: drop,
      policy: readable,
      blocks: { organization: present(closed), bucket: present(closed) },
    });
    expect(masked.by).toEqual(["organization", "bucket"]);
    expect(masked.witnesses[0]).toEqual({
      action: "s3:GetObject",
      resource: "arn:aws:s3:::drop/x",
      kind: "read",
      who: "anonymous",
    });
  });
});

interface Told {
  readonly answer: string;
  readonly actions: readonly string[];
  readonly who: string | undefined;
}

describe("what a stranger can do", () => {
  function strangers(...statements: readonly StatementJson[]): Told {
    const found = exposure({ bucket: drop, policy: present(bucketPolicy(...statements)) }).strangers;
    return { answer: found.answer, actions: found.witnesses.map(({ action }) => action), who: found.witnesses[0]?.who };
  }
  const everything = { Action: "s3:*", Resource: "*" };
  const readsAnonymously = { answer: "yes", actions: ["s3:GetObject"], who: "anonymous" };
  const nothing = { answer: "no", actions: [], who: undefined };
  const withAccount = { answer: "yes", actions: ["s3:GetObject"], who: "foreign-account" };

  test.for<[string, readonly StatementJson[], Told]>([
    ["reads what everyone may read", [allowAll()], readsAnonymously],
    ["gets nothing that is for a role", [allowAll({ Principal: { AWS: owner } })], nothing],
    [
      "gets nothing from an organization's policy",
      [allowAll({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } } })],
      nothing,
    ],
    [
      "is in some organization",
      [allowAll({ Condition: { StringLike: { "aws:PrincipalOrgID": "o-*" } } })],
      withAccount,
    ],
    ["has a VPC endpoint, too", [allowAll({ Condition: { Null: { "aws:SourceVpce": "false" } } })], readsAnonymously],
    [
      "has none of the named VPC endpoints",
      [allowAll({ Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } })],
      nothing,
    ],
    [
      "passes IfExists by coming without the key",
      [allowAll({ Condition: { IpAddressIfExists: { "aws:SourceIp": "203.0.113.0/24" } } })],
      readsAnonymously,
    ],
    [
      "does not sit in a narrow network",
      [allowAll({ Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } })],
      nothing,
    ],
    ["sits in a wide one", [allowAll({ Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/1" } } })], readsAnonymously],
    [
      "sends any Referer",
      [allowAll({ Condition: { StringLike: { "aws:Referer": "https://example.com/*" } } })],
      readsAnonymously,
    ],
    ["uses TLS where that is asked", [allowAll(), denyAll()], readsAnonymously],
    [
      "cannot escape two halves of a Deny",
      [allowAll(), denyAll(), denyAll({ Condition: { Bool: { "aws:SecureTransport": "true" } } })],
      nothing,
    ],
    [
      "is outside the office",
      [allowAll(), denyAll({ Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } } })],
      nothing,
    ],
    [
      "is outside the organization",
      [allowAll(), denyAll({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } } })],
      nothing,
    ],
    [
      "comes through a VPC endpoint where only the internet is denied",
      [
        allowAll(),
        denyAll({
          Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" }, Null: { "aws:SourceVpce": "true" } },
        }),
      ],
      readsAnonymously,
    ],
    [
      "sends the header that the Deny spares",
      [allowAll(), denyAll({ Condition: { StringNotLike: { "aws:Referer": "https://app.example.com/*" } } })],
      readsAnonymously,
    ],
    [
      "cannot send a header that is both there and not there",
      [
        allowAll(),
        denyAll({ Condition: { Null: { "aws:Referer": "true" } } }),
        denyAll({ Condition: { StringLike: { "aws:Referer": "*" } } }),
      ],
      nothing,
    ],
    [
      "is not among those NotPrincipal spares",
      [allowAll(), { ...denyAll({ Condition: {} }), Principal: undefined, NotPrincipal: { AWS: owner } }],
      nothing,
    ],
    [
      "signs in at a web identity provider",
      [allowAll({ Principal: { Federated: "accounts.google.com" } })],
      withAccount,
    ],
    [
      "gets what the Deny leaves over",
      [allowAll({ Action: ["s3:GetObject", "s3:PutObject"] }), denyAll({ Action: "s3:PutObject", Condition: {} })],
      readsAnonymously,
    ],
    [
      "chooses a user name that fits",
      [allowAll({ Resource: `${drop.arn}/home/${variable("aws:username")}/*` })],
      readsAnonymously,
    ],
    [
      "gets nothing where only a prefix stays undenied that is not allowed",
      [
        allowAll({ Resource: `${drop.arn}/a/*` }),
        { ...denyAll({ Condition: {} }), Resource: undefined, NotResource: `${drop.arn}/b/*` },
      ],
      nothing,
    ],
    ["is no AWS service", [allowAll({ Condition: { Bool: { "aws:PrincipalIsAWSService": "true" } } })], nothing],
    [
      "has own accounts that fit a pattern",
      [allowAll({ Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/reader" } } })],
      withAccount,
    ],
  ])("%s", ([, statements, expected]) => {
    expect(strangers(...statements)).toEqual(expected);
  });

  test("is told by kind, the telling ones first", () => {
    const { witnesses } = exposure({ bucket: drop, policy: present(bucketPolicy(allowAll(everything))) }).strangers;
    expect(witnesses.slice(0, 4)).toEqual([
      { action: "s3:PutObject", resource: "arn:aws:s3:::drop/x", kind: "write", who: "anonymous" },
      { action: "s3:DeleteObject", resource: "arn:aws:s3:::drop/x", kind: "delete", who: "anonymous" },
      { action: "s3:GetObject", resource: "arn:aws:s3:::drop/x", kind: "read", who: "anonymous" },
      { action: "s3:ListBucket", resource: "arn:aws:s3:::drop", kind: "list", who: "anonymous" },
    ]);
  });

  test("is unknown where it hangs on a value nobody knows", () => {
    const statement = allowAll({
      Condition: { StringEquals: { "s3:prefix": variable("s3:ExistingObjectTag/owner") } },
    });
    expect(strangers(statement).answer).toBe("unknown");
  });

  test("reads through the ACL what AuthenticatedUsers may", () => {
    const acl = present<readonly AclGrant[]>(cannedAclGrants("authenticated-read") ?? []);
    const { witnesses } = exposure({ bucket: drop, acl }).strangers;
    expect(witnesses[0]).toEqual({
      action: "s3:ListBucket",
      resource: "arn:aws:s3:::drop",
      kind: "list",
      who: "foreign-account",
    });
  });
});

describe("access points", () => {
  test.for<["Internet" | "VPC", Parameters<typeof accessPointPublic>[1], string]>([
    ["VPC", readable, "no"],
    ["Internet", readable, "yes"],
    ["Internet", ABSENT, "no"],
    ["Internet", denied, "unknown"],
    ["VPC", denied, "no"],
  ])("%s", ([origin, policy, expected]) => {
    expect(accessPointPublic(origin, policy).answer).toBe(expected);
  });
});

describe("flags of Block Public Access", () => {
  test("combine flag by flag over the levels", () => {
    const blocks = {
      account: present({ ...open, IgnorePublicAcls: true }),
      bucket: present({ ...open, RestrictPublicBuckets: true }),
    };
    expect(effectiveFlag(blocks, "IgnorePublicAcls")).toMatchObject({ answer: "yes", levels: ["account"] });
    expect(effectiveFlag(blocks, "RestrictPublicBuckets")).toMatchObject({ answer: "yes", levels: ["bucket"] });
    expect(effectiveFlag(blocks, "BlockPublicPolicy").answer).toBe("no");
    expect(effectiveFlag({ ...blocks, organization: denied }, "BlockPublicPolicy").answer).toBe("unknown");
  });
});
