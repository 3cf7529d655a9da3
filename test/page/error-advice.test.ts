import { expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import { adviceOf } from "../../src/page/error-advice.ts";
import { SendFailure } from "../../src/upload/transport.ts";

const network = (reason: SendFailure["reason"]) =>
  new S3upError("NETWORK", "The endpoint x could not be reached.", { why: "Why.", cause: new SendFailure(reason, "") });

test.for<[string, unknown, object]>([
  ["no connection", network("connect"), { next: "Check your connection, then try again.", retryable: true }],
  ["CORS", network("cors"), { next: "It is not your connection. Tell whoever runs this page.", retryable: true }],
  ["a refused type", new S3upError("NOT_ALLOWED", "No."), { next: "Choose a file of another type.", retryable: false }],
  ["too large", new S3upError("TOO_LARGE", "No."), { next: "Choose a smaller file.", retryable: false }],
  ["a file that exists", new S3upError("OBJECT_EXISTS", "No."), { retryable: false }],
  [
    "a failure that leaves an upload behind is told by its cause",
    new S3upError("UPLOAD_INCOMPLETE", "No.", { why: "2 of 3 parts are at S3.", cause: network("cors") }),
    { why: "Why.", next: "It is not your connection. Tell whoever runs this page." },
  ],
  [
    "the same file in another tab",
    new S3upError("UPLOAD_BUSY", "a is on its way.", { why: "Process 0 works on it." }),
    { what: "This file is on its way already.", why: "Another tab or row of this page sends it." },
  ],
  [
    "hints for a command line are left out",
    new S3upError("S3_ERROR", "No.", { hint: "Use --x" }),
    { next: "Try again." },
  ],
  [
    "credentials that slipped in",
    new Error("PUT https://s3.test/k?X-Amz-Signature=abc123 failed"),
    { why: "Error: PUT https://s3.test/k?[signature removed] failed" },
  ],
])("%s", ([, error, expected]) => {
  expect(adviceOf(error)).toMatchObject(expected);
});
