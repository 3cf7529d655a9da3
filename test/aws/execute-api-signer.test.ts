import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createExecuteApiSigner } from "../../src/aws/execute-api-signer.ts";

const endpoint = "https://abc123.execute-api.eu-central-1.amazonaws.com/presign";
const surroundings = { environment: {}, version: "1.2.3", now: () => new Date("2026-03-04T05:06:07Z") };
const request = {
  method: "POST",
  url: `${endpoint}/multipart`,
  headers: { "content-type": "application/json" },
  body: "{}",
};

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});
afterEach(() => vi.unstubAllEnvs());

const signer = (url = endpoint, region?: string) =>
  createExecuteApiSigner(url, { profile: undefined, region }, surroundings);

test("signs for the API in the region of its host", async () => {
  const headers = await (await signer())(request);
  expect(headers).toEqual({
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/20260304\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
    ),
    "x-amz-date": "20260304T050607Z",
    "x-amz-content-sha256": expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("binds body and path", async () => {
  const sign = await signer();
  const signatures = await Promise.all([
    sign(request),
    sign({ ...request, body: "[]" }),
    sign({ ...request, url: `${endpoint}/multipart/parts` }),
  ]);
  expect(new Set(signatures.map(({ authorization }) => authorization)).size).toBe(3);
});

test("sends the token of session credentials along", async () => {
  vi.stubEnv("AWS_SESSION_TOKEN", "session");
  expect(await (await signer())(request)).toMatchObject({ "x-amz-security-token": "session" });
});

describe("behind a name of its own", () => {
  test("the region is the one that was said", async () => {
    const { authorization } = await (await signer("https://api.example.com/presign", "ap-south-1"))(request);
    expect(authorization).toContain("/ap-south-1/execute-api/");
  });

  test("a region that nobody names is an error", async () => {
    await expect(signer("https://api.example.com/presign")).rejects.toMatchObject({
      code: "REGION_UNKNOWN",
      message: "It is not known in which region api.example.com is.",
    });
  });
});
