import { describe, expect, test } from "vitest";
import { s3Error } from "../../src/sandbox/s3-error.ts";
import { errorAnswer, lateErrorAnswer } from "../../src/sandbox/s3-response.ts";

const ids = { requestId: "R1", hostId: "H1" };

test("an error is S3's document, with what is particular to it between message and resource", () => {
  expect(errorAnswer(s3Error("NoSuchKey", { Key: "a&b" }), "/drop/a%26b", ids)).toEqual({
    status: 404,
    headers: { "content-type": "application/xml" },
    body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a&amp;b</Key><Resource>/drop/a%26b</Resource><RequestId>R1</RequestId><HostId>H1</HostId></Error>',
  });
});

describe("an error that comes late", () => {
  const { status, body } = lateErrorAnswer("InternalError", "Please try again.", ids);

  test("has the status of a success", () => expect(status).toBe(200));
  test("begins with the declaration, then white space, then the error", () => {
    expect(body).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n +\n<Error><Code>InternalError<\/Code>/);
  });
});
