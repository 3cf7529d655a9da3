import { describe, expect, test } from "vitest";
import { s3ErrorFrom } from "../../src/signing/s3-errors.ts";

const failure = { status: 403, code: "AccessDenied", operation: "UploadPart", bucket: "drop", key: "a.bin" };

describe("the IAM action that is missing, by its real name", () => {
  test.for([
    ["PutObject", "s3:PutObject"],
    ["CreateMultipartUpload", "s3:PutObject"],
    ["UploadPart", "s3:PutObject"],
    ["CompleteMultipartUpload", "s3:PutObject"],
    ["AbortMultipartUpload", "s3:AbortMultipartUpload"],
    ["ListParts", "s3:ListMultipartUploadParts"],
    ["ListMultipartUploads", "s3:ListBucketMultipartUploads"],
    ["HeadObject", "s3:GetObject"],
    ["ListObjectsV2", "s3:ListBucket"],
    ["GetBucketEncryption", "s3:GetEncryptionConfiguration"],
  ])("%s needs %s", ([operation = "", action]) => {
    expect(s3ErrorFrom({ ...failure, operation }).hint).toContain(`Allow ${action} on s3://drop/a.bin`);
  });

  test("the one that AWS itself names wins", () => {
    const message = "User: arn:aws:iam::1:user/x is not authorized to perform: kms:GenerateDataKey on resource: k";
    expect(s3ErrorFrom({ ...failure, message }).hint).toContain("Allow kms:GenerateDataKey on");
  });
});

describe("one code, two meanings", () => {
  test.for<readonly [string, object, code: string]>([
    [
      "AccessDenied with 'Request has expired' is a URL whose time is over",
      { message: "Request has expired" },
      "URL_EXPIRED",
    ],
    [
      "NoSuchKey for a part is an upload that is gone (Ceph RGW)",
      { status: 404, code: "NoSuchKey" },
      "UPLOAD_NOT_FOUND",
    ],
    [
      "NoSuchKey for an object is an object that is not there",
      { status: 404, code: "NoSuchKey", operation: "GetObject" },
      "S3_ERROR",
    ],
    [
      "a malformed header without a region is no redirect",
      { status: 400, code: "AuthorizationHeaderMalformed", message: "no" },
      "S3_ERROR",
    ],
    [
      "a URL for another region",
      { status: 400, code: "AuthorizationQueryParametersError", message: "expecting 'eu-west-1'" },
      "BUCKET_ELSEWHERE",
    ],
    ["a bare 301", { status: 301, code: undefined }, "BUCKET_ELSEWHERE"],
    ["a bare 503", { status: 503, code: undefined }, "THROTTLED"],
    ["a bare 412", { status: 412, code: undefined }, "OBJECT_EXISTS"],
    ["a bare 500", { status: 500, code: undefined }, "S3_ERROR"],
    ["a code named like a member of every object", { status: 400, code: "constructor" }, "S3_ERROR"],
  ])("%s", ([, change, code]) => {
    expect(s3ErrorFrom({ ...failure, ...change }).code).toBe(code);
  });
});

test("has three parts, and names what it is about", () => {
  const error = s3ErrorFrom({ ...failure, code: "PreconditionFailed", status: 412 });
  expect([error.message, error.why, error.hint]).toEqual([
    "s3://drop/a.bin already exists.",
    "The request said that nothing may be overwritten.",
    "Choose another key, or allow overwriting.",
  ]);
});

test("an address in S3's own sentence is left out: it could be signed", () => {
  const message = "Please use https://drop.s3.eu-west-1.amazonaws.com/a.bin?X-Amz-Signature=abc instead";
  const error = s3ErrorFrom({ ...failure, code: "Moved", message });
  expect(JSON.stringify([error.message, error.why, error.hint])).not.toMatch(/X-Amz-Signature|https:/);
});

describe("a signature that somebody else made", () => {
  const mismatch = { ...failure, code: "SignatureDoesNotMatch", operation: "PutObject" };
  test.for<readonly [string, object, object]>([
    [
      "of a URL: what was sent may differ from what it signs",
      { ...mismatch, signature: { by: "url", headers: { "content-length": "5" } } },
      {
        code: "ACCESS_DENIED",
        why: "The URL was not signed for what was sent: content-length: 5.",
        hint: "Send the very file that it was signed for; `s3up explain` shows what it binds.",
      },
    ],
    [
      "of a URL that signs nothing but the host",
      { ...mismatch, signature: { by: "url", headers: {} } },
      { why: "The URL was changed on its way here, or was not signed for a PUT." },
    ],
    [
      "of an endpoint",
      { ...mismatch, signature: { by: "endpoint", headers: {} } },
      { hint: "Tell whoever runs the endpoint. A proxy between here and S3 must not change headers." },
    ],
    [
      "by a key that was deleted",
      { ...mismatch, code: "InvalidAccessKeyId", signature: { by: "manifest", headers: {} } },
      {
        code: "CREDENTIALS_INVALID",
        why: "S3 answered InvalidAccessKeyId: the credentials that signed it are not valid any more.",
        hint: "Ask for a new manifest.",
      },
    ],
    [
      "and another refusal means what it always means",
      { ...failure, code: "NoSuchBucket", signature: { by: "url", headers: {} } },
      { code: "BUCKET_NOT_FOUND" },
    ],
  ])("%s", ([, answer, expected]) => {
    const error = s3ErrorFrom(answer as Parameters<typeof s3ErrorFrom>[0]);
    expect(error).toMatchObject(expected);
    expect(`${error.why} ${error.hint}`).not.toContain("secret access key");
  });
});
