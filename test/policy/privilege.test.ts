import { describe, expect, test } from "vitest";
import { ABSENT, present, unreadable } from "../../src/policy/decision.ts";
import { canPerform } from "../../src/policy/effective-permission.ts";
import { escalationsOf } from "../../src/policy/escalation.ts";
import { excessOf, uploadGrants } from "../../src/policy/excess.ts";
import type { PrivilegeFacts } from "../../src/policy/privilege.ts";
import { presignedUpload, type UploadRequest } from "../../src/policy/request-facts.ts";
import {
  allowAll,
  allowUploads,
  bucketPolicy,
  denyAll,
  drop,
  owner,
  rolePolicy,
  type StatementJson,
  signerArn,
  stranger,
  variable,
} from "../support/policy-documents.ts";

const wanted = uploadGrants(drop, "uploads/");
const put: UploadRequest = { mode: "put", signatureAgeMs: 5000 };

/** A role with the statements, of the bucket's own account, and nothing else. */
function role(statements: readonly StatementJson[], changes: Partial<PrivilegeFacts> = {}): PrivilegeFacts {
  const inline = statements.length === 0 ? [] : [{ name: "inline", document: present(rolePolicy(...statements)) }];
  const caller = { arn: signerArn, identity: inline };
  return { caller, bucket: drop, bucketAccount: owner, ...changes };
}

function bounded(statements: readonly StatementJson[], limit: readonly StatementJson[]): PrivilegeFacts {
  const facts = role(statements);
  return {
    ...facts,
    caller: { ...facts.caller, boundary: { name: "limit", document: present(rolePolicy(...limit)) } },
  };
}

function identityDeny(changes: StatementJson): StatementJson {
  return { Effect: "Deny", Action: "s3:*", Resource: "*", ...changes };
}

describe("what a role may do beyond uploading", () => {
  test.for<[string, PrivilegeFacts, string | undefined]>([
    ["exactly uploading", role([allowUploads()]), undefined],
    [
      "uploading in parts, too",
      role([allowUploads({ Action: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"] })]),
      undefined,
    ],
    [
      "uploads under a condition",
      role([allowUploads({ Condition: { StringEquals: { "s3:x-amz-acl": "private" } } })]),
      undefined,
    ],
    [
      "reading",
      role([allowUploads({ Action: ["s3:PutObject", "s3:GetObject"] })]),
      "s3:GetObject on arn:aws:s3:::drop/uploads/",
    ],
    ["Put* holds ACLs", role([allowUploads({ Action: "s3:Put*" })]), "s3:PutObjectAcl on arn:aws:s3:::drop/uploads/"],
    [
      "a name that begins alike",
      role([allowUploads({ Resource: `${drop.arn}/uploads*` })]),
      "s3:PutObject on arn:aws:s3:::drop/uploads",
    ],
    [
      "a bucket that begins alike",
      role([allowUploads({ Resource: `${drop.arn}*/uploads/*` })]),
      "s3:PutObject on arn:aws:s3:::drop//uploads/",
    ],
    ["the whole bucket", role([allowUploads({ Resource: `${drop.arn}/*` })]), "s3:PutObject on arn:aws:s3:::drop/x"],
    ["every bucket", role([allowUploads({ Resource: "*" })]), "s3:PutObject on arn:aws:s3:::drop/x"],
    [
      "another bucket",
      role([allowUploads(), allowUploads({ Resource: "arn:aws:s3:::other/*" })]),
      "s3:PutObject on arn:aws:s3:::other/x",
    ],
    [
      "an access point",
      role([allowUploads(), allowUploads({ Resource: `arn:aws:s3:eu-west-1:${owner}:accesspoint/up/object/*` })]),
      `s3:PutObject on arn:aws:s3:eu-west-1:${owner}:accesspoint/up/object/x`,
    ],
    [
      "the account's list of buckets",
      role([allowUploads(), { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }]),
      "s3:ListAllMyBuckets on *",
    ],
    [
      "other services are another question",
      role([allowUploads(), { Effect: "Allow", Action: "logs:*", Resource: "*" }]),
      undefined,
    ],
    [
      "a variable widens",
      role([allowUploads({ Resource: `${drop.arn}/${variable("aws:username")}/*` })]),
      "s3:PutObject on arn:aws:s3:::drop//",
    ],
    [
      "a variable in a Deny takes nothing",
      role([
        allowUploads({ Resource: `${drop.arn}/*` }),
        identityDeny({ Resource: `${drop.arn}/${variable("aws:username")}*` }),
      ]),
      "s3:PutObject on arn:aws:s3:::drop/x",
    ],
    [
      "denied again",
      role([allowUploads({ Action: "s3:*" }), identityDeny({ Action: undefined, NotAction: ["s3:PutObject"] })]),
      undefined,
    ],
    [
      "denied under a condition",
      role([
        allowUploads({ Action: "s3:*" }),
        identityDeny({
          Action: undefined,
          NotAction: ["s3:PutObject"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      ]),
      "s3:DeleteObject on arn:aws:s3:::drop/uploads/",
    ],
    [
      "denied elsewhere",
      role([
        allowUploads({ Resource: "*" }),
        identityDeny({ Resource: undefined, NotResource: `${drop.arn}/uploads/*` }),
      ]),
      undefined,
    ],
    ["cut down by a boundary", bounded([{ Effect: "Allow", Action: "*", Resource: "*" }], [allowUploads()]), undefined],
    [
      "a boundary that is as wide",
      bounded([allowUploads({ Action: "s3:*" })], [{ Effect: "Allow", Action: "s3:*", Resource: "*" }]),
      "s3:DeleteObject on arn:aws:s3:::drop/uploads/",
    ],
    [
      "a boundary grants nothing",
      bounded([allowUploads()], [{ Effect: "Allow", Action: "*", Resource: "*" }]),
      undefined,
    ],
    [
      "a boundary that denies",
      bounded(
        [allowUploads({ Action: "s3:*" })],
        [
          { Effect: "Allow", Action: "*", Resource: "*" },
          identityDeny({ Action: undefined, NotAction: "s3:PutObject" }),
        ],
      ),
      undefined,
    ],
    [
      "the bucket grants by the role's ARN",
      role([allowUploads()], { bucketPolicy: present(bucketPolicy(allowAll({ Principal: { AWS: signerArn } }))) }),
      "s3:GetObject on arn:aws:s3:::drop/x",
    ],
    [
      "the bucket grants to everyone",
      role([allowUploads()], { bucketPolicy: present(bucketPolicy(allowAll())) }),
      "s3:GetObject on arn:aws:s3:::drop/x",
    ],
    [
      "the bucket grants to a session",
      role([allowUploads()], {
        bucketPolicy: present(
          bucketPolicy(allowAll({ Principal: { AWS: `arn:aws:sts::${owner}:assumed-role/presign/one` } })),
        ),
      }),
      "s3:GetObject on arn:aws:s3:::drop/x",
    ],
    [
      "the bucket only delegates to the account",
      role([allowUploads()], { bucketPolicy: present(bucketPolicy(allowAll({ Principal: { AWS: owner } }))) }),
      undefined,
    ],
    [
      "the bucket grants to another role",
      role([allowUploads()], {
        bucketPolicy: present(bucketPolicy(allowAll({ Principal: { AWS: `arn:aws:iam::${owner}:role/other` } }))),
      }),
      undefined,
    ],
    [
      "the bucket denies the rest",
      role([allowUploads({ Action: "s3:*" })], {
        bucketPolicy: present(
          bucketPolicy(
            denyAll({ Condition: {}, Action: undefined, NotAction: "s3:PutObject", Principal: { AWS: owner } }),
          ),
        ),
      }),
      undefined,
    ],
    [
      "the bucket's Deny has no say in other buckets",
      role([allowUploads({ Resource: "arn:aws:s3:::other/*" })], {
        bucketPolicy: present(bucketPolicy(denyAll({ Condition: {}, Resource: "*" }))),
      }),
      "s3:PutObject on arn:aws:s3:::other/x",
    ],
    [
      "a condition on another role never holds",
      role([allowUploads()], {
        bucketPolicy: present(
          bucketPolicy(
            allowAll({ Condition: { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${owner}:role/other` } } }),
          ),
        ),
      }),
      undefined,
    ],
    [
      "in another account's bucket the role's policy is one half",
      role([allowUploads({ Action: "s3:*" })], { bucketAccount: stranger }),
      undefined,
    ],
    [
      "in another account's bucket both halves count",
      role([allowUploads({ Action: "s3:*" })], {
        bucketAccount: stranger,
        bucketPolicy: present(bucketPolicy(allowAll({ Principal: { AWS: owner } }))),
      }),
      "s3:GetObject on arn:aws:s3:::drop/uploads/",
    ],
  ])("%s", ([, facts, expected]) => {
    const { answer, excess } = excessOf(facts, wanted);
    const [first] = excess;
    expect([answer, first === undefined ? undefined : `${first.action} on ${first.resource}`]).toEqual([
      expected === undefined ? "no" : "yes",
      expected,
    ]);
  });

  test("says by which statement, and whether a condition is in the way", () => {
    const facts = role([
      allowUploads(),
      allowUploads({ Action: "s3:GetObject", Condition: { IpAddress: { "aws:SourceIp": "192.0.2.1" } } }),
    ]);
    expect(excessOf(facts, wanted).excess).toEqual([
      {
        action: "s3:GetObject",
        resource: "arn:aws:s3:::drop/uploads/",
        conditional: true,
        by: [{ policy: "inline", index: 1 }],
      },
    ]);
  });

  test.for<[string, PrivilegeFacts]>(
    [
      [
        "a policy that could not be read",
        {
          ...role([]),
          caller: { arn: signerArn, identity: [{ name: "managed", document: unreadable("AccessDenied") }] },
        },
      ],
      ["a bucket policy that could not be read", role([allowUploads()], { bucketPolicy: unreadable("AccessDenied") })],
      [
        "a boundary that could not be read",
        {
          ...role([allowUploads()]),
          caller: {
            ...role([allowUploads()]).caller,
            boundary: { name: "limit", document: unreadable("AccessDenied") },
          },
        },
      ],
    ].filter(([name]) => name !== "") as [string, PrivilegeFacts][],
  )("is unknown with %s", ([, facts]) => {
    expect(excessOf(facts, wanted)).toMatchObject({
      answer: "unknown",
      reason: expect.stringContaining("AccessDenied"),
    });
  });
});

describe("whether uploading works", () => {
  const needed = [{ action: "s3:PutObject", resource: `${drop.arn}/uploads/*` }];
  test.for<[string, PrivilegeFacts, "yes" | "no" | "unknown", string]>([
    ["allowed", role([allowUploads()]), "yes", "everything that is needed is allowed"],
    ["allowed by a pattern", role([allowUploads({ Action: "s3:P*" })]), "yes", "everything that is needed is allowed"],
    [
      "allowed in two halves",
      role([allowUploads({ Resource: `${drop.arn}/uploads/` }), allowUploads({ Resource: `${drop.arn}/uploads/?*` })]),
      "yes",
      "everything that is needed is allowed",
    ],
    [
      "nothing allowed",
      role([allowUploads({ Action: "s3:GetObject" })]),
      "no",
      "no statement allows s3:PutObject on arn:aws:s3:::drop/uploads/",
    ],
    [
      "another prefix",
      role([allowUploads({ Resource: `${drop.arn}/files/*` })]),
      "no",
      "no statement allows s3:PutObject on arn:aws:s3:::drop/uploads/",
    ],
    [
      "a boundary without it",
      bounded([allowUploads()], [allowUploads({ Action: "s3:GetObject" })]),
      "no",
      "the permissions boundary limit does not allow s3:PutObject on arn:aws:s3:::drop/uploads/",
    ],
    [
      "a part denied",
      role([allowUploads(), identityDeny({ Resource: `${drop.arn}/uploads/private/*` })]),
      "no",
      "statement 2 of inline denies s3:PutObject on arn:aws:s3:::drop/uploads/private/",
    ],
    [
      "denied by the bucket",
      role([allowUploads()], { bucketPolicy: present(bucketPolicy(denyAll({ Condition: {} }))) }),
      "no",
      "statement 1 of the bucket policy denies s3:PutObject on arn:aws:s3:::drop/uploads/",
    ],
    [
      "denied without TLS",
      role([allowUploads()], { bucketPolicy: present(bucketPolicy(denyAll())) }),
      "yes",
      "everything that is needed is allowed",
    ],
    [
      "denied when presigned",
      role([allowUploads()], {
        bucketPolicy: present(
          bucketPolicy(denyAll({ Condition: { StringNotEquals: { "s3:authType": "REST-HEADER" } } })),
        ),
      }),
      "no",
      "statement 1 of the bucket policy denies s3:PutObject on arn:aws:s3:::drop/uploads/",
    ],
    [
      "denied when old",
      role([allowUploads()], {
        bucketPolicy: present(
          bucketPolicy(denyAll({ Condition: { NumericGreaterThan: { "s3:signatureAge": "600000" } } })),
        ),
      }),
      "yes",
      "everything that is needed is allowed",
    ],
    [
      "denied from elsewhere",
      role([allowUploads()], {
        bucketPolicy: present(
          bucketPolicy(denyAll({ Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } } })),
        ),
      }),
      "unknown",
      "statement 1 of the bucket policy decides by its conditions on s3:PutObject on arn:aws:s3:::drop/uploads/",
    ],
    [
      "allowed from somewhere",
      role([allowUploads({ Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } })]),
      "unknown",
      "statement 1 of inline decides by its conditions on s3:PutObject on arn:aws:s3:::drop/uploads/",
    ],
    [
      "allowed by the bucket alone",
      role([], {
        caller: { arn: signerArn, identity: [] },
        bucketPolicy: present(bucketPolicy(allowAll({ Action: "s3:PutObject", Principal: { AWS: signerArn } }))),
      }),
      "yes",
      "everything that is needed is allowed",
    ],
    [
      "a bucket policy nobody could read",
      role([allowUploads()], { bucketPolicy: unreadable("AccessDenied") }),
      "unknown",
      "the bucket policy: AccessDenied",
    ],
    [
      "no bucket policy",
      role([allowUploads()], { bucketPolicy: ABSENT }),
      "yes",
      "everything that is needed is allowed",
    ],
  ])("%s", ([, facts, answer, reason]) => {
    expect(canPerform(facts, needed, presignedUpload(put))).toMatchObject({ answer, reason });
  });

  test("asks for the header that the bucket wants", () => {
    const guard = denyAll({ Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } } });
    const facts = role([allowUploads()], { bucketPolicy: present(bucketPolicy(guard)) });
    const answerWith = (headers: Record<string, string>) =>
      canPerform(facts, needed, presignedUpload({ ...put, headers })).answer;
    expect([answerWith({}), answerWith({ "x-amz-server-side-encryption": "aws:kms" })]).toEqual(["no", "yes"]);
    expect(canPerform(facts, needed, presignedUpload(put)).answer).toBe("unknown");
  });

  test("asks other services without the bucket's policy", () => {
    const key = { action: "kms:GenerateDataKey", resource: `arn:aws:kms:eu-west-1:${owner}:key/k` };
    const facts = role([{ Effect: "Allow", Action: "kms:*", Resource: key.resource }], {
      bucketPolicy: present(bucketPolicy(denyAll({ Action: "*", Condition: {}, Resource: "*" }))),
    });
    expect(canPerform(facts, [key], presignedUpload(put)).answer).toBe("yes");
  });
});

describe("ways to more rights", () => {
  test.for<[string, readonly StatementJson[], readonly string[]]>([
    ["uploading", [allowUploads()], []],
    ["one role to pass", [{ Effect: "Allow", Action: "iam:PassRole", Resource: `arn:aws:iam::${owner}:role/x` }], []],
    [
      "any role to pass",
      [{ Effect: "Allow", Action: "iam:PassRole", Resource: `arn:aws:iam::${owner}:role/*` }],
      ["iam:PassRole"],
    ],
    [
      "the bucket policy",
      [{ Effect: "Allow", Action: "s3:PutBucketPolicy", Resource: drop.arn }],
      ["s3:PutBucketPolicy"],
    ],
    [
      "own policies by a pattern",
      [{ Effect: "Allow", Action: "iam:Put*Policy", Resource: "*" }],
      ["iam:PutRolePolicy", "iam:PutUserPolicy", "iam:PutGroupPolicy"],
    ],
    ["denied again", [{ Effect: "Allow", Action: "iam:*", Resource: "*" }, identityDeny({ Action: "iam:*" })], []],
  ])("%s", ([, statements, expected]) => {
    expect(escalationsOf(role(statements)).escalations.map(({ action }) => action)).toEqual(expected);
  });

  test("an administrator has them all", () => {
    expect(escalationsOf(role([{ Effect: "Allow", Action: "*", Resource: "*" }]))).toMatchObject({
      answer: "yes",
      reason: "iam:AttachRolePolicy is allowed: it can change what it is allowed itself",
    });
  });
});
