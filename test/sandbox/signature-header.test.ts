import { describe, expect, test } from "vitest";
import { authenticate } from "../../src/sandbox/signature.ts";
import { exampleContext, permanentKey, refusalOf, temporaryKey } from "../support/access-keys.ts";
import { anIncomingRequest } from "../support/received-request.ts";
import { documented, type Signing, sha256, signedInHeader } from "../support/signed-requests.ts";

const LINE = "PUT /drop/a";
const SHA = { "x-amz-content-sha256": sha256("body") };

/** A good request, sent with other headers than those that were signed. */
function sentWith(changed: Readonly<Record<string, string | undefined>>, line = LINE) {
  const { headers } = signedInHeader(LINE, { ...SHA, "content-length": "4", "content-type": "text/plain" }, "body");
  const sent = Object.entries({ ...headers, ...changed }).filter(([, value]) => value !== undefined);
  return anIncomingRequest(line, Object.fromEntries(sent) as Record<string, string>, "body");
}

test("accepts a request in which nothing was changed", () => {
  expect(authenticate(sentWith({}), exampleContext)).toMatchObject({ kind: "signed", key: permanentKey });
});

test.for([
  ["another secret", signedInHeader(LINE, SHA, "", { secret: "another" })],
  ["another method", sentWith({}, "POST /drop/a")],
  ["another key", sentWith({}, "PUT /drop/b")],
  ["a doubled slash", sentWith({}, "PUT /drop//a")],
  ["a dot segment that leads to the same place", sentWith({}, "PUT /drop/x/../a")],
  ["another query", sentWith({}, "PUT /drop/a?acl")],
  ["another length", sentWith({ "content-length": "5" })],
  ["another type", sentWith({ "content-type": "text/html" })],
  ["another hash", sentWith({ "x-amz-content-sha256": sha256("other") })],
  ["a signed header left out", sentWith({ "content-type": undefined })],
  ["another host", sentWith({ host: "elsewhere" })],
] as const)("a request signed for this and sent with %s does not match", async ([, request]) => {
  const error = await refusalOf(() => authenticate(request, exampleContext));
  expect(error).toMatchObject({ code: "SignatureDoesNotMatch", status: 403 });
  expect(Object.keys(error.details)).toEqual([
    "AWSAccessKeyId",
    "StringToSign",
    "SignatureProvided",
    "StringToSignBytes",
    "CanonicalRequest",
    "CanonicalRequestBytes",
  ]);
});

test("shows its own calculation when a signature does not match", async () => {
  const { details } = await refusalOf(() => authenticate(sentWith({ "content-length": "5" }), exampleContext));
  expect(details.CanonicalRequest?.split("\n").slice(0, 5)).toEqual([
    "PUT",
    "/drop/a",
    "",
    "content-length:5",
    "content-type:text/plain",
  ]);
  expect(details.StringToSign).toBe(
    ["AWS4-HMAC-SHA256", documented.time, documented.scope, sha256(details.CanonicalRequest ?? "")].join("\n"),
  );
  expect(details.StringToSignBytes).toMatch(/^41 57 53 34 .* [0-9a-f]{2}$/);
});

test.for([
  ["x-amz-acl", { "x-amz-acl": "public-read" }, "x-amz-acl"],
  ["two of them", { "x-amz-meta-b": "1", "x-amz-acl": "private" }, "x-amz-acl, x-amz-meta-b"],
] as const)("refuses unsigned x-amz headers: %s", async ([, added, named]) => {
  expect(await refusalOf(() => authenticate(sentWith(added), exampleContext))).toMatchObject({
    code: "AccessDenied",
    status: 403,
    message: "There were headers present in the request which were not signed",
    details: { HeadersNotSigned: named },
  });
});

test("refuses a signature that leaves out the host", async () => {
  const { headers } = signedInHeader(LINE, SHA);
  const authorization = headers.authorization?.replace("host;", "") ?? "";
  const error = await refusalOf(() =>
    authenticate(anIncomingRequest(LINE, { ...headers, authorization }), exampleContext),
  );
  expect(error).toMatchObject({ code: "AccessDenied", details: { HeadersNotSigned: "host" } });
});

test("lets other headers through unsigned, as S3 does", () => {
  expect(authenticate(sentWith({ "user-agent": "x", "content-encoding": "gzip" }), exampleContext).kind).toBe("signed");
});

test("folds spaces in header values and reads bytes beyond ASCII as they came", () => {
  const request = signedInHeader(LINE, { ...SHA, "x-amz-meta-a": "two words" });
  const headers = { ...request.headers, "x-amz-meta-a": "  two    words " };
  expect(authenticate(anIncomingRequest(LINE, headers), exampleContext).kind).toBe("signed");
});

describe("keys and tokens", () => {
  const temporary: Signing = { accessKeyId: temporaryKey.accessKeyId };
  const withToken = (token: string) => signedInHeader(LINE, { ...SHA, "x-amz-security-token": token }, "", temporary);

  test("accepts temporary credentials with their token", () => {
    expect(authenticate(withToken("the-token"), exampleContext)).toMatchObject({ key: temporaryKey });
  });

  test.for([
    ["an unknown key", signedInHeader(LINE, SHA, "", { accessKeyId: "AKIAOTHER" }), "InvalidAccessKeyId", 403],
    ["temporary credentials without their token", signedInHeader(LINE, SHA, "", temporary), "InvalidAccessKeyId", 403],
    ["another token", withToken("another-token"), "InvalidToken", 400],
    [
      "a token with a key that has none",
      signedInHeader(LINE, { ...SHA, "x-amz-security-token": "t" }),
      "InvalidToken",
      400,
    ],
  ] as const)("refuses %s", async ([, request, code, status]) => {
    expect(await refusalOf(() => authenticate(request, exampleContext))).toMatchObject({ code, status });
  });

  test("refuses temporary credentials whose time is over", async () => {
    const late = { ...exampleContext, now: new Date("2013-05-24T01:00:00Z") };
    const request = signedInHeader(LINE, { ...SHA, "x-amz-security-token": "the-token" }, "", {
      ...temporary,
      time: "20130524T010000Z",
    });
    expect(await refusalOf(() => authenticate(request, late))).toMatchObject({ code: "ExpiredToken", status: 400 });
  });
});

describe("the clock", () => {
  const at = (time: string) => ({ ...exampleContext, now: new Date(time) });

  test.for([
    ["15 minutes before", "2013-05-23T23:45:00Z"],
    ["15 minutes after", "2013-05-24T00:15:00Z"],
  ])("accepts a clock that is %s", ([, now = ""]) => {
    expect(authenticate(signedInHeader(LINE, SHA), at(now)).kind).toBe("signed");
  });

  test.for([
    ["behind", "2013-05-24T00:15:01Z"],
    ["ahead", "2013-05-23T23:44:59Z"],
  ])("refuses a client's clock that is more than 15 minutes %s", async ([, now = ""]) => {
    expect(await refusalOf(() => authenticate(signedInHeader(LINE, SHA), at(now)))).toMatchObject({
      code: "RequestTimeTooSkewed",
      status: 403,
      details: { RequestTime: documented.time, ServerTime: now, MaxAllowedSkewMilliseconds: "900000" },
    });
  });

  test.for([
    ["none", undefined],
    ["one that is no date", "yesterday"],
    ["the 31st of February", "20130231T000000Z"],
  ])("refuses a request whose date is %s", async ([, date]) => {
    expect(await refusalOf(() => authenticate(sentWith({ "x-amz-date": date }), exampleContext))).toMatchObject({
      code: "AccessDenied",
      message: "AWS authentication requires a valid Date or x-amz-date header",
    });
  });
});

describe("the Authorization header", () => {
  const good = signedInHeader(LINE, SHA).headers.authorization ?? "";

  test.for([
    ["two components", good.replace(/, Signature=.*/, ""), "requires three components"],
    ["a credential of four parts", good.replace("/s3/", "/"), "the Credential is mal-formed"],
    ["a credential without a date", good.replace("20130524", "today"), "the Credential is mal-formed"],
    ["the date of another day", good.replace("20130524", "20130525"), 'Invalid credential date "20130525"'],
    ["another service", good.replace("/s3/", "/sts/"), 'incorrect service "sts"'],
    ["another terminator", good.replace("aws4_request", "aws5_request"), 'incorrect terminal "aws5_request"'],
  ] as const)("refuses %s", async ([, authorization, message]) => {
    const request = anIncomingRequest(LINE, { ...signedInHeader(LINE, SHA).headers, authorization });
    const error = await refusalOf(() => authenticate(request, exampleContext));
    expect(error).toMatchObject({ code: "AuthorizationHeaderMalformed", status: 400 });
    expect(error.message).toContain(message);
  });

  test("names the region that it expects", async () => {
    const request = signedInHeader(LINE, SHA, "", { scope: "20130524/eu-west-1/s3/aws4_request" });
    expect(await refusalOf(() => authenticate(request, exampleContext))).toMatchObject({
      code: "AuthorizationHeaderMalformed",
      message: "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
      details: { Region: "us-east-1" },
    });
  });
});

describe("x-amz-content-sha256", () => {
  test("is required", async () => {
    expect(
      await refusalOf(() => authenticate(sentWith({ "x-amz-content-sha256": undefined }), exampleContext)),
    ).toMatchObject({
      code: "InvalidRequest",
      message: "Missing required header for this request: x-amz-content-sha256",
    });
  });

  test.for(["invalid", "unsigned-payload", sha256("").slice(1), "constructor"])("may not be %s", async (claimed) => {
    const error = await refusalOf(() =>
      authenticate(signedInHeader(LINE, { "x-amz-content-sha256": claimed }), exampleContext),
    );
    expect(error).toMatchObject({
      code: "InvalidArgument",
      details: { ArgumentName: "x-amz-content-sha256", ArgumentValue: claimed },
    });
  });

  test.for([
    ["UNSIGNED-PAYLOAD", { kind: "unsigned" }],
    ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", { kind: "unsigned-chunks" }],
    ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", { kind: "signed-chunks", trailer: false }],
    ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", { kind: "signed-chunks", trailer: true }],
  ] as const)("%s says how the body is checked", ([claimed, payload]) => {
    const request = signedInHeader(LINE, { "x-amz-content-sha256": claimed });
    expect(authenticate(request, exampleContext).payload).toMatchObject(payload);
  });

  test("chunks signed by elliptic curve are not implemented", async () => {
    const request = signedInHeader(LINE, { "x-amz-content-sha256": "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD" });
    expect(await refusalOf(() => authenticate(request, exampleContext))).toMatchObject({
      code: "NotImplemented",
      status: 501,
    });
  });
});
