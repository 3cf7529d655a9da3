import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { Environment } from "../../src/backend/settings.ts";
import { capabilitiesSchema, postAnswerSchema, putAnswerSchema } from "../../src/protocol/messages.ts";
import { aBackend } from "../support/backend.ts";

const sha256 = { algorithm: "SHA256", value: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" };
const request = { v: 1, fileName: "a b.png", contentType: "image/png", size: 1000 };

test("GET /presign tells what the backend can do", async () => {
  const { status, json } = await aBackend({ ALLOWED_CONTENT_TYPES: "image/*", MAX_SIZE: "1GiB" }).get("/presign");
  expect(status).toBe(200);
  expect(v.is(capabilitiesSchema, json)).toBe(true);
  expect(json).toEqual({
    v: 1,
    service: "s3up-presign",
    modes: ["put", "post", "multipart"],
    maxSize: 1_073_741_824,
    multipartThreshold: 16_777_216,
    partSize: { min: 5_242_880, default: 16_777_216, max: 5_368_709_120 },
    maxBatch: 200,
    expiresIn: { default: 300, max: 900 },
    contentTypes: ["image/*"],
    checksums: { put: ["SHA256", "CRC32"], multipart: ["CRC32"] },
    overwrite: "never",
    auth: "none",
    region: "eu-central-1",
    idempotentCreate: false,
  });
});

describe("POST /presign in the article's form", () => {
  const article = { fileName: "a b.png", contentType: "image/png" };

  test("answers uploadUrl and key first, and signs the content type alone", async () => {
    const { status, json } = await aBackend().post("/presign", article);
    expect(status).toBe(200);
    expect(Object.keys(json).slice(0, 2)).toEqual(["uploadUrl", "key"]);
    expect(json).toMatchObject({
      key: "uploads/2026/03/01/id-1-a-b.png",
      headers: { "content-type": "image/png" },
      signedHeaders: ["content-type", "host"],
      oneTime: false,
      expiresIn: 300,
    });
    expect(json).not.toHaveProperty("contentLength");
    expect(v.is(putAnswerSchema, json)).toBe(true);
  });

  test("every answer has a key of its own", async () => {
    const backend = aBackend();
    const [one, other] = [await backend.post("/presign", article), await backend.post("/presign", article)];
    expect(one.json.key).not.toBe(other.json.key);
  });

  test("is refused where sizes are required", async () => {
    const { status, json } = await aBackend({ REQUIRE_SIZE: "true" }).post("/presign", article);
    expect([status, json.error, json.field]).toEqual([400, "size_required", "size"]);
  });

  test("members that it does not know are ignored", async () => {
    expect((await aBackend().post("/presign", { ...article, size: "many", folder: "x" })).status).toBe(200);
  });
});

describe("POST /presign for a PUT", () => {
  test("binds type, length, checksum and name, for one use", async () => {
    const { status, json } = await aBackend().post("/presign", {
      ...request,
      checksum: sha256,
      metadata: { owner: "me" },
    });
    expect(status).toBe(200);
    expect(v.is(putAnswerSchema, json)).toBe(true);
    expect(json).toEqual({
      v: 1,
      mode: "put",
      uploadUrl: expect.stringMatching(/^https:\/\/drop\.s3\.test\/uploads\/2026\/03\/01\/id-1-a-b\.png\?/),
      bucket: "drop",
      key: "uploads/2026/03/01/id-1-a-b.png",
      method: "PUT",
      headers: {
        "content-type": "image/png",
        "if-none-match": "*",
        "x-amz-checksum-sha256": sha256.value,
        "x-amz-sdk-checksum-algorithm": "SHA256",
        "x-amz-meta-owner": "me",
        "x-amz-meta-s3up-name": "a%20b.png",
      },
      contentLength: 1000,
      signedHeaders: [
        "content-length",
        "content-type",
        "host",
        "if-none-match",
        "x-amz-checksum-sha256",
        "x-amz-meta-owner",
        "x-amz-meta-s3up-name",
        "x-amz-sdk-checksum-algorithm",
      ],
      expiresIn: 300,
      expiresAt: "2026-03-01T12:05:00.000Z",
      serverTime: "2026-03-01T12:00:00.000Z",
      region: "eu-central-1",
      oneTime: true,
    });
  });

  test("tells the life that the credentials leave", async () => {
    const { json } = await aBackend({}, 42).post("/presign", request);
    expect([json.expiresIn, json.expiresAt]).toEqual([42, "2026-03-01T12:00:42.000Z"]);
  });

  test("can be used twice where overwriting is allowed and asked for", async () => {
    const { json } = await aBackend({ OVERWRITE: "allowed" }).post("/presign", { ...request, overwrite: true });
    expect(json.oneTime).toBe(false);
    expect(json.signedHeaders).not.toContain("if-none-match");
  });

  test("a caller that signed in has a folder of its own", async () => {
    const backend = aBackend({ AUTH: "jwt" });
    const { json } = await backend.post("/presign", request, { subject: "user-1" });
    const other = await backend.post("/presign", request, { subject: "user-2" });
    expect(json.key).toMatch(/^uploads\/[0-9a-f]{16}\/2026\/03\/01\/id-1-a-b\.png$/);
    expect(json.key.split("/")[1]).not.toBe(other.json.key.split("/")[1]);
    expect(json.key).not.toContain("user-1");
  });
});

describe("POST /presign for a form", () => {
  test("has an exact condition for every field and both bounds of the size", async () => {
    const { status, json } = await aBackend().post("/presign", {
      ...request,
      mode: "post",
      size: undefined,
      maxSize: 1_048_576,
    });
    expect(status).toBe(200);
    expect(v.is(postAnswerSchema, json)).toBe(true);
    expect(json).toMatchObject({
      mode: "post",
      uploadUrl: "https://drop.s3.test/",
      method: "POST",
      fileField: "file",
      minSize: 0,
      maxSize: 1_048_576,
      fields: { key: json.key, "Content-Type": "image/png", "x-amz-meta-s3up-name": "a%20b.png" },
    });
    const { conditions } = JSON.parse(Buffer.from(json.fields.Policy, "base64").toString());
    expect(conditions).toContainEqual({ key: json.key });
    expect(conditions).toContainEqual(["content-length-range", 0, 1_048_576]);
    expect(JSON.stringify(conditions)).not.toContain("starts-with");
  });
});

describe("POST /presign refused", () => {
  test.for<readonly [string, body: unknown, env: Environment, status: number, problem: object]>([
    ["no body", "", {}, 400, { error: "invalid_json" }],
    ["broken JSON", '{"v":1', {}, 400, { error: "invalid_json" }],
    ["a list", [1], {}, 400, { error: "invalid_json" }],
    ["a text", '"v"', {}, 400, { error: "invalid_json" }],
    ["null", "null", {}, 400, { error: "invalid_json" }],
    ["bytes that are not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400, { error: "invalid_json" }],
    ["more than 256 KiB", " ".repeat(262_145), {}, 413, { error: "request_too_large", limit: 262_144 }],
    ["an empty object", {}, {}, 400, { error: "invalid_request", field: "fileName", message: "fileName is missing." }],
    ["another version", { ...request, v: 2 }, {}, 400, { error: "invalid_request", field: "v" }],
    ["an unknown mode", { ...request, mode: "patch" }, {}, 400, { error: "invalid_request", field: "mode" }],
    [
      "a name that is a number",
      { ...request, fileName: 7 },
      {},
      400,
      { error: "invalid_request", field: "fileName", message: "fileName is not valid: it should be string." },
    ],
    [
      "a negative size",
      { ...request, size: -1 },
      {},
      400,
      { error: "invalid_request", field: "size", message: "size is not valid: it should be >=0." },
    ],
    [
      "half a byte",
      { ...request, size: 1.5 },
      {},
      400,
      { error: "invalid_request", field: "size", message: "size is not valid: it should be a whole number." },
    ],
    [
      "a size beyond whole numbers",
      { ...request, size: 2 ** 53 },
      {},
      400,
      { error: "invalid_request", field: "size" },
    ],
    ["no size", { ...request, size: undefined }, {}, 400, { error: "size_required" }],
    [
      "a file that is too big",
      { ...request, size: 101 },
      { MAX_SIZE: "100" },
      413,
      { error: "file_too_large", field: "size", limit: 100, message: "101 bytes is more than the limit of 100." },
    ],
    [
      "a type that is not allowed",
      request,
      { ALLOWED_CONTENT_TYPES: "application/pdf" },
      415,
      { error: "content_type_not_allowed", field: "contentType" },
    ],
    ["HTML", { ...request, contentType: "text/html" }, {}, 415, { error: "content_type_not_allowed" }],
    ["a NUL in the name", { ...request, fileName: "a\0" }, {}, 400, { error: "invalid_file_name", field: "fileName" }],
    ["a variable of S3", { ...request, fileName: "$\u007bfilename}" }, {}, 400, { error: "invalid_file_name" }],
    ["overwriting", { ...request, overwrite: true }, {}, 403, { error: "forbidden", field: "overwrite" }],
    [
      "a checksum of another kind",
      { ...request, checksum: { algorithm: "MD5", value: "AAAA" } },
      {},
      400,
      { error: "invalid_request", field: "checksum.algorithm" },
    ],
    [
      "a checksum that is too short",
      { ...request, checksum: { algorithm: "SHA256", value: "AAAA" } },
      {},
      400,
      { error: "invalid_checksum", field: "checksum.value" },
    ],
    [
      "a mode that is not offered",
      { ...request, mode: "post" },
      { MODES: "put" },
      403,
      { error: "forbidden", field: "mode" },
    ],
  ])("%s", async ([, body, env, status, problem]) => {
    const answer = await aBackend(env).post("/presign", body);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ ...problem, retryable: false, requestId: "r-1" });
    expect(answer.headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
  });
});

describe("who may ask", () => {
  test.for(["jwt", "iam"])("with AUTH=%s a caller that has not signed in is refused", async (AUTH) => {
    const { status, json } = await aBackend({ AUTH }).post("/presign", request);
    expect([status, json.error]).toEqual([401, "unauthenticated"]);
  });

  test("how to sign in can be read without signing in", async () => {
    const { status, json } = await aBackend({ AUTH: "jwt" }).get("/presign");
    expect([status, json.auth]).toEqual([200, "jwt"]);
  });
});

describe("paths and methods", () => {
  test.for<readonly [method: string, path: string, status: number, allow: string | undefined]>([
    ["DELETE", "/presign", 405, "GET, POST"],
    ["GET", "/presign/multipart", 405, "POST"],
    ["OPTIONS", "/presign", 405, "GET, POST"],
    ["POST", "/", 404, undefined],
    ["POST", "/presigned", 404, undefined],
    ["POST", "/presign/constructor", 404, undefined],
    ["constructor", "/presign", 405, "GET, POST"],
    ["POST", "constructor", 404, undefined],
  ])("%s %s is %d", async ([method, path, status, allow]) => {
    const answer = await aBackend().send({ method, path });
    expect([answer.status, answer.headers.allow]).toEqual([status, allow]);
  });

  test("a slash at the end does not matter", async () => {
    expect((await aBackend().get("/presign/")).status).toBe(200);
  });
});

describe("the log", () => {
  test("has key, operation, subject, size and request id, and nothing that is signed", async () => {
    const backend = aBackend({ AUTH: "jwt" });
    const { json } = await backend.post("/presign", request, { subject: "user-1" });
    expect(backend.log).toEqual([
      {
        level: "info",
        operation: "presign",
        status: 200,
        requestId: "r-1",
        durationMs: 0,
        subject: "user-1",
        key: json.key,
        size: 1000,
      },
    ]);
  });

  test("names the refusal", async () => {
    const backend = aBackend();
    await backend.post("/presign", { ...request, fileName: "\0" });
    expect(backend.log).toEqual([
      { level: "warn", operation: "presign", status: 400, requestId: "r-1", durationMs: 0, error: "invalid_file_name" },
    ]);
  });

  test("a failure of the backend's own is told to the log, not to the caller", async () => {
    const backend = aBackend({}, 0);
    const { status, json } = await backend.post("/presign", request);
    expect([status, json.error]).toEqual([502, "s3_error"]);
    expect(json.message).not.toContain("expired");
    expect(backend.log).toMatchObject([{ level: "error", status: 502, unexpected: "CREDENTIALS_EXPIRED expired" }]);
  });
});
