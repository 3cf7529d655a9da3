import { describe, expect, test } from "vitest";
import { endpointError, endpointUnreachable, unreadableAnswer } from "../../src/http/endpoint-errors.ts";
import { problemCodes } from "../../src/protocol/problem-codes.ts";
import { SendFailure } from "../../src/upload/transport.ts";
import { json } from "../support/scripted-sender.ts";

const host = "api.test";
const html = { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "<!doctype html><p>Hello" };

describe("a problem of the protocol", () => {
  test.for([
    ["unauthenticated", "ACCESS_DENIED"],
    ["forbidden", "ACCESS_DENIED"],
    ["token_expired", "URL_EXPIRED"],
    ["upload_not_found", "UPLOAD_NOT_FOUND"],
    ["already_exists", "OBJECT_EXISTS"],
    ["file_too_large", "TOO_LARGE"],
    ["content_type_not_allowed", "NOT_ALLOWED"],
    ["invalid_file_name", "USAGE"],
    ["rate_limited", "THROTTLED"],
    ["busy", "THROTTLED"],
    ["s3_error", "ENDPOINT_ERROR"],
    ["internal", "ENDPOINT_ERROR"],
    ["invalid_request", "ENDPOINT_ERROR"],
  ] as const)("%s is %s", ([error, code]) => {
    const { status } = problemCodes[error];
    const found = endpointError(json(status, { error, message: "It is so.", requestId: "r-1" }), host);
    expect(found).toMatchObject({
      code,
      message: "The endpoint api.test refused: It is so.",
      why: `It answered ${status} ${error} (request r-1).`,
      hint: expect.any(String),
    });
  });

  test("that a newer endpoint knows is told as it is", () => {
    expect(endpointError(json(409, { error: "brand_new", message: "New." }), host)).toMatchObject({
      code: "ENDPOINT_ERROR",
      message: "The endpoint api.test refused: New.",
    });
    expect(endpointError(json(403, { error: "brand_new", message: "New." }), host).code).toBe("ACCESS_DENIED");
  });

  test("never brings a signed URL into the message", () => {
    const message = "for https://drop.s3.test/k?X-Amz-Signature=abc";
    const error = endpointError(json(500, { error: "internal", message }), host);
    expect(`${error.message} ${error.why} ${error.hint}`).not.toContain("Signature");
  });
});

describe("an answer of the gateway", () => {
  test.for([
    [
      404,
      { message: "Not Found" },
      "ENDPOINT_ERROR",
      "There is no presign endpoint at this address of api.test (404).",
      "Does the URL end in /presign? A stage name such as /prod may belong before it.",
    ],
    [
      405,
      { message: "x" },
      "ENDPOINT_ERROR",
      "There is no presign endpoint at this address of api.test (405).",
      expect.stringContaining("/presign"),
    ],
    [
      401,
      { message: "Unauthorized" },
      "ACCESS_DENIED",
      "api.test refused the request (401).",
      expect.stringContaining("--token"),
    ],
    [
      403,
      { message: "Forbidden" },
      "ACCESS_DENIED",
      "api.test refused the request (403).",
      expect.stringContaining("--token"),
    ],
    [
      413,
      { message: "Request Entity Too Large" },
      "TOO_LARGE",
      "api.test refused the request as too large.",
      expect.any(String),
    ],
    [429, { message: "Too Many Requests" }, "THROTTLED", "api.test asks for fewer requests (429).", "Try again later."],
    [
      503,
      { message: "Service Unavailable" },
      "THROTTLED",
      "api.test asks for fewer requests (503).",
      "Try again later.",
    ],
    [
      500,
      { message: "Internal Server Error" },
      "ENDPOINT_ERROR",
      "api.test answered 500.",
      "Run the same command again.",
    ],
    [418, "teapot", "ENDPOINT_ERROR", "api.test answered 418.", "Ask whoever runs the endpoint."],
  ] as const)("%i %j", ([status, body, code, message, hint]) => {
    expect(endpointError(json(status, body), host)).toMatchObject({ code, message, hint });
  });

  test("tells what the gateway said", () => {
    expect(endpointError(json(403, { message: "Forbidden" }), host).why).toBe("It said: Forbidden.");
    expect(endpointError({ status: 403, headers: {}, body: "" }, host).why).toBe("It said no more than 403.");
  });
});

test("a web page is told apart from an answer", () => {
  const expected = {
    code: "ENDPOINT_ERROR",
    message: "api.test answered 200 with a web page instead of JSON.",
    hint: "Does the URL end in /presign?",
  };
  expect(unreadableAnswer(html, host, "v: missing.")).toMatchObject(expected);
  expect(endpointError({ ...html, status: 404 }, host)).toMatchObject({
    message: expect.stringContaining("404 with a web page"),
  });
  expect(unreadableAnswer(json(200, {}), host, "v: missing.")).toMatchObject({
    message: "api.test answered in a way that s3up does not understand.",
    why: "v: missing.",
  });
});

test.for(["connect", "dns", "tls", "reset", "stalled", "protocol"] as const)("no answer because of %s", (reason) => {
  expect(endpointUnreachable(new SendFailure(reason, "x"), host)).toMatchObject({
    code: "NETWORK",
    message: "The endpoint api.test could not be reached.",
    why: expect.any(String),
    hint: expect.any(String),
  });
});
