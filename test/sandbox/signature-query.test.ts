import { describe, expect, test } from "vitest";
import { authenticate } from "../../src/sandbox/signature.ts";
import { exampleContext, permanentKey, refusalOf, temporaryKey } from "../support/access-keys.ts";
import { anIncomingRequest } from "../support/received-request.ts";
import { documented, presigned, sha256 } from "../support/signed-requests.ts";

const HEADERS = { host: "localhost", "content-length": "4", "content-type": "text/plain" };
const PUT = presigned("PUT /drop/a", HEADERS);

function refusal(line: string, headers: Readonly<Record<string, string>> = HEADERS, now: Date = documented.now) {
  return refusalOf(() => authenticate(anIncomingRequest(line, headers), { ...exampleContext, now }));
}

test("accepts a presigned PUT with exactly the headers that were signed", () => {
  expect(authenticate(anIncomingRequest(PUT, HEADERS), exampleContext)).toMatchObject({
    via: "query",
    key: permanentKey,
    payload: { kind: "unsigned" },
    signedHeaders: ["content-length", "content-type", "host"],
  });
});

test.for([
  ["another length", PUT, { ...HEADERS, "content-length": "5" }],
  ["another type", PUT, { ...HEADERS, "content-type": "text/html" }],
  ["no type", PUT, { host: "localhost", "content-length": "4" }],
  ["another key", PUT.replace("/drop/a", "/drop/b"), HEADERS],
  ["another method", PUT.replace("PUT", "GET"), HEADERS],
  ["a longer life", PUT.replace("Expires=900", "Expires=9000"), HEADERS],
  ["another time", PUT.replace(documented.time, "20130524T000100Z"), HEADERS],
  ["a further member", `${PUT}&partNumber=2`, HEADERS],
  ["fewer signed headers", PUT.replace("content-type%3B", ""), HEADERS],
  ["a signature cut short", PUT.slice(0, -1), HEADERS],
] as const)("a URL used with %s does not match", async ([, line, headers]) => {
  expect(await refusal(line, headers)).toMatchObject({ code: "SignatureDoesNotMatch", status: 403 });
});

test("refuses an x-amz header that was not signed, even when the query has one of its name", async () => {
  const line = presigned("PUT /drop/a", HEADERS, { "x-amz-checksum-crc32": "AAAAAA%3D%3D" });
  const error = await refusal(line, { ...HEADERS, "x-amz-checksum-crc32": "AAAAAA==" });
  expect(error).toMatchObject({ code: "AccessDenied", details: { HeadersNotSigned: "x-amz-checksum-crc32" } });
});

test("takes the order of members and the choice of escapes as they come", () => {
  const members = PUT.split("?")[1]?.split("&").toReversed().join("&");
  expect(authenticate(anIncomingRequest(`PUT /drop/%61?${members}`, HEADERS), exampleContext).kind).toBe("signed");
});

test.for([
  ["a space and a plus", "/drop/a%20b%2Bc"],
  ["characters that encodeURIComponent leaves alone", "/drop/%21%27%28%29%2A"],
  ["UTF-8", "/drop/%C3%BC%F0%9F%99%82"],
  ["dots and doubled slashes", "/drop/../a//b/./c"],
  ["an escaped percent sign", "/drop/100%25"],
] as const)("signs keys with %s", ([, path]) => {
  expect(authenticate(anIncomingRequest(presigned(`GET ${path}`), { host: "localhost" }), exampleContext).kind).toBe(
    "signed",
  );
});

describe("the members of the query", () => {
  test.for([
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
  ])("%s is required, once", async (name) => {
    const [path, query = ""] = PUT.split("?");
    const members = query.split("&");
    const [member = ""] = members.filter((candidate) => candidate.startsWith(`${name}=`));
    for (const changed of [
      members.filter((other) => other !== member),
      [...members, member],
      [...members, `${name}=`],
    ]) {
      const error = await refusal(`${path}?${changed.join("&")}`);
      expect(error).toMatchObject({ code: "AuthorizationQueryParametersError", status: 400 });
      expect(error.message).toContain("Query-string authentication version 4 requires");
    }
  });

  test.for([
    ["X-Amz-Expires", "soon", "X-Amz-Expires should be a number"],
    ["X-Amz-Expires", "1.5", "X-Amz-Expires should be a number"],
    ["X-Amz-Expires", "-1", "X-Amz-Expires must be non-negative"],
    ["X-Amz-Expires", "604801", "X-Amz-Expires must be less than a week"],
    ["X-Amz-Date", "2013-05-24T00:00:00Z", "X-Amz-Date must be in the ISO8601 Long Format"],
    ["X-Amz-Algorithm", "AWS4-HMAC-SHA512", "X-Amz-Algorithm only supports"],
    ["X-Amz-Credential", "AKIA", "the Credential is mal-formed"],
    ["X-Amz-Credential", "AKIA%2F20130524%2Fus-east-1%2Fec2%2Faws4_request", 'incorrect service "ec2"'],
    ["X-Amz-Credential", "AKIA%2F20130523%2Fus-east-1%2Fs3%2Faws4_request", 'Invalid credential date "20130523"'],
  ] as const)("%s may not be %s", async ([name, value, message]) => {
    const error = await refusal(presigned("GET /drop/a", {}, { [name]: value }));
    expect(error).toMatchObject({ code: "AuthorizationQueryParametersError", status: 400 });
    expect(error.message).toContain(message);
  });

  test("names the region that it expects", async () => {
    const line = presigned("GET /drop/a", {}, {}, { scope: "20130524/eu-west-1/s3/aws4_request" });
    expect(await refusal(line)).toMatchObject({
      code: "AuthorizationQueryParametersError",
      message: "Error parsing the X-Amz-Credential parameter; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
      details: { Region: "us-east-1" },
    });
  });

  test("a week is allowed", () => {
    const line = presigned("GET /drop/a", {}, { "X-Amz-Expires": "604800" });
    const now = new Date("2013-05-31T00:00:00Z");
    expect(authenticate(anIncomingRequest(line, { host: "localhost" }), { ...exampleContext, now }).kind).toBe(
      "signed",
    );
  });
});

describe("its life", () => {
  test.for([
    ["after it", "2013-05-24T00:15:01Z", "Request has expired"],
    ["long before it", "2013-05-23T23:44:59Z", "Request is not valid yet"],
  ] as const)("refuses a URL %s", async ([, now, message]) => {
    expect(await refusal(PUT, HEADERS, new Date(now))).toMatchObject({
      code: "AccessDenied",
      status: 403,
      message,
      details: { "X-Amz-Expires": "900", Expires: "2013-05-24T00:15:00Z", ServerTime: now },
    });
  });

  test("accepts it in its last second, and when the signer's clock is a little ahead", () => {
    for (const now of ["2013-05-24T00:15:00Z", "2013-05-23T23:45:00Z"]) {
      const context = { ...exampleContext, now: new Date(now) };
      expect(authenticate(anIncomingRequest(PUT, HEADERS), context).kind).toBe("signed");
    }
  });
});

describe("temporary credentials", () => {
  const signing = { accessKeyId: temporaryKey.accessKeyId };
  const line = (token: string) => presigned("GET /drop/a", {}, { "X-Amz-Security-Token": token }, signing);

  test("come with their token in the query", () => {
    expect(authenticate(anIncomingRequest(line("the-token"), { host: "localhost" }), exampleContext)).toMatchObject({
      key: temporaryKey,
    });
  });

  test.for([
    ["another token", line("another"), "InvalidToken"],
    ["no token", presigned("GET /drop/a", {}, {}, signing), "InvalidAccessKeyId"],
  ] as const)("are refused with %s", async ([, url, code]) => {
    expect(await refusal(url, { host: "localhost" })).toMatchObject({ code });
  });
});

describe("x-amz-content-sha256", () => {
  test("ties the body to a URL when it was signed as a header", () => {
    const headers = { host: "localhost", "x-amz-content-sha256": sha256("body") };
    expect(authenticate(anIncomingRequest(presigned("PUT /drop/a", headers), headers), exampleContext).payload).toEqual(
      {
        kind: "sha256",
        claimed: sha256("body"),
      },
    );
  });

  test("knows no chunks: S3 takes the literal for a hash, which no body has", () => {
    const headers = { host: "localhost", "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
    expect(
      authenticate(anIncomingRequest(presigned("PUT /drop/a", headers), headers), exampleContext).payload.kind,
    ).toBe("sha256");
  });
});
