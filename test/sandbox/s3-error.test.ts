import { expect, test } from "vitest";
import { S3Error, s3Error } from "../../src/sandbox/s3-error.ts";

test("knows status and sentence of a code", () => {
  expect(s3Error("NoSuchKey", { Key: "a" })).toMatchObject({
    code: "NoSuchKey",
    status: 404,
    message: "The specified key does not exist.",
    details: { Key: "a" },
    closeConnection: false,
  });
});

test("can say it in other words, and end the connection", () => {
  const error = s3Error("AccessDenied", {}, { message: "Request has expired", closeConnection: true });
  expect(error).toBeInstanceOf(S3Error);
  expect(error).toMatchObject({ status: 403, message: "Request has expired", closeConnection: true });
});
