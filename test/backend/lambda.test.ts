import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bodyOf, useLoopbackServers } from "../support/loopback-server.ts";

const listen = useLoopbackServers();
const SECRET = "0123456789abcdef0123456789abcdef";
const environment = {
  BUCKET: "drop",
  AUTH: "jwt",
  TOKEN_SECRET: SECRET,
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret-of-the-role",
  AWS_SESSION_TOKEN: "session-of-the-role",
};
const event = (method: string, body?: object) => ({
  version: "2.0",
  rawPath: "/prod/presign",
  headers: {},
  requestContext: {
    requestId: "r-1",
    http: { method },
    authorizer: { jwt: { claims: { sub: "user-1" } } },
  },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

let written = "";
beforeEach(() => {
  vi.resetModules();
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  written = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The module as a new execution environment has it. */
const load = async () => (await import("../../src/backend/lambda.ts")).handler;

describe("the Lambda function", () => {
  test("signs with the role's credentials, for the caller that the gateway verified", async () => {
    const handler = await load();
    const answer = await handler(event("POST", { v: 1, fileName: "a.png", contentType: "image/png", size: 5 }));
    expect(answer.statusCode).toBe(200);
    const { uploadUrl, key } = JSON.parse(answer.body);
    expect(uploadUrl).toMatch(/^https:\/\/drop\.s3\.eu-central-1\.amazonaws\.com\/uploads\/[0-9a-f]{16}\//);
    expect(new URL(uploadUrl).searchParams.get("X-Amz-Security-Token")).toBe("session-of-the-role");
    expect(key).toMatch(/\/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-a\.png$/);
  });

  test("writes one JSON line for a request, without anything that is signed or secret", async () => {
    const handler = await load();
    await handler(event("POST", { fileName: "a.png", contentType: "image/png" }));
    const lines = written.trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      time: expect.any(String),
      level: "info",
      operation: "presign",
      status: 200,
      requestId: "r-1",
      subject: "user-1",
      key: expect.any(String),
      durationMs: expect.any(Number),
    });
    expect(written).not.toMatch(/X-Amz|https?:|secret-of|session-of/);
  });

  test("derives the secret of upload tokens with a key in KMS, and tries again where KMS refused the first time", async () => {
    vi.stubEnv("TOKEN_SECRET", "");
    vi.stubEnv("TOKEN_KEY", "arn:aws:kms:eu-central-1:123456789012:key/0000");
    vi.stubEnv("TOKEN_KEY_GENERATION", "2");
    const texts: string[] = [];
    const kms = await listen(async (request, response) => {
      const { Message } = JSON.parse((await bodyOf(request)).toString());
      texts.push(Buffer.from(Message, "base64").toString());
      if (texts.length <= 2) {
        response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify({ __type: "AccessDeniedException", message: "no kms:GenerateMac" }));
        return;
      }
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify({ Mac: Buffer.alloc(32, Message.length).toString("base64") }));
    });
    vi.stubEnv("AWS_ENDPOINT_URL_KMS", kms.origin);
    const handler = await load();
    await expect(handler(event("GET"))).rejects.toThrow("no kms:GenerateMac");
    expect(JSON.parse(written)).toMatchObject({ level: "error", operation: "start" });
    expect((await handler(event("GET"))).statusCode).toBe(200);
    expect(new Set(texts)).toEqual(new Set([1, 2].map((number) => `s3up upload token, generation ${number}`)));
  });

  test("tells the log which settings are wrong, and fails", async () => {
    vi.stubEnv("MAX_SIZE", "huge");
    const handler = await load();
    await expect(handler(event("GET"))).rejects.toThrow("The settings of the presign backend cannot be used.");
    expect(JSON.parse(written)).toMatchObject({
      level: "error",
      operation: "start",
      unexpected: expect.stringContaining("MAX_SIZE"),
    });
    expect(written).not.toContain(SECRET);
  });
});
