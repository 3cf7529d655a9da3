/** The probes' signer against the worked examples in AWS's own description of Signature V4 for S3. */
import { expect, test } from "vitest";
import { signedChunks } from "./chunked.ts";
import { encodePath, encodeQuery, percentEncode, sha256Hex, signWithHeaders, signWithQuery } from "./sigv4.ts";

const who = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const scope = { at: new Date("2013-05-24T00:00:00Z"), region: "us-east-1", service: "s3" };
const host = "examplebucket.s3.amazonaws.com";

test("signs AWS's example GET with the signature that AWS prints", () => {
  const request = { method: "GET", path: "/test.txt", query: {}, headers: { host, range: "bytes=0-9" } };
  expect(signWithHeaders(request, sha256Hex(""), who, scope).signature).toBe(
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  );
});

test("signs AWS's example presigned URL with the signature that AWS prints", () => {
  const request = { method: "GET", path: "/test.txt", query: {}, headers: { host } };
  expect(signWithQuery(request, 86_400, who, scope)["X-Amz-Signature"]).toBe(
    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  );
});

test("signs AWS's example chunked upload with the signatures that AWS prints", () => {
  const request = {
    method: "PUT",
    path: "/examplebucket/chunkObject.txt",
    query: {},
    headers: {
      host: "s3.amazonaws.com",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": "66560",
      "content-length": "66824",
    },
  };
  const seed = signWithHeaders(request, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", who, scope).signature;
  expect(seed).toBe("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");

  const body = signedChunks([Buffer.alloc(65_536, "a"), Buffer.alloc(1024, "a")], seed, who, scope);
  expect(body).toHaveLength(66_824);
  expect(body.toString().match(/(?<=chunk-signature=)\w+/g)).toEqual([
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
  ]);
});

test.for([
  ["leaves the unreserved signs", "AZaz09-._~", "AZaz09-._~"],
  ["encodes a space as %20", "a b", "a%20b"],
  ["encodes the signs that encodeURIComponent leaves", "!'()*", "%21%27%28%29%2A"],
  ["encodes UTF-8 byte by byte", "ü", "%C3%BC"],
] as const)("%s", ([, text, encoded]) => {
  expect(percentEncode(text)).toBe(encoded);
});

test("keeps slashes and dot segments of a path as they are", () => {
  expect(encodePath("/b/a//b/../c d")).toBe("/b/a//b/../c%20d");
});

test("sorts a query by its encoded names", () => {
  expect(encodeQuery({ prefix: "a/b", "max-keys": "2", "X-Amz-Date": "" })).toBe("X-Amz-Date=&max-keys=2&prefix=a%2Fb");
});
