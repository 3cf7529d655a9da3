import { GetObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { translateSdkError, withSdkErrors } from "../../src/aws/sdk-errors.ts";
import { S3upError } from "../../src/errors.ts";
import { type Answer, clientAnswering, errorBody } from "../support/s3-answers.ts";

const call = { operation: "GetObject", bucket: "drop", key: "a.bin", host: "drop.s3.amazonaws.com" };

async function errorFor(answer: Answer): Promise<S3upError> {
  const { client } = clientAnswering(answer);
  const failure = withSdkErrors(call, () => client.send(new GetObjectCommand({ Bucket: "drop", Key: "a.bin" })));
  return failure.then(
    () => expect.fail("no error"),
    (error: unknown) => (error instanceof S3upError ? error : expect.fail(`not translated: ${String(error)}`)),
  );
}

describe("answers of S3 through the SDK", () => {
  test.for<readonly [string, Answer, code: string, text: string]>([
    [
      "no such bucket",
      { status: 404, body: errorBody("NoSuchBucket") },
      "BUCKET_NOT_FOUND",
      "The bucket drop does not exist.",
    ],
    [
      "a missing permission",
      { status: 403, body: errorBody("AccessDenied") },
      "ACCESS_DENIED",
      "Allow s3:GetObject on s3://drop/a.bin",
    ],
    [
      "an unknown access key",
      { status: 403, body: errorBody("InvalidAccessKeyId") },
      "CREDENTIALS_INVALID",
      "does not know this access key",
    ],
    [
      "a wrong secret",
      { status: 403, body: errorBody("SignatureDoesNotMatch") },
      "CREDENTIALS_INVALID",
      "the secret key is wrong",
    ],
    ["an expired session", { status: 400, body: errorBody("ExpiredToken") }, "CREDENTIALS_EXPIRED", "has expired"],
    [
      "a redirect that names the region in a header",
      { status: 301, body: errorBody("PermanentRedirect"), headers: { "x-amz-bucket-region": "eu-west-3" } },
      "BUCKET_ELSEWHERE",
      "Use --region eu-west-3.",
    ],
    [
      "a signature for the wrong region",
      {
        status: 400,
        body: errorBody(
          "AuthorizationHeaderMalformed",
          "the region 'a' is wrong; expecting 'eu-west-1'",
          "<Region>eu-west-1</Region>",
        ),
      },
      "BUCKET_ELSEWHERE",
      "The bucket drop is in eu-west-1.",
    ],
    ["a clock that is off", { status: 403, body: errorBody("RequestTimeTooSkewed") }, "CLOCK_SKEWED", "Set the clock"],
    ["too many requests", { status: 503, body: errorBody("SlowDown") }, "THROTTLED", "--concurrency"],
    ["an answer without a body", { status: 403 }, "ACCESS_DENIED", "S3 answered 403."],
    ["an answer that is not XML", { status: 502, body: "<html>Bad Gateway</html>" }, "S3_ERROR", "502"],
    [
      "something new",
      { status: 418, body: errorBody("Teapot", "short and stout") },
      "S3_ERROR",
      "S3 answered 418 Teapot: short and stout",
    ],
  ])("%s", async ([, answer, code, text]) => {
    const error = await errorFor(answer);
    expect(error.code).toBe(code);
    expect([error.message, error.why, error.hint].join("\n")).toContain(text);
    expect(error.cause).toBeInstanceOf(Error);
  });
});

describe("no answer", () => {
  const coded = (code: string, message = code) => Object.assign(new Error(message), { code });

  test.for<readonly [string, Error, why: string]>([
    ["a name that nobody knows", coded("ENOTFOUND"), "The name drop.s3.amazonaws.com could not be resolved."],
    ["a closed port", coded("ECONNREFUSED"), "Nothing listens at drop.s3.amazonaws.com."],
    ["a closed port on both address families", new AggregateError([coded("ECONNREFUSED")]), "Nothing listens at"],
    ["a connection that was cut", coded("ECONNRESET"), "closed the connection"],
    ["no file descriptor", coded("EMFILE"), "no more file descriptors"],
    ["silence", Object.assign(new Error("slow"), { name: "TimeoutError" }), "did not answer in time"],
    ["an unknown authority", coded("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"), "is not trusted"],
    ["a cause further down", new Error("request failed", { cause: coded("EHOSTUNREACH") }), "There is no route"],
  ])("%s is a NETWORK error", async ([, failure, why]) => {
    const error = await errorFor(failure);
    expect(error.code).toBe("NETWORK");
    expect(error.why).toContain(why);
  });
});

describe("what fails before a request", () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name });

  test.for<readonly [string, Error, code: string]>([
    [
      "no credentials",
      named("CredentialsProviderError", "Could not load credentials from any providers"),
      "CREDENTIALS_MISSING",
    ],
    [
      "an SSO session that ended",
      named("CredentialsProviderError", "The SSO session has expired"),
      "CREDENTIALS_EXPIRED",
    ],
    ["no region", named("Error", "Region is missing"), "REGION_UNKNOWN"],
  ])("%s", ([, failure, code]) => {
    expect(translateSdkError(failure, call)).toMatchObject({ code, cause: failure });
  });

  test("an error of s3up's own passes as it is", () => {
    const error = new S3upError("USAGE", "no");
    expect(translateSdkError(error, call)).toBe(error);
  });

  test("a bug is not dressed up", () => {
    const bug = new TypeError("x is not a function");
    expect(translateSdkError(bug, call)).toBe(bug);
  });
});

test("an aborted signal wins over what the SDK throws because of it", async () => {
  const stop = new AbortController();
  const reason = new S3upError("INTERRUPTED", "stopped");
  const failure = withSdkErrors(
    call,
    async () => {
      stop.abort(reason);
      throw new Error("aborted");
    },
    stop.signal,
  );
  await expect(failure).rejects.toBe(reason);
});
