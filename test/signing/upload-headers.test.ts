import { describe, expect, test } from "vitest";
import { type ObjectOptions, objectHeaders } from "../../src/signing/upload-headers.ts";

describe("options become headers", () => {
  test.for<readonly [string, ObjectOptions, headers: Readonly<Record<string, string>>]>([
    ["nothing said, nothing sent", {}, {}],
    ["content type", { contentType: "image/png" }, { "content-type": "image/png" }],
    [
      "what a browser reads",
      {
        cacheControl: "max-age=60",
        contentDisposition: 'attachment; filename="a.png"',
        contentEncoding: "gzip",
        contentLanguage: "de",
      },
      {
        "cache-control": "max-age=60",
        "content-disposition": 'attachment; filename="a.png"',
        "content-encoding": "gzip",
        "content-language": "de",
      },
    ],
    [
      "metadata in lower case",
      { metadata: { Owner: "me", "x_1.b": "" } },
      { "x-amz-meta-owner": "me", "x-amz-meta-x_1.b": "" },
    ],
    ["tags", { tags: { "cost center": "a=b+c", über: "" } }, { "x-amz-tagging": "cost%20center=a%3Db%2Bc&%C3%BCber=" }],
    [
      "storage class and ACL",
      { storageClass: "GLACIER_IR", acl: "private" },
      { "x-amz-storage-class": "GLACIER_IR", "x-amz-acl": "private" },
    ],
    ["SSE-S3", { encryption: { kind: "AES256" } }, { "x-amz-server-side-encryption": "AES256" }],
    [
      "SSE-KMS with the managed key",
      { encryption: { kind: "aws:kms" } },
      { "x-amz-server-side-encryption": "aws:kms" },
    ],
    [
      "SSE-KMS with a key",
      { encryption: { kind: "aws:kms", context: { team: "a" }, bucketKey: true } },
      {
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-context": "eyJ0ZWFtIjoiYSJ9",
        "x-amz-server-side-encryption-bucket-key-enabled": "true",
      },
    ],
    [
      "grants to others",
      { grants: { read: 'uri="http://g"', full: 'id="a", id="b"' } },
      { "x-amz-grant-read": 'uri="http://g"', "x-amz-grant-full-control": 'id="a", id="b"' },
    ],
    [
      "encryption in two layers",
      { encryption: { kind: "aws:kms:dsse", keyId: "alias/k" } },
      { "x-amz-server-side-encryption": "aws:kms:dsse", "x-amz-server-side-encryption-aws-kms-key-id": "alias/k" },
    ],
  ])("%s", ([, options, headers]) => {
    expect(objectHeaders(options)).toEqual(headers);
  });
});

describe("refused", () => {
  test.for<readonly [string, ObjectOptions, message: string]>([
    [
      "a second header in a value",
      { contentType: "a/b\r\nx-amz-acl: public-read" },
      "The value of --content-type cannot be sent in a header.",
    ],
    ["a value beyond ASCII", { metadata: { owner: "müller" } }, "The value of --metadata cannot be sent in a header."],
    [
      "space at an end, which HTTP drops",
      { cacheControl: " no-cache" },
      "The value of --cache-control cannot be sent in a header.",
    ],
    ["a metadata name with a space", { metadata: { "a b": "c" } }, 'The metadata name "a b" cannot be sent.'],
    [
      "two metadata names that are one for S3",
      { metadata: { a: "1", A: "2" } },
      'The metadata name "a" is there twice.',
    ],
    [
      "more than 2 KiB of metadata",
      { metadata: { a: "x".repeat(2048) } },
      "The metadata has 2049 bytes; S3 takes 2048.",
    ],
    [
      "eleven tags",
      { tags: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`t${n}`, ""])) },
      "11 tags are too many.",
    ],
    ["a tag of AWS's own", { tags: { "aws:x": "1" } }, 'The tag "aws:x" cannot be set.'],
    ["a tag with a sign that S3 refuses", { tags: { a: "b&c" } }, 'The tag "a" cannot be set.'],
    ["a tag name that is too long", { tags: { ["x".repeat(129)]: "" } }, `The tag "${"x".repeat(60)}" cannot be set.`],
  ])("%s", ([, options, message]) => {
    expect(() => objectHeaders(options)).toThrow(expect.objectContaining({ code: "USAGE", message }));
  });
});
