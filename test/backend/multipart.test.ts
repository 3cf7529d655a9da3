import * as v from "valibot";
import { beforeEach, describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import {
  completedAnswerSchema,
  completeViaClientAnswerSchema,
  listAnswerSchema,
  multipartAnswerSchema,
  partsAnswerSchema,
} from "../../src/protocol/messages.ts";
import { describeMultipartControl } from "../contract/multipart-control.ts";
import { aBackend, type TestBackend } from "../support/backend.ts";
import { fakeMultipart } from "../support/fake-multipart.ts";

const MiB = 1024 ** 2;
const crc = "AAAAAA==";
const request = { v: 1, fileName: "film.mp4", contentType: "video/mp4", size: 40 * MiB };

describeMultipartControl("the fake", async () => {
  const control = fakeMultipart();
  return {
    control,
    bucket: "drop",
    putPart: async ({ uploadId }, partNumber) => {
      const part = { partNumber, size: 5 * MiB, etag: `"e${partNumber}"`, checksum: crc };
      control.putPart(uploadId, part);
      return part;
    },
  };
});

let backend: TestBackend;
beforeEach(() => {
  backend = aBackend();
});

async function create(change: object = {}, event = {}) {
  return (await backend.post("/presign/multipart", { ...request, ...change }, event)).json;
}

/** Sends all parts of a 40 MiB upload of 16 MiB parts, as S3 would keep them. */
function sendParts(uploadId: string) {
  const parts = [16 * MiB, 16 * MiB, 8 * MiB].map((size, index) => ({
    partNumber: index + 1,
    size,
    etag: `"e${index + 1}"`,
    checksum: crc,
  }));
  for (const part of parts) backend.multipart.putPart(uploadId, part);
  return parts.map(({ partNumber, etag, checksum }) => ({ partNumber, etag, checksum }));
}

describe("create", () => {
  test("whose answer from S3 got lost twice leaves one upload, the one that it answers with", async () => {
    backend.multipart.lostCreates = 2;
    const { uploadId, key } = await create();
    expect((await backend.multipart.listUploads("drop", key)).map((upload) => upload.uploadId)).toEqual([uploadId]);
  });

  test("begins the upload and signs the first parts, each with its exact length", async () => {
    const { status, json } = await backend.post("/presign/multipart", { ...request, metadata: { owner: "me" } });
    expect(status).toBe(201);
    expect(v.is(multipartAnswerSchema, json)).toBe(true);
    expect(json).toMatchObject({
      mode: "multipart",
      bucket: "drop",
      key: "uploads/2026/03/01/id-1-film.mp4",
      uploadId: "upload-1",
      tokenExpiresIn: 86_400,
      partSize: 16 * MiB,
      partCount: 3,
      lastPartSize: 8 * MiB,
      checksum: { algorithm: "CRC32", type: "FULL_OBJECT" },
      maxBatch: 200,
      resumed: false,
    });
    expect(
      json.parts.map(({ partNumber, contentLength }: { partNumber: number; contentLength: number }) => [
        partNumber,
        contentLength,
      ]),
    ).toEqual([
      [1, 16 * MiB],
      [2, 16 * MiB],
      [3, 8 * MiB],
    ]);
    expect(backend.multipart.created).toEqual([
      {
        bucket: "drop",
        key: json.key,
        headers: { "content-type": "video/mp4", "x-amz-meta-owner": "me", "x-amz-meta-s3up-name": "film.mp4" },
        checksumAlgorithm: "CRC32",
      },
    ]);
  });

  test("auto on /presign answers the same from the threshold on", async () => {
    const { status, json } = await backend.post("/presign", request);
    expect([status, json.mode, json.partCount]).toEqual([201, "multipart", 3]);
  });

  test("the mode of a request to this path does not matter", async () => {
    expect((await create({ mode: "put", size: 10 })).mode).toBe("multipart");
  });

  test("signs eight parts at first, or as many as a batch may have", async () => {
    expect((await create({ size: 1000 * MiB })).parts).toHaveLength(8);
    backend = aBackend({ MAX_BATCH: "2" });
    expect((await create()).parts).toHaveLength(2);
  });

  test.for<readonly [string, object, error: string]>([
    ["no size", { size: undefined }, "size_required"],
    ["an empty file", { size: 0 }, "invalid_request"],
    ["too large a file", { size: 6 * 1024 * MiB }, "file_too_large"],
  ])("%s is refused, and nothing is begun", async ([, change, error]) => {
    expect((await create(change)).error).toBe(error);
    expect(backend.multipart.created).toEqual([]);
  });
});

describe("parts", () => {
  test("signs number, length and checksum of each", async () => {
    const { uploadToken } = await create();
    const { status, json } = await backend.post("/presign/multipart/parts", {
      v: 1,
      uploadToken,
      parts: [{ partNumber: 3, checksum: crc }, { partNumber: 1 }],
    });
    expect(status).toBe(200);
    expect(v.is(partsAnswerSchema, json)).toBe(true);
    expect(json.errors).toEqual([]);
    expect(json.parts).toMatchObject([
      {
        partNumber: 3,
        method: "PUT",
        headers: { "x-amz-checksum-crc32": crc, "x-amz-sdk-checksum-algorithm": "CRC32" },
        contentLength: 8 * MiB,
        expiresIn: 300,
      },
      { partNumber: 1, headers: {}, contentLength: 16 * MiB },
    ]);
    expect(new URL(json.parts[0].url).searchParams.get("partNumber")).toBe("3");
    expect(new URL(json.parts[0].url).searchParams.get("uploadId")).toBe("upload-1");
  });

  test("size, key and lengths of the body are not believed", async () => {
    const { uploadToken, key } = await create();
    const { json } = await backend.post("/presign/multipart/parts", {
      uploadToken,
      key: "elsewhere",
      size: 1,
      parts: [{ partNumber: 1, contentLength: 5 }],
    });
    expect(json.parts[0].contentLength).toBe(16 * MiB);
    expect(json.parts[0].url).toContain(key);
  });

  test("a bad part has its own answer and does not spoil the others", async () => {
    const { uploadToken } = await create();
    const { status, json } = await backend.post("/presign/multipart/parts", {
      uploadToken,
      parts: [{ partNumber: 4 }, { partNumber: 2 }, { partNumber: 1, checksum: "AAAA" }],
    });
    expect(status).toBe(200);
    expect(v.is(partsAnswerSchema, json)).toBe(true);
    expect(json.parts).toHaveLength(1);
    expect(json.errors).toMatchObject([
      { partNumber: 4, error: "invalid_part", limit: 3 },
      { partNumber: 1, error: "invalid_checksum" },
    ]);
  });

  test("more than a batch is refused", async () => {
    const { uploadToken } = await create();
    const parts = Array.from({ length: 201 }, () => ({ partNumber: 1 }));
    const { status, json } = await backend.post("/presign/multipart/parts", { uploadToken, parts });
    expect([status, json.error, json.limit]).toEqual([413, "batch_too_large", 200]);
  });

  test.for([0, 10_001, 1.5, "1"])("part number %j is refused", async (partNumber) => {
    const { uploadToken } = await create();
    const { json } = await backend.post("/presign/multipart/parts", { uploadToken, parts: [{ partNumber }] });
    expect([json.error, json.field]).toEqual(["invalid_request", "parts.0.partNumber"]);
  });
});

describe("list", () => {
  test("tells what S3 has, a page at a time", async () => {
    const { uploadToken, uploadId } = await create();
    sendParts(uploadId);
    backend.multipart.pageSize = 2;
    const first = await backend.post("/presign/multipart/list", { uploadToken });
    expect(v.is(listAnswerSchema, first.json)).toBe(true);
    expect(first.json).toMatchObject({
      nextMarker: 2,
      state: "open",
      parts: [{ partNumber: 1, size: 16 * MiB, etag: '"e1"', checksum: crc }, {}],
    });
    const second = await backend.post("/presign/multipart/list", { uploadToken, marker: 2 });
    expect(second.json).toMatchObject({ state: "open", parts: [{ partNumber: 3 }] });
    expect(second.json).not.toHaveProperty("nextMarker");
  });

  test("a completed upload is told apart from one that is gone", async () => {
    const { uploadToken, uploadId } = await create();
    const parts = sendParts(uploadId);
    await backend.post("/presign/multipart/complete", { uploadToken, parts, via: "server" });
    expect((await backend.post("/presign/multipart/list", { uploadToken })).json).toEqual({
      parts: [],
      state: "completed",
    });

    const other = await create();
    await backend.post("/presign/multipart/abort", { uploadToken: other.uploadToken });
    expect((await backend.post("/presign/multipart/list", { uploadToken: other.uploadToken })).json).toEqual({
      parts: [],
      state: "gone",
    });
  });

  test("where the role may not read objects, a completed upload is gone", async () => {
    const { uploadToken, uploadId } = await create();
    await backend.post("/presign/multipart/complete", { uploadToken, parts: sendParts(uploadId), via: "server" });
    backend.multipart.failNext("head", new S3upError("ACCESS_DENIED", "no"));
    expect((await backend.post("/presign/multipart/list", { uploadToken })).json.state).toBe("gone");
  });
});

describe("complete by the client", () => {
  test("signs size, checksum and one use into the request", async () => {
    const { uploadToken, uploadId, key } = await create();
    const parts = sendParts(uploadId);
    const { status, json } = await backend.post("/presign/multipart/complete", {
      uploadToken,
      parts,
      checksum: { algorithm: "CRC32", value: crc },
    });
    expect(status).toBe(200);
    expect(v.is(completeViaClientAnswerSchema, json)).toBe(true);
    expect(json).toMatchObject({
      bucket: "drop",
      key,
      request: {
        method: "POST",
        headers: {
          "content-type": "application/xml",
          "if-none-match": "*",
          "x-amz-checksum-crc32": crc,
          "x-amz-checksum-type": "FULL_OBJECT",
          "x-amz-mp-object-size": String(40 * MiB),
        },
        expiresIn: 300,
      },
    });
    expect(backend.multipart.objects.size).toBe(0);
  });

  test("allows overwriting only where the create did", async () => {
    backend = aBackend({ OVERWRITE: "allowed" });
    const { uploadToken, uploadId } = await create({ overwrite: true });
    const { json } = await backend.post("/presign/multipart/complete", { uploadToken, parts: sendParts(uploadId) });
    expect(json.request.headers).not.toHaveProperty("if-none-match");
  });
});

describe("complete by the server", () => {
  test("completes, with the parts in any order", async () => {
    const { uploadToken, uploadId, key } = await create();
    const { status, json } = await backend.post("/presign/multipart/complete", {
      uploadToken,
      parts: sendParts(uploadId).toReversed(),
      checksum: { algorithm: "CRC32", value: crc },
      via: "server",
    });
    expect(status).toBe(200);
    expect(v.is(completedAnswerSchema, json)).toBe(true);
    expect(json).toEqual({
      v: 1,
      bucket: "drop",
      key,
      etag: '"all-3"',
      checksum: { algorithm: "CRC32", value: crc },
      size: 40 * MiB,
    });
  });

  test("an answer that got lost: the same call succeeds again", async () => {
    const { uploadToken, uploadId } = await create();
    const body = {
      uploadToken,
      parts: sendParts(uploadId),
      checksum: { algorithm: "CRC32", value: crc },
      via: "server",
    };
    const first = await backend.post("/presign/multipart/complete", body);
    const second = await backend.post("/presign/multipart/complete", body);
    expect(second).toMatchObject({ status: 200, json: first.json });
  });

  test("S3's own answer that got lost: the object is looked for, and found", async () => {
    const { uploadToken, uploadId } = await create();
    backend.multipart.losesCompletion = true;
    const body = { uploadToken, parts: sendParts(uploadId), checksum: { algorithm: "CRC32", value: crc } };
    const { status, json } = await backend.post("/presign/multipart/complete", { ...body, via: "server" });
    expect([status, json.etag, json.size]).toEqual([200, '"all-3"', 40 * MiB]);
  });

  test("but not with another checksum", async () => {
    const { uploadToken, uploadId } = await create();
    const body = { uploadToken, parts: sendParts(uploadId), via: "server" };
    await backend.post("/presign/multipart/complete", { ...body, checksum: { algorithm: "CRC32", value: crc } });
    const other = { ...body, checksum: { algorithm: "CRC32", value: "AQEBAQ==" } };
    const { status, json } = await backend.post("/presign/multipart/complete", other);
    expect([status, json.error]).toEqual([404, "upload_not_found"]);
  });

  test("answers 202 before a gateway would give up", async () => {
    const { uploadToken, uploadId } = await create();
    backend.multipart.slow = true;
    const answer = backend.post("/presign/multipart/complete", {
      uploadToken,
      parts: sendParts(uploadId),
      via: "server",
    });
    backend.deadline.abort();
    expect(await answer).toMatchObject({ status: 202, json: { state: "completing", retryAfter: 3 } });
  });

  test.for<readonly [string, S3upError, status: number, problem: object]>([
    ["the key exists", new S3upError("OBJECT_EXISTS", ""), 409, { error: "already_exists" }],
    ["a conflict", new S3upError("PRECONDITION_FAILED", ""), 409, { error: "upload_conflict" }],
    ["a wrong checksum", new S3upError("CHECKSUM_MISMATCH", ""), 400, { error: "invalid_checksum" }],
    ["the upload is gone", new S3upError("UPLOAD_NOT_FOUND", ""), 404, { error: "upload_not_found" }],
    ["too many requests", new S3upError("THROTTLED", ""), 503, { error: "busy", retryable: true }],
    [
      "an error under a 200",
      new S3upError("S3_ERROR", "", { cause: Object.assign(new Error(), { name: "InternalError", $fault: "server" }) }),
      502,
      { error: "s3_error", s3Code: "InternalError" },
    ],
    [
      "a part that S3 does not know",
      new S3upError("S3_ERROR", "", { cause: Object.assign(new Error(), { name: "InvalidPart", $fault: "client" }) }),
      502,
      { error: "s3_error", s3Code: "InvalidPart" },
    ],
  ])("%s", async ([, error, status, problem]) => {
    const { uploadToken, uploadId } = await create();
    backend.multipart.failNext("complete", error);
    const answer = await backend.post("/presign/multipart/complete", {
      uploadToken,
      parts: sendParts(uploadId),
      via: "server",
    });
    expect(answer).toMatchObject({ status, json: problem });
    expect(answer.headers["retry-after"]).toBe(status === 503 ? "2" : undefined);
  });
});

describe("complete refused before anything is signed", () => {
  const part = (partNumber: number, checksum = crc) => ({ partNumber, etag: `"e${partNumber}"`, checksum });

  test.for<readonly [string, object, error: string]>([
    ["a gap", { parts: [part(1), part(3)] }, "invalid_part"],
    ["a missing end", { parts: [part(1), part(2)] }, "invalid_part"],
    ["a part too many", { parts: [part(1), part(2), part(3), part(4)] }, "invalid_part"],
    ["a part twice", { parts: [part(1), part(2), part(2)] }, "invalid_part"],
    ["no parts", { parts: [] }, "invalid_request"],
    ["a part's checksum that is none", { parts: [part(1), part(2), part(3, "AAAA")] }, "invalid_checksum"],
    [
      "another algorithm",
      { checksum: { algorithm: "SHA1", value: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" } },
      "invalid_checksum",
    ],
  ])("%s", async ([, change, error]) => {
    const { uploadToken } = await create();
    const body = { uploadToken, parts: [part(1), part(2), part(3)], ...change };
    const { status, json } = await backend.post("/presign/multipart/complete", body);
    expect([status, json.error]).toEqual([400, error]);
  });

  test("a body of 10,000 parts is not too large", async () => {
    const { uploadToken } = await create({ size: 5_000_000_000 });
    const parts = Array.from({ length: 10_000 }, (_, index) => ({ ...part(index + 1), etag: `"${"0".repeat(32)}"` }));
    const { json } = await backend.post("/presign/multipart/complete", { uploadToken, parts });
    expect(json.error).toBe("invalid_part");
  });
});

describe("abort", () => {
  test("204, also when the upload is already gone", async () => {
    const { uploadToken, uploadId } = await create();
    sendParts(uploadId);
    for (const _ of [1, 2]) {
      const answer = await backend.post("/presign/multipart/abort", { uploadToken });
      expect([answer.status, answer.body]).toEqual([204, ""]);
    }
    expect((await backend.post("/presign/multipart/list", { uploadToken })).json.state).toBe("gone");
  });
});

describe("a token opens one upload to one caller, for a while", () => {
  const paths = ["parts", "list", "complete", "abort"].map((name) => `/presign/multipart/${name}`);
  const body = (uploadToken: string) => ({ uploadToken, parts: [{ partNumber: 1, etag: '"e1"' }] });

  test.for(paths)("%s refuses a token that was changed", async (path) => {
    const { uploadToken } = await create();
    const [payload = "", mac = ""] = uploadToken.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, k: "other" })).toString("base64url");
    for (const token of [`${forged}.${mac}`, payload, "", "x.y", `${uploadToken}.`, `${payload}.${"A".repeat(43)}`]) {
      expect((await backend.post(path, body(token))).json).toMatchObject({
        error: "invalid_token",
        field: "uploadToken",
      });
    }
  });

  test.for(paths)("%s refuses another caller", async (path) => {
    backend = aBackend({ AUTH: "jwt" });
    const { uploadToken } = await create({}, { subject: "user-1" });
    const answer = await backend.post(path, body(uploadToken), { subject: "user-2" });
    expect([answer.status, answer.json.error]).toEqual([403, "token_subject_mismatch"]);
  });

  test.for(paths)("%s refuses a token whose time is over", async (path) => {
    const { uploadToken } = await create();
    backend.now = new Date(backend.now.getTime() + 86_400_000);
    const answer = await backend.post(path, body(uploadToken));
    expect([answer.status, answer.json.error]).toEqual([403, "token_expired"]);
  });
});

describe("a create that may be repeated", () => {
  const clientToken = "3f1c8f2e-0000-4000-8000-000000000000";
  const day = 86_400_000;
  beforeEach(() => {
    backend = aBackend({ IDEMPOTENT_CREATE: "true", TOKEN_LIFE: "172800" });
  });

  test("continues the upload that the first began", async () => {
    const first = await create({ clientToken });
    const { status, json } = await backend.post("/presign/multipart", { ...request, clientToken });
    expect(status).toBe(200);
    expect(json).toMatchObject({ uploadId: first.uploadId, key: first.key, resumed: true });
    expect(backend.multipart.created).toHaveLength(1);
  });

  test("also on the next day, under the first key", async () => {
    const first = await create({ clientToken });
    backend.now = new Date(backend.now.getTime() + day);
    expect(await create({ clientToken })).toMatchObject({ uploadId: first.uploadId, key: first.key, resumed: true });
  });

  test("is refused for another file", async () => {
    await create({ clientToken });
    const answer = await backend.post("/presign/multipart", { ...request, clientToken, size: 41 * MiB });
    expect([answer.status, answer.json.error]).toEqual([409, "idempotency_conflict"]);
  });

  test("is refused once the upload is complete", async () => {
    const { uploadToken, uploadId } = await create({ clientToken });
    await backend.post("/presign/multipart/complete", { uploadToken, parts: sendParts(uploadId), via: "server" });
    const answer = await backend.post("/presign/multipart", { ...request, clientToken });
    expect([answer.status, answer.json.error]).toEqual([409, "upload_completed"]);
  });

  test("of two callers are two uploads", async () => {
    backend = aBackend({ IDEMPOTENT_CREATE: "true", AUTH: "jwt" });
    const one = await create({ clientToken }, { subject: "user-1" });
    const other = await create({ clientToken }, { subject: "user-2" });
    expect([one.resumed, other.resumed]).toEqual([false, false]);
  });

  test("a PUT gets the same key again", async () => {
    const put = { ...request, size: 10, clientToken };
    const keys = [await backend.post("/presign", put), await backend.post("/presign", put)].map(({ json }) => json.key);
    expect(keys[0]).toBe(keys[1]);
    expect((await backend.post("/presign", { ...put, size: 11 })).json.key).not.toBe(keys[0]);
  });

  test("where it is not enabled, a client token changes nothing", async () => {
    backend = aBackend();
    await create({ clientToken });
    expect((await create({ clientToken })).resumed).toBe(false);
    expect(backend.multipart.created).toHaveLength(2);
  });
});

test("no log line of a whole upload holds a signature or a token", async () => {
  const { uploadToken, uploadId } = await create();
  const parts = sendParts(uploadId);
  await backend.post("/presign/multipart/parts", { uploadToken, parts: [{ partNumber: 1 }] });
  await backend.post("/presign/multipart/list", { uploadToken });
  await backend.post("/presign/multipart/complete", { uploadToken: `${uploadToken}x`, parts });
  await backend.post("/presign/multipart/complete", { uploadToken, parts });
  await backend.post("/presign/multipart/abort", { uploadToken });
  const text = JSON.stringify(backend.log);
  expect(backend.log.map(({ operation }) => operation)).toEqual([
    "multipart.create",
    "multipart.parts",
    "multipart.list",
    "multipart.complete",
    "multipart.complete",
    "multipart.abort",
  ]);
  expect(text).not.toContain(uploadToken.slice(0, 20));
  expect(text).not.toMatch(/X-Amz|https?:/);
});
