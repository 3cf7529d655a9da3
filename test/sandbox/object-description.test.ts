import { describe, expect, test } from "vitest";
import { describeObject, refuseAcl } from "../../src/sandbox/object-description.ts";

describe("describeObject", () => {
  test("keeps what S3 gives back, and nothing else", () => {
    const headers = {
      "content-type": "image/png",
      "cache-control": "no-store",
      "x-amz-meta-owner": "me",
      "x-amz-storage-class": "STANDARD_IA",
      "x-amz-tagging": "a=1&b=two%20words",
      "user-agent": "curl",
      "content-encoding": "aws-chunked,gzip",
    };
    expect(describeObject(headers, "gzip")).toEqual({
      headers: { "content-type": "image/png", "cache-control": "no-store", "content-encoding": "gzip" },
      metadata: { owner: "me" },
      storageClass: "STANDARD_IA",
      tags: [
        ["a", "1"],
        ["b", "two words"],
      ],
    });
  });

  test("a type that nobody named is binary", () => {
    expect(describeObject({}, undefined).headers).toEqual({ "content-type": "binary/octet-stream" });
  });

  test("takes 2 KB of metadata and no more", () => {
    expect(() => describeObject({ "x-amz-meta-a": "x".repeat(2047) }, undefined)).not.toThrow();
    expect(() => describeObject({ "x-amz-meta-a": "x".repeat(2048) }, undefined)).toThrow(
      expect.objectContaining({ code: "MetadataTooLarge", details: { Size: "2049", MaxSizeAllowed: "2048" } }),
    );
  });

  test.for([
    ["a storage class that S3 has not", { "x-amz-storage-class": "COLD" }, "InvalidStorageClass"],
    ["an archive, from which one would have to restore", { "x-amz-storage-class": "GLACIER" }, "NotImplemented"],
    ["somebody else's key", { "x-amz-server-side-encryption": "aws:kms" }, "NotImplemented"],
    ["an encryption that S3 has not", { "x-amz-server-side-encryption": "ROT13" }, "InvalidArgument"],
    ["more than ten tags", { "x-amz-tagging": "abcdefghijk".split("").join("=1&") }, "BadRequest"],
    ["a tag twice", { "x-amz-tagging": "a=1&a=2" }, "InvalidTag"],
    ["a tag without a name", { "x-amz-tagging": "=1" }, "InvalidTag"],
    ["a tag that is too long", { "x-amz-tagging": `a=${"x".repeat(257)}` }, "InvalidTag"],
  ] as const)("refuses %s", ([, headers, code]) => {
    expect(() => describeObject(headers, undefined)).toThrow(expect.objectContaining({ code }));
  });
});

describe("refuseAcl", () => {
  test.for([
    ["no ACL", {}, "BucketOwnerEnforced", undefined],
    [
      "the one that says what is so anyway",
      { "x-amz-acl": "bucket-owner-full-control" },
      "BucketOwnerEnforced",
      undefined,
    ],
    [
      "a public one where ACLs are off",
      { "x-amz-acl": "public-read" },
      "BucketOwnerEnforced",
      "AccessControlListNotSupported",
    ],
    [
      "a private one where ACLs are off",
      { "x-amz-acl": "private" },
      "BucketOwnerEnforced",
      "AccessControlListNotSupported",
    ],
    ["a private one where ACLs are on", { "x-amz-acl": "private" }, "ObjectWriter", undefined],
    ["a public one where ACLs are on", { "x-amz-acl": "public-read" }, "ObjectWriter", "NotImplemented"],
    ["a grant", { "x-amz-grant-read": 'id="x"' }, "BucketOwnerPreferred", "NotImplemented"],
  ] as const)("%s", ([, headers, ownership, code]) => {
    const check = () => refuseAcl(headers as Record<string, string>, ownership);
    if (code === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code }));
  });
});
