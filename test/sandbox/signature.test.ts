import { describe, expect, test } from "vitest";
import type { Caller } from "../../src/sandbox/caller.ts";
import type { ReceivedRequest } from "../../src/sandbox/received-request.ts";
import { authenticate } from "../../src/sandbox/signature.ts";
import { exampleContext, permanentKey, refusalOf } from "../support/access-keys.ts";
import { anIncomingRequest } from "../support/received-request.ts";
import { documented, presigned, sha256, signedInHeader } from "../support/signed-requests.ts";

const HOST = "examplebucket.s3.amazonaws.com";

function authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=${documented.accessKeyId}/${documented.scope},SignedHeaders=${signedHeaders},Signature=${signature}`;
}

describe("the examples of AWS's documentation", () => {
  const examples: readonly (readonly [string, ReceivedRequest, Partial<Caller>])[] = [
    [
      "GET object with a range",
      anIncomingRequest("GET /test.txt", {
        Host: HOST,
        Range: "bytes=0-9",
        "x-amz-content-sha256": sha256(""),
        "x-amz-date": documented.time,
        Authorization: authorization(
          "host;range;x-amz-content-sha256;x-amz-date",
          "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
      }),
      { via: "header", payload: { kind: "sha256", claimed: sha256("") } },
    ],
    [
      "PUT object whose key needs an escape",
      anIncomingRequest("PUT /test$file.text", {
        Host: HOST,
        Date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-date": documented.time,
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "x-amz-content-sha256": sha256("Welcome to Amazon S3."),
        Authorization: authorization(
          "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
      }),
      { via: "header" },
    ],
    [
      "GET of a bucket's lifecycle: a query member without a value",
      anIncomingRequest("GET /?lifecycle", {
        Host: HOST,
        "x-amz-date": documented.time,
        "x-amz-content-sha256": sha256(""),
        Authorization: authorization(
          "host;x-amz-content-sha256;x-amz-date",
          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
      }),
      { via: "header" },
    ],
    [
      "list with two query members",
      anIncomingRequest("GET /?max-keys=2&prefix=J", {
        Host: HOST,
        "x-amz-date": documented.time,
        "x-amz-content-sha256": sha256(""),
        Authorization: authorization(
          "host;x-amz-content-sha256;x-amz-date",
          "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
      }),
      { via: "header" },
    ],
    [
      "presigned GET",
      anIncomingRequest(
        `GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(`${documented.accessKeyId}/${documented.scope}`)}&X-Amz-Date=${documented.time}&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
        { Host: HOST },
      ),
      { via: "query", payload: { kind: "unsigned" }, signedHeaders: ["host"] },
    ],
    [
      "the seed of a PUT in signed chunks",
      anIncomingRequest("PUT /examplebucket/chunkObject.txt", {
        Host: "s3.amazonaws.com",
        "x-amz-date": documented.time,
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "Content-Encoding": "aws-chunked",
        "x-amz-decoded-content-length": "66560",
        "Content-Length": "66824",
        Authorization: authorization(
          "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
          "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        ),
      }),
      { via: "header" },
    ],
    [
      "the seed of a PUT in signed chunks with a trailer",
      anIncomingRequest("PUT /examplebucket/chunkObject.txt", {
        Host: "s3.amazonaws.com",
        "x-amz-date": documented.time,
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "Content-Encoding": "aws-chunked",
        "x-amz-decoded-content-length": "66560",
        "x-amz-trailer": "x-amz-checksum-crc32c",
        Authorization: authorization(
          "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
          "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
        ),
      }),
      { via: "header" },
    ],
  ];

  test.for(examples)("%s", ([, request, expected]) => {
    expect(authenticate(request, exampleContext)).toMatchObject({
      kind: "signed",
      key: permanentKey,
      signedAt: documented.now,
      ...expected,
    });
  });
});

describe("which way a request authenticates itself", () => {
  test("a request with nothing is anonymous", () => {
    expect(authenticate(anIncomingRequest("GET /drop/a", { host: "localhost" }), exampleContext)).toEqual({
      kind: "anonymous",
      payload: { kind: "unsigned" },
    });
  });

  test("an anonymous upload may be chunked, but not signed chunk by chunk", () => {
    const chunked = (sha: string) =>
      authenticate(anIncomingRequest("PUT /drop/a", { "x-amz-content-sha256": sha }), exampleContext).payload.kind;
    expect(chunked("STREAMING-UNSIGNED-PAYLOAD-TRAILER")).toBe("unsigned-chunks");
    expect(chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")).toBe("sha256");
  });

  const good = signedInHeader("GET /drop/a", { "x-amz-content-sha256": sha256("") }).headers;
  test.for([
    [
      "both a header and a presigned URL",
      `${presigned("GET /drop/a")}`,
      good,
      "InvalidArgument",
      "Only one auth mechanism allowed",
    ],
    [
      "both a header and a Version 2 URL",
      "GET /drop/a?AWSAccessKeyId=A&Signature=x&Expires=1",
      good,
      "InvalidArgument",
      "Only one auth mechanism allowed",
    ],
    [
      "a Version 2 URL",
      "GET /drop/a?AWSAccessKeyId=A&Signature=x&Expires=1",
      {},
      "InvalidRequest",
      "Please use AWS4-HMAC-SHA256.",
    ],
    [
      "a Version 2 header",
      "GET /drop/a",
      { authorization: "AWS A:x" },
      "InvalidRequest",
      "Please use AWS4-HMAC-SHA256.",
    ],
    [
      "a bearer token",
      "GET /drop/a",
      { authorization: "Bearer x" },
      "InvalidArgument",
      "Unsupported Authorization Type",
    ],
    [
      "Version 4A",
      "GET /drop/a",
      { authorization: "AWS4-ECDSA-P256-SHA256 Credential=x" },
      "NotImplemented",
      "not implemented",
    ],
  ] as const)("refuses %s", async ([, line, headers, code, message]) => {
    const error = await refusalOf(() => authenticate(anIncomingRequest(line, headers), exampleContext));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});
