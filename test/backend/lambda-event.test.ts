import { describe, expect, test } from "vitest";
import { httpEventOf, lambdaAnswerOf } from "../../src/backend/lambda-event.ts";

const event = {
  version: "2.0",
  routeKey: "POST /presign",
  rawPath: "/presign",
  rawQueryString: "",
  headers: { "content-type": "application/json" },
  requestContext: { requestId: "r-1", stage: "$default", http: { method: "POST", path: "/presign" } },
  body: '{"a":"ü"}',
  isBase64Encoded: false,
};
const jwt = { authorizer: { jwt: { claims: { sub: "user-1" }, scopes: [] } } };
const iam = { authorizer: { iam: { userArn: "arn:aws:iam::1:user/me", accessKey: "AKID" } } };

test("an event of an HTTP API", () => {
  const { body, ...rest } = httpEventOf(event, "none");
  expect(rest).toEqual({ method: "POST", path: "/presign", headers: event.headers, requestId: "r-1" });
  expect(new TextDecoder().decode(body)).toBe('{"a":"ü"}');
});

test("a body in base64", () => {
  const { body } = httpEventOf(
    { ...event, body: Buffer.from('{"a":1}').toString("base64"), isBase64Encoded: true },
    "none",
  );
  expect(new TextDecoder().decode(body)).toBe('{"a":1}');
});

test("a GET without headers and body", () => {
  const { headers: _, body: __, ...bare } = event;
  expect(httpEventOf(bare, "none").body).toHaveLength(0);
});

describe("the path without what stands before it", () => {
  test.for([
    ["/presign", "/presign"],
    ["/prod/presign", "/presign"],
    ["/v1/upload/presign/multipart/parts", "/presign/multipart/parts"],
    ["/presign/", "/presign/"],
    ["/presign/presign", "/presign"],
    ["/prod/other", "/prod/other"],
    ["/xpresign", "/xpresign"],
  ])("%s is %s", ([rawPath, path]) => {
    expect(httpEventOf({ ...event, rawPath }, "none").path).toBe(path);
  });
});

describe("only the identity that the settings name is believed", () => {
  test.for<readonly [auth: "none" | "jwt" | "iam", context: object, subject: string | undefined]>([
    ["jwt", jwt, "user-1"],
    ["iam", iam, "arn:aws:iam::1:user/me"],
    ["none", jwt, undefined],
    ["jwt", iam, undefined],
    ["iam", jwt, undefined],
    ["jwt", { authorizer: { jwt: { claims: { sub: "" } } } }, undefined],
    ["jwt", { authorizer: { jwt: { claims: {} } } }, undefined],
    ["jwt", { authorizer: { jwt: { claims: { sub: ["a"] } } } }, undefined],
    ["jwt", {}, undefined],
  ])("%s, %j", ([auth, context, subject]) => {
    const received = httpEventOf({ ...event, requestContext: { ...event.requestContext, ...context } }, auth);
    expect(received.subject).toBe(subject);
  });
});

test.for([undefined, null, {}, { version: "1.0", path: "/presign", httpMethod: "POST" }])("%j is refused", (other) => {
  expect(() => httpEventOf(other, "none")).toThrow("payload format 2.0");
});

test("an answer", () => {
  expect(lambdaAnswerOf({ status: 200, headers: { a: "b" }, body: "{}" })).toEqual({
    statusCode: 200,
    headers: { a: "b" },
    body: "{}",
  });
});
