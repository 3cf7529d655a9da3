import { expect, test } from "vitest";
import { refuseUnknownHeaders } from "../../src/sandbox/request-headers.ts";
import { anIncomingRequest } from "../support/received-request.ts";

test.for([
  ["what every request has", "GetObject", "GET /drop/a", { "x-amz-date": "d", "x-amz-content-sha256": "h" }],
  ["metadata of an object", "PutObject", "PUT /drop/a", { "x-amz-meta-any": "1" }],
  ["a checksum", "UploadPart", "PUT /drop/a", { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" }],
  ["what is not S3's", "GetObject", "GET /drop/a", { "x-forwarded-for": "::1", "user-agent": "curl" }],
  ["the signature in the query", "GetObject", "GET /drop/a?X-Amz-Signature=1&X-Amz-Expires=2&x-id=GetObject", {}],
  [
    "a checksum in the query, on which S3 does not act",
    "PutObject",
    "PUT /drop/a?x-amz-checksum-crc32=AAAAAA%3D%3D",
    {},
  ],
] as const)("takes %s", ([, operation, line, headers]) => {
  expect(() =>
    refuseUnknownHeaders(operation, anIncomingRequest(line, headers as Record<string, string>)),
  ).not.toThrow();
});

test.for([
  ["a key of the customer's", "PutObject", "PUT /drop/a", "x-amz-server-side-encryption-customer-key"],
  ["Object Lock", "PutObject", "PUT /drop/a", "x-amz-object-lock-mode"],
  ["a redirect of a website", "PutObject", "PUT /drop/a", "x-amz-website-redirect-location"],
  ["an append", "PutObject", "PUT /drop/a", "x-amz-write-offset-bytes"],
  ["metadata where nothing is stored", "GetObject", "GET /drop/a", "x-amz-meta-a"],
  ["a checksum that the sandbox cannot calculate", "PutObject", "PUT /drop/a", "x-amz-checksum-sha512"],
  ["payment by the requester", "GetObject", "GET /drop/a", "x-amz-request-payer"],
] as const)("refuses %s and names the header", ([, operation, line, header]) => {
  expect(() => refuseUnknownHeaders(operation, anIncomingRequest(line, { [header]: "1" }))).toThrow(
    expect.objectContaining({ code: "NotImplemented", details: { Header: header } }),
  );
});

test("refuses what a signer moved from a header into the query, and says what to do", () => {
  expect(() => refuseUnknownHeaders("PutObject", anIncomingRequest("PUT /drop/a?X-Amz-Meta-A=1"))).toThrow(
    expect.objectContaining({ code: "NotImplemented", message: expect.stringContaining("sign it as a header") }),
  );
});
