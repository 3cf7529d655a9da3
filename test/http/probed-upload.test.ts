import { describe, expect, test } from "vitest";
import type { SignedUpload } from "../../src/audit/endpoint-facts.ts";
import { probeContent, version1Body } from "../../src/http/probe-bodies.ts";
import { readProbedUpload } from "../../src/http/probed-upload.ts";
import { checksumOf } from "../support/probe-checksum.ts";

const now = new Date("2026-01-02T03:04:05Z");
const query = {
  "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
  "X-Amz-Credential": "AKIA/20260102/eu-central-1/s3/aws4_request",
  "X-Amz-Date": "20260102T030405Z",
  "X-Amz-Expires": "300",
  "X-Amz-SignedHeaders": "content-length;host",
  "X-Amz-Signature": "secret",
};
const address = (path: string, changes: Readonly<Record<string, string>> = {}) =>
  `https://s3.eu-central-1.amazonaws.com/drop/${path}?${new URLSearchParams({ ...query, ...changes })}`;

function facts(answer: object): SignedUpload | undefined {
  return readProbedUpload(JSON.stringify(answer), "v1", now)?.facts;
}

const plain: SignedUpload = {
  asked: "v1",
  bucket: "drop",
  key: "a",
  secure: true,
  signatureVersion: 4,
  expiresInSeconds: 300,
  signedHeaders: ["content-length", "host"],
  queryChecksums: [],
};

describe("an address", () => {
  test.for<readonly [sentence: string, answer: object, changes: Partial<SignedUpload>]>([
    ["under the article's name", { uploadUrl: address("a") }, {}],
    ["under another name", { url: address("a") }, {}],
    ["whose key the answer tells differently", { uploadUrl: address("b"), key: "a" }, { key: "b" }],
    ["with dot segments in it", { uploadUrl: address("../%2e%2e/a") }, { key: "../../a" }],
    ["with a NUL in it", { uploadUrl: address("a%00b") }, { key: "a\u0000b" }],
    ["in plain HTTP", { uploadUrl: address("a").replace("https:", "http:") }, { secure: false }],
    [
      "with checksums in its query",
      { uploadUrl: address("a", { "x-amz-checksum-crc32": "AAAAAA==", "X-Amz-Checksum-Sha256": "abc=" }) },
      {
        queryChecksums: [
          { name: "x-amz-checksum-crc32", ofEmptyBody: true },
          { name: "x-amz-checksum-sha256", ofEmptyBody: false },
        ],
      },
    ],
  ])("%s", ([, answer, changes]) => {
    expect(facts(answer)).toEqual({ ...plain, ...changes });
  });

  test("of Signature V2 lives until its moment", () => {
    const end = String(now.getTime() / 1000 + 3600);
    const url = `https://drop.s3.amazonaws.com/a?AWSAccessKeyId=A&Expires=${end}&Signature=s`;
    expect(facts({ uploadUrl: url })).toMatchObject({ signatureVersion: 2, expiresInSeconds: 3600, signedHeaders: [] });
  });

  test("carries its headers for the upload, and its signature nowhere else", () => {
    const read = readProbedUpload(
      JSON.stringify({ uploadUrl: address("a"), headers: { "if-none-match": "*" } }),
      "v1",
      now,
    );
    expect(read?.address).toEqual({ url: address("a"), headers: { "if-none-match": "*" } });
    expect(JSON.stringify(read?.facts)).not.toContain("secret");
  });
});

describe("a form", () => {
  const form = (conditions: readonly unknown[]) => {
    const policy = { expiration: "2026-01-02T03:09:04Z", conditions: [{ bucket: "mine" }, ...conditions] };
    const encoded = Buffer.from(JSON.stringify(policy)).toString("base64");
    return { uploadUrl: "https://s3.example/mine", fields: { key: "k", Policy: encoded, "X-Amz-Signature": "s" } };
  };

  test.for<readonly [sentence: string, conditions: readonly unknown[], expected: SignedUpload["form"]]>([
    [
      "fixes key and size",
      [
        ["eq", "$key", "k"],
        ["content-length-range", 0, 9],
      ],
      { openKey: false, maxSize: 9 },
    ],
    ["fixes neither", [["starts-with", "$key", ""]], { openKey: true }],
    ["says nothing of the key", [["content-length-range", 0, 9]], { openKey: true, maxSize: 9 }],
  ])("that %s", ([, conditions, expected]) => {
    expect(facts(form(conditions))).toMatchObject({ bucket: "mine", expiresInSeconds: 300, form: expected });
  });
});

describe("what signs nothing", () => {
  test.for<readonly [sentence: string, body: string]>([
    ["a page", "<html>"],
    ["nothing", ""],
    ["a list", "[]"],
    ["another object", '{"message":"ok"}'],
    ["an address that is none", '{"uploadUrl":"ftp://a/b"}'],
    ["a number for an address", '{"uploadUrl":7}'],
  ])("%s", ([, body]) => {
    expect(readProbedUpload(body, "v1", now)).toBeUndefined();
  });
});

test("the checksum that is asked for is that of what is uploaded", () => {
  const request = { fileName: "a", contentType: "text/plain" };
  for (const algorithm of ["SHA256", "CRC32"] as const) {
    const said = { checksums: { put: [algorithm], multipart: [] } };
    expect(version1Body(request, said as never)).toMatchObject({
      size: probeContent.length,
      checksum: { algorithm, value: checksumOf(algorithm, probeContent) },
    });
  }
});
