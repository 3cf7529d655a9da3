import { describe, expect, test } from "vitest";
import { operationOf, s3Operations } from "../../src/sandbox/operation.ts";
import { anIncomingRequest } from "../support/received-request.ts";

describe("operationOf", () => {
  test.for([
    ["GET /", "ListBuckets", "", ""],
    ["GET /drop", "ListObjects", "drop", ""],
    ["GET /drop/?list-type=2&prefix=a&x-id=ListObjectsV2", "ListObjectsV2", "drop", ""],
    ["GET /drop?uploads&key-marker=k", "ListMultipartUploads", "drop", ""],
    ["GET /drop?location", "GetBucketLocation", "drop", ""],
    ["GET /drop?policyStatus", "GetBucketPolicyStatus", "drop", ""],
    ["HEAD /drop", "HeadBucket", "drop", ""],
    ["PUT /drop/", "CreateBucket", "drop", ""],
    ["PUT /drop?cors", "PutBucketCors", "drop", ""],
    ["POST /drop", "PostObject", "drop", ""],
    ["POST /drop?delete", "DeleteObjects", "drop", ""],
    ["DELETE /drop", "DeleteBucket", "drop", ""],
    ["DELETE /drop?lifecycle", "DeleteBucketLifecycle", "drop", ""],
    ["PUT /drop/a", "PutObject", "drop", "a"],
    ["PUT /drop/a?partNumber=1&uploadId=u", "UploadPart", "drop", "a"],
    ["POST /drop/a?uploads", "CreateMultipartUpload", "drop", "a"],
    ["POST /drop/a?uploadId=u", "CompleteMultipartUpload", "drop", "a"],
    ["DELETE /drop/a?uploadId=u", "AbortMultipartUpload", "drop", "a"],
    ["GET /drop/a?uploadId=u&max-parts=2", "ListParts", "drop", "a"],
    ["GET /drop/a?attributes", "GetObjectAttributes", "drop", "a"],
    ["GET /drop/a?response-content-type=b&partNumber=1", "GetObject", "drop", "a"],
    ["HEAD /drop/a", "HeadObject", "drop", "a"],
    ["OPTIONS /drop/a", "PreflightRequest", "drop", "a"],
    ["GET /v20180820/configuration/publicAccessBlock", "GetAccountPublicAccessBlock", "", ""],
  ] as const)("%s is %s", ([line, operation, bucket, key]) => {
    expect(operationOf(anIncomingRequest(line))).toEqual({ operation, bucket, key });
  });

  test.for([
    ["keeps slashes, dots and spaces of a key", "PUT /drop//a/../b%20c%2Fd", "/a/../b c/d"],
    ["reads a plus sign as a plus sign", "PUT /drop/a+b", "a+b"],
    ["decodes UTF-8", "PUT /drop/gr%C3%B6%C3%9Fe", "größe"],
  ] as const)("%s", ([, line, key]) => {
    expect(operationOf(anIncomingRequest(line)).key).toBe(key);
  });

  test("tells a copy by its source", () => {
    const headers = { "x-amz-copy-source": "/drop/a" };
    expect(operationOf(anIncomingRequest("PUT /drop/b", headers)).operation).toBe("CopyObject");
    expect(operationOf(anIncomingRequest("PUT /drop/b?partNumber=1&uploadId=u", headers)).operation).toBe(
      "UploadPartCopy",
    );
  });

  test("finds the bucket in the host", () => {
    expect(operationOf(anIncomingRequest("GET /a/b", { host: "drop.localhost:9000" }))).toEqual({
      operation: "GetObject",
      bucket: "drop",
      key: "a/b",
    });
  });

  test.for([
    ["an unknown sub-resource", "PUT /drop?accelerate", {}, "PUT bucket ?accelerate"],
    ["an unknown member beside a known one", "GET /drop/a?versionId=1", {}, "GET object ?versionId"],
    ["half of a part's address", "PUT /drop/a?partNumber=1", {}, "PUT object ?partNumber"],
    ["a POST to an object without a sub-resource", "POST /drop/a", {}, "POST object"],
    ["two sub-resources at once", "GET /drop?cors&policy", {}, "GET bucket ?policy"],
    ["a list type that is not the second", "GET /drop?list-type=1", {}, "list-type=1"],
    ["the host of another server", "GET /drop", { host: "drop.s3.amazonaws.com" }, "drop.s3.amazonaws.com"],
    ["object tags", "GET /drop/a?tagging", {}, "GET object ?tagging"],
  ] as const)("refuses %s and names it", ([, line, headers, named]) => {
    expect(() => operationOf(anIncomingRequest(line, headers))).toThrow(
      expect.objectContaining({ code: "NotImplemented", status: 501, message: expect.stringContaining(named) }),
    );
  });

  test("answers 405 to a method that S3 has nowhere", () => {
    expect(() => operationOf(anIncomingRequest("PATCH /drop/a"))).toThrow(
      expect.objectContaining({ code: "MethodNotAllowed" }),
    );
  });

  test("takes a key of 1,024 bytes and no longer one", () => {
    expect(operationOf(anIncomingRequest(`PUT /drop/${"%C3%BC".repeat(512)}`)).key).toHaveLength(512);
    expect(() => operationOf(anIncomingRequest(`PUT /drop/${"%C3%BC".repeat(512)}a`))).toThrow(
      expect.objectContaining({ code: "KeyTooLongError", details: { Size: "1025", MaxSizeAllowed: "1024" } }),
    );
  });
});

test("every operation is listed once", () => {
  expect(new Set(s3Operations).size).toBe(s3Operations.length);
  expect(s3Operations).toContain("UploadPart");
});
