import { describe, expect, test } from "vitest";
import type { Guard } from "../../src/policy/bad-request.ts";
import { type GuardrailOptions, guardrail } from "../../src/policy/guardrail.ts";
import type { UploadRequest } from "../../src/policy/request-facts.ts";
import { signatureAgeLimits } from "../../src/policy/signature-age.ts";
import { refusedUploads } from "../../src/policy/upload-refusal.ts";
import {
  allowAll,
  bucketPolicy,
  denyAll,
  drop,
  owner,
  type StatementJson,
  variable,
} from "../support/policy-documents.ts";

const TLS: Guard = { kind: "insecureTransport" };
const TEN_MINUTES: Guard = { kind: "signatureAge", maxMs: 600_000 };
const tls = { Bool: { "aws:SecureTransport": "false" } };
const objects = `${drop.arn}/*`;

function old(limit: string | number | readonly string[], changes: StatementJson = {}): StatementJson {
  return denyAll({ Resource: objects, Condition: { NumericGreaterThan: { "s3:signatureAge": limit } }, ...changes });
}

type Row = readonly [string, Guard, readonly StatementJson[], boolean, GuardrailOptions?];

describe("a guard is what refuses every bad request", () => {
  test.for<Row>([
    ["the documented statement", TLS, [denyAll()], true],
    ["one pattern for bucket and objects", TLS, [denyAll({ Resource: `${drop.arn}*` })], true],
    ["all resources", TLS, [denyAll({ Resource: "*" })], true],
    ["all actions of all services", TLS, [denyAll({ Action: "*" })], true],
    ["objects with a key, which is all of them", TLS, [denyAll({ Resource: [drop.arn, `${drop.arn}/?*`] })], true],
    ["BoolIfExists", TLS, [denyAll({ Condition: { BoolIfExists: { "aws:SecureTransport": "false" } } })], true],
    ["false in other letters", TLS, [denyAll({ Condition: { Bool: { "aws:SecureTransport": "False" } } })], true],
    ["both values", TLS, [denyAll({ Condition: { Bool: { "aws:SecureTransport": ["true", "false"] } } })], true],
    [
      "Null false, the key being always there",
      TLS,
      [denyAll({ Condition: { ...tls, Null: { "aws:SecureTransport": "false" } } })],
      true,
    ],
    ["ForAllValues", TLS, [denyAll({ Condition: { "ForAllValues:Bool": { "aws:SecureTransport": "false" } } })], true],
    [
      "a floor of TLS that lets missing versions through",
      TLS,
      [denyAll({ Condition: { NumericLessThanIfExists: { "s3:TlsVersion": "1.2" } } })],
      true,
    ],
    ["a floor of TLS alone", TLS, [denyAll({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } })], false],
    ["true", TLS, [denyAll({ Condition: { Bool: { "aws:SecureTransport": "true" } } })], false],
    ["Null true", TLS, [denyAll({ Condition: { Null: { "aws:SecureTransport": "true" } } })], false],
    [
      "a comparison as text, which nobody promises",
      TLS,
      [denyAll({ Condition: { StringEquals: { "aws:SecureTransport": "false" } } })],
      false,
    ],
    ["one account only", TLS, [denyAll({ Principal: { AWS: owner } })], false],
    ["everyone among others", TLS, [denyAll({ Principal: { AWS: [owner, "*"] } })], true],
    ["another bucket", TLS, [denyAll({ Resource: ["arn:aws:s3:::dropp", "arn:aws:s3:::dropp/*"] })], false],
    ["another partition", TLS, [denyAll({ Resource: ["arn:aws-cn:s3:::drop", "arn:aws-cn:s3:::drop/*"] })], false],
    [
      "a variable in the ARN",
      TLS,
      [denyAll({ Resource: [drop.arn, `${drop.arn}/${variable("aws:username")}*`] })],
      false,
    ],
    ["all but one prefix", TLS, [denyAll({ Resource: undefined, NotResource: `${drop.arn}/public/*` })], false],
    [
      "all but one prefix, and that prefix",
      TLS,
      [
        denyAll({ Resource: undefined, NotResource: `${drop.arn}/public/*` }),
        denyAll({ Resource: `${drop.arn}/public/*` }),
      ],
      true,
    ],
    ["all but another bucket", TLS, [denyAll({ Resource: undefined, NotResource: "arn:aws:s3:::other/*" })], true],
    [
      "actions in two halves",
      TLS,
      [denyAll({ Action: ["s3:Get*"] }), denyAll({ Action: undefined, NotAction: "s3:G*" })],
      false,
    ],
    [
      "actions in two halves that meet",
      TLS,
      [denyAll({ Action: ["s3:G*"] }), denyAll({ Action: undefined, NotAction: "s3:Get*" })],
      true,
    ],
    [
      "every letter an action can begin with",
      TLS,
      [denyAll({ Action: [..."abcdefghijklmnopqrstuvwxyz"].map((letter) => `s3:${letter}*`) })],
      true,
    ],
    [
      "only the actions of today",
      TLS,
      [
        denyAll({
          Action: [
            "s3:A*",
            "s3:B*",
            "s3:C*",
            "s3:D*",
            "s3:G*",
            "s3:I*",
            "s3:L*",
            "s3:O*",
            "s3:P*",
            "s3:R*",
            "s3:S*",
            "s3:T*",
            "s3:U*",
          ],
        }),
      ],
      false,
    ],
    ["NotPrincipal", TLS, [{ ...denyAll({ Principal: undefined }), NotPrincipal: { AWS: owner } }], false],
    [
      "an exception for one role",
      TLS,
      [denyAll({ Condition: { ...tls, ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${owner}:role/x` } } })],
      false,
    ],

    [
      "TLS 1.2 and up",
      { kind: "tlsVersion" },
      [denyAll({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } })],
      true,
    ],
    [
      "TLS 1.2 and up, written as up to 1.1",
      { kind: "tlsVersion" },
      [denyAll({ Condition: { NumericLessThanEquals: { "s3:TlsVersion": 1.1 } } })],
      true,
    ],
    [
      "TLS 1.1 and up",
      { kind: "tlsVersion" },
      [denyAll({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.1" } } })],
      false,
    ],
    [
      "TLS 1.2 where 1.3 is wanted",
      { kind: "tlsVersion", minimum: "1.3" },
      [denyAll({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } })],
      false,
    ],

    ["ten minutes", TEN_MINUTES, [old("600000")], true],
    ["less than asked", TEN_MINUTES, [old("300000")], true],
    ["more than asked", TEN_MINUTES, [old("600001")], false],
    [
      "at least, which is stricter by a millisecond",
      TEN_MINUTES,
      [old("0", { Condition: { NumericGreaterThanEquals: { "s3:signatureAge": "600000" } } })],
      true,
    ],
    ["uploads only", TEN_MINUTES, [old("600000", { Action: "s3:PutObject" })], true],
    ["reads only", TEN_MINUTES, [old("600000", { Action: "s3:Get*" })], false],
    [
      "another prefix than the uploads'",
      TEN_MINUTES,
      [old("600000", { Resource: `${drop.arn}/files/*` })],
      false,
      { prefix: "uploads/" },
    ],
    [
      "the prefix of the uploads",
      TEN_MINUTES,
      [old("600000", { Resource: `${drop.arn}/uploads/*` })],
      true,
      { prefix: "uploads/" },
    ],
    [
      "presigned URLs but not forms",
      TEN_MINUTES,
      [
        old("600000", {
          Condition: {
            NumericGreaterThan: { "s3:signatureAge": "600000" },
            StringEquals: { "s3:authType": "REST-QUERY-STRING" },
          },
        }),
      ],
      false,
    ],
    [
      "URLs and forms in two statements",
      TEN_MINUTES,
      ["REST-QUERY-STRING", "POST"].map((type) =>
        old("", {
          Condition: { NumericGreaterThan: { "s3:signatureAge": "600000" }, StringEquals: { "s3:authType": type } },
        }),
      ),
      true,
    ],
    [
      "everything but headers",
      TEN_MINUTES,
      [
        old("", {
          Condition: {
            NumericGreaterThan: { "s3:signatureAge": "600000" },
            StringNotEquals: { "s3:authType": "REST-HEADER" },
          },
        }),
      ],
      true,
    ],
    [
      "a gap between two statements",
      TEN_MINUTES,
      [
        old("", {
          Condition: {
            NumericGreaterThan: { "s3:signatureAge": "600000" },
            NumericLessThan: { "s3:signatureAge": "700000" },
          },
        }),
        old("700000"),
      ],
      false,
    ],
    [
      "no gap between two statements",
      TEN_MINUTES,
      [
        old("", {
          Condition: {
            NumericGreaterThan: { "s3:signatureAge": "600000" },
            NumericLessThanEquals: { "s3:signatureAge": "700000" },
          },
        }),
        old("700000"),
      ],
      true,
    ],

    [
      "only Signature Version 4",
      { kind: "oldSignature" },
      [denyAll({ Resource: objects, Condition: { StringNotEquals: { "s3:signatureversion": "AWS4-HMAC-SHA256" } } })],
      true,
    ],
    [
      "no Signature Version 2",
      { kind: "oldSignature" },
      [denyAll({ Condition: { StringEquals: { "s3:signatureversion": "AWS" } } })],
      true,
    ],
    [
      "no Signature Version 4",
      { kind: "oldSignature" },
      [denyAll({ Condition: { StringEquals: { "s3:signatureversion": "AWS4-HMAC-SHA256" } } })],
      false,
    ],

    [
      "a header for encryption",
      { kind: "unencrypted" },
      [
        denyAll({
          Action: "s3:PutObject",
          Resource: objects,
          Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } },
        }),
      ],
      true,
    ],
    [
      "KMS and nothing else",
      { kind: "unencrypted", algorithm: "aws:kms" },
      [
        denyAll({
          Action: "s3:PutObject",
          Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
        }),
      ],
      true,
    ],
    [
      "any header where KMS is wanted",
      { kind: "unencrypted", algorithm: "aws:kms" },
      [denyAll({ Action: "s3:PutObject", Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } } })],
      false,
    ],
    [
      "no customer keys",
      { kind: "customerKey" },
      [
        denyAll({
          Action: "s3:PutObject",
          Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
        }),
      ],
      true,
    ],

    [
      "If-None-Match for what creates objects",
      { kind: "overwrite" },
      [
        denyAll({
          Action: "s3:PutObject",
          Condition: { Null: { "s3:if-none-match": "true" }, Bool: { "s3:ObjectCreationOperation": "true" } },
        }),
      ],
      true,
    ],
    [
      "If-None-Match for everything",
      { kind: "overwrite" },
      [denyAll({ Action: "s3:PutObject", Condition: { Null: { "s3:if-none-match": "true" } } })],
      true,
    ],
    [
      "If-None-Match or If-Match",
      { kind: "overwrite" },
      [denyAll({ Action: "s3:PutObject", Condition: { Null: { "s3:if-none-match": "true", "s3:if-match": "true" } } })],
      false,
    ],
  ])("%s", ([, guard, statements, expected, options]) => {
    expect(guardrail(bucketPolicy(...statements), drop, guard, options).present).toBe(expected);
  });
});

describe("says what is missing and why", () => {
  test.for<[string, readonly StatementJson[], string, unknown]>([
    [
      "nothing there",
      [allowAll()],
      "no statement denies it to everyone",
      { action: "s3:PutObject", resource: "arn:aws:s3:::drop/x" },
    ],
    [
      "the bucket left out",
      [denyAll({ Resource: objects })],
      "a request without TLS for s3:ListBucket on arn:aws:s3:::drop is not refused",
      { action: "s3:ListBucket", resource: "arn:aws:s3:::drop" },
    ],
    [
      "a second condition",
      [denyAll({ Sid: "Tls", Condition: { ...tls, IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } })],
      'statement 1 ("Tls") does not count: IpAddress on aws:SourceIp does not hold for all of these requests',
      { action: "s3:PutObject" },
    ],
    [
      "an Allow",
      [allowAll({ Condition: { Bool: { "aws:SecureTransport": "true" } } })],
      "statement 1 does not count: an Allow refuses nothing to those who are allowed elsewhere",
      { action: "s3:PutObject" },
    ],
    [
      "one principal",
      [denyAll({ Principal: { AWS: owner } })],
      "statement 1 does not count: it is not for everyone",
      { action: "s3:PutObject" },
    ],
    [
      "an action list",
      [denyAll({ Action: ["s3:Get*", "s3:Put*", "s3:List*", "s3:Delete*"] })],
      "a request without TLS for s3:AbortMultipartUpload on arn:aws:s3:::drop/x is not refused",
      { action: "s3:AbortMultipartUpload" },
    ],
  ])("%s", ([, statements, reason, gap]) => {
    const verdict = guardrail(bucketPolicy(...statements), drop, TLS);
    expect(verdict.reason).toBe(reason);
    expect(verdict.missing[0]).toMatchObject({ what: "without TLS", ...(gap as object) });
  });

  test("names the statements that are the guard together", () => {
    const verdict = guardrail(
      bucketPolicy(allowAll(), denyAll({ Resource: drop.arn }), denyAll({ Resource: objects })),
      drop,
      TLS,
    );
    expect([verdict.by, verdict.reason]).toEqual([[1, 2], "statement 2 and statement 3 refuse it"]);
  });
});

describe("limits on the age of signatures", () => {
  test("seconds are told from milliseconds", () => {
    const policy = bucketPolicy(
      old("600"),
      old(["900000", "60000"]),
      allowAll({ Condition: { NumericGreaterThan: { "s3:signatureAge": "1" } } }),
    );
    expect(
      signatureAgeLimits(policy).map(({ index, limitMs, looksLikeSeconds }) => [index, limitMs, looksLikeSeconds]),
    ).toEqual([
      [0, 600, true],
      [1, 60_000, false],
    ]);
  });
});

describe("guards that refuse the uploads themselves", () => {
  const put: UploadRequest = { mode: "put", signatureAgeMs: 5000 };
  test.for<[string, readonly StatementJson[], readonly string[]]>([
    ["none", [denyAll(), old("600000")], []],
    ["headers only", [denyAll({ Condition: { StringNotEquals: { "s3:authType": "REST-HEADER" } } })], ["s3:authType"]],
    [
      "no presigned reads",
      [denyAll({ Action: "s3:GetObject", Condition: { StringEquals: { "s3:authType": "REST-QUERY-STRING" } } })],
      [],
    ],
    ["a limit of five milliseconds", [old("5")], ["s3:signatureAge"]],
    ["uploads denied to everyone", [denyAll({ Condition: {}, Action: "s3:Put*" })], [""]],
  ])("%s", ([, statements, keys]) => {
    expect(refusedUploads(bucketPolicy(...statements), drop, put, "uploads/")?.map((one) => one.keys.join())).toEqual(
      keys,
    );
  });

  test("says that it is the kind of signature", () => {
    const policy = bucketPolicy(denyAll({ Condition: { StringNotEquals: { "s3:authType": "REST-HEADER" } } }));
    expect(refusedUploads(policy, drop, put, "uploads/")?.[0]).toMatchObject({
      byAuthType: true,
      resource: "arn:aws:s3:::drop/uploads/x",
    });
  });
});
