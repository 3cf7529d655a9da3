import { beforeEach, expect, test, vi } from "vitest";
import { macOfKey } from "../../src/aws/key-mac.ts";
import { bodyOf, useLoopbackServers } from "../support/loopback-server.ts";

const listen = useLoopbackServers();
const key = "arn:aws:kms:eu-central-1:123456789012:key/0000";
const json = { "content-type": "application/x-amz-json-1.1" };

beforeEach(() => {
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  return () => vi.unstubAllEnvs();
});

test("asks KMS for the MAC of the text", async () => {
  const asked: unknown[] = [];
  const kms = await listen(async (request, response) => {
    asked.push(request.headers["x-amz-target"], JSON.parse((await bodyOf(request)).toString()));
    response.writeHead(200, json).end(JSON.stringify({ Mac: Buffer.alloc(32, 0xfb).toString("base64") }));
  });
  vi.stubEnv("AWS_ENDPOINT_URL_KMS", kms.origin);
  expect(await macOfKey(key, "a text")).toBe(Buffer.alloc(32, 0xfb).toString("base64url"));
  const message = Buffer.from("a text").toString("base64");
  expect(asked).toEqual(["TrentService.GenerateMac", { KeyId: key, MacAlgorithm: "HMAC_SHA_256", Message: message }]);
});

test.for([
  [400, { __type: "AccessDeniedException", message: "not authorized to perform: kms:GenerateMac" }, "kms:GenerateMac"],
  [200, {}, "KMS answered without a MAC"],
] as const)("%i %j is an error", async ([status, body, message]) => {
  const kms = await listen((request, response) => {
    request.resume();
    response.writeHead(status, json).end(JSON.stringify(body));
  });
  vi.stubEnv("AWS_ENDPOINT_URL_KMS", kms.origin);
  await expect(macOfKey(key, "a text")).rejects.toThrow(message);
});
