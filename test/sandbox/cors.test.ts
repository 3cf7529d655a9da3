import { describe, expect, test } from "vitest";
import { answerPreflight, corsHeaders } from "../../src/sandbox/cors.ts";
import type { S3Error } from "../../src/sandbox/s3-error.ts";
import type { CorsRule } from "../../src/sandbox/settings/cors-rules.ts";

const rule = (changes: Partial<CorsRule> = {}): CorsRule => ({
  allowedOrigins: ["https://app.example.com"],
  allowedMethods: ["PUT", "GET"],
  allowedHeaders: ["content-type", "x-amz-*"],
  exposeHeaders: ["ETag"],
  maxAgeSeconds: 300,
  ...changes,
});
const asked = {
  origin: "https://app.example.com",
  "access-control-request-method": "PUT",
  "access-control-request-headers": "Content-Type, x-amz-checksum-crc32",
};
const vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

describe("a preflight is allowed", () => {
  test("with what the rule says", () => {
    expect(answerPreflight([rule()], asked, "OBJECT")).toEqual({
      status: 200,
      headers: {
        "access-control-allow-origin": "https://app.example.com",
        "access-control-allow-methods": "PUT, GET",
        "access-control-allow-headers": "content-type, x-amz-checksum-crc32",
        "access-control-expose-headers": "ETag",
        "access-control-max-age": "300",
        "access-control-allow-credentials": "true",
        vary,
      },
    });
  });

  test("to anyone, and then without credentials", () => {
    const { headers } = answerPreflight([rule({ allowedOrigins: ["*"] })], asked, "OBJECT");
    expect(headers).toMatchObject({ "access-control-allow-origin": "*" });
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
  });

  test("by the first rule that fits as a whole, and not by one that fits in part", () => {
    const rules = [
      rule({ allowedMethods: ["GET"], maxAgeSeconds: 1 }),
      rule({ allowedHeaders: [], maxAgeSeconds: 2 }),
      rule({ maxAgeSeconds: 3 }),
      rule({ maxAgeSeconds: 4 }),
    ];
    expect(answerPreflight(rules, asked, "OBJECT").headers?.["access-control-max-age"]).toBe("3");
  });

  test("without headers that were not asked for or said", () => {
    const { headers } = answerPreflight(
      [rule({ exposeHeaders: [], maxAgeSeconds: undefined })],
      { ...asked, "access-control-request-headers": undefined },
      "BUCKET",
    );
    expect(Object.keys(headers ?? {}).toSorted()).toEqual([
      "access-control-allow-credentials",
      "access-control-allow-methods",
      "access-control-allow-origin",
      "vary",
    ]);
  });

  test.for<[string, string]>([
    ["https://*.example.com", "https://app.example.com"],
    ["http*", "https://app.example.com"],
    ["*", "null"],
    ["http://localhost:*", "http://localhost:3000"],
  ])("where %s stands for %s", ([pattern, origin]) => {
    expect(answerPreflight([rule({ allowedOrigins: [pattern] })], { ...asked, origin }, "OBJECT").status).toBe(200);
  });
});

describe("a preflight is refused", () => {
  const notAllowed = "CORSResponse: This CORS request is not allowed.";
  test.for<[string, CorsRule[] | undefined, Record<string, string | undefined>, number, string, string]>([
    ["without an origin", [rule()], { origin: undefined }, 400, "BadRequest", "Origin request header needed"],
    ["without a method", [rule()], { "access-control-request-method": undefined }, 400, "BadRequest", "Method: null"],
    [
      "for a method S3 has not",
      [rule()],
      { "access-control-request-method": "PATCH" },
      400,
      "BadRequest",
      "Method: PATCH",
    ],
    ["without rules", undefined, {}, 403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket."],
    ["for another origin", [rule()], { origin: "https://evil.example" }, 403, "AccessForbidden", notAllowed],
    ["for another scheme", [rule()], { origin: "http://app.example.com" }, 403, "AccessForbidden", notAllowed],
    [
      "for a longer origin",
      [rule()],
      { origin: "https://app.example.com.evil.example" },
      403,
      "AccessForbidden",
      notAllowed,
    ],
    ["for another method", [rule()], { "access-control-request-method": "DELETE" }, 403, "AccessForbidden", notAllowed],
    [
      "for another header",
      [rule()],
      { "access-control-request-headers": "authorization" },
      403,
      "AccessForbidden",
      notAllowed,
    ],
    [
      "where a pattern would need its two ends to overlap",
      [rule({ allowedOrigins: ["https://a*a.example"] })],
      { origin: "https://a.example" },
      403,
      "AccessForbidden",
      notAllowed,
    ],
  ])("%s", ([, rules, changes, status, code, message]) => {
    const refusal = catchRefusal(() => answerPreflight(rules, { ...asked, ...changes }, "OBJECT"));
    expect(refusal).toMatchObject({ status, code });
    expect(refusal.message).toContain(message);
    if (status === 403) expect(refusal.details).toMatchObject({ ResourceType: "OBJECT" });
  });
});

describe("any other request", () => {
  const origin = "https://app.example.com";
  test.for<[string, CorsRule[] | undefined, string | undefined, string, boolean]>([
    ["from an allowed page", [rule()], origin, "PUT", true],
    ["from no page", [rule()], undefined, "PUT", false],
    ["from another page", [rule()], "https://evil.example", "PUT", false],
    ["with another method", [rule()], origin, "POST", false],
    ["to a bucket without rules", undefined, origin, "PUT", false],
  ])("%s", ([, rules, from, method, allowed]) => {
    const headers = corsHeaders(rules, { origin: from }, method);
    expect("access-control-allow-origin" in headers).toBe(allowed);
    if (allowed) expect(headers).toMatchObject({ vary, "access-control-expose-headers": "ETag" });
  });
});

function catchRefusal(run: () => unknown): S3Error {
  try {
    run();
  } catch (error) {
    return error as S3Error;
  }
  throw new Error("It was allowed.");
}
