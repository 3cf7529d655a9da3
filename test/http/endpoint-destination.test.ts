import { beforeEach, describe, expect, test } from "vitest";
import { type BackendClient, createBackendClient } from "../../src/http/backend-client.ts";
import { createEndpointDestination } from "../../src/http/endpoint-destination.ts";
import type { SignedRequest } from "../../src/protocol/messages.ts";
import { type Destination, HIDDEN_ETAG } from "../../src/upload/transport.ts";
import { type Asked, json, type Script, type ScriptedSender, scriptedSender } from "../support/scripted-sender.ts";

const MiB = 1024 ** 2;
const signal = new AbortController().signal;
const size = 12 * MiB;
const object = { fileName: "a.png", contentType: "image/png", size };
const crc32 = { algorithm: "CRC32", value: "Y3JjMw==" } as const;
const key = "in/2026/01/02/id-a.png";

const capabilities = {
  v: 1,
  service: "s3up-presign",
  modes: ["put", "post", "multipart"],
  maxSize: 100 * MiB,
  multipartThreshold: 16 * MiB,
  partSize: { min: 5 * MiB, default: 16 * MiB, max: 5 * 1024 * MiB },
  maxBatch: 200,
  expiresIn: { default: 300, max: 900 },
  contentTypes: ["image/*", "application/pdf"],
  checksums: { put: ["SHA256", "CRC32", "MD6"], multipart: ["CRC32"] },
  overwrite: "never",
  auth: "none",
  region: "eu-central-1",
  idempotentCreate: true,
};

function signedUrl(signed: string, query = ""): string {
  return `https://drop.s3.eu-central-1.amazonaws.com/${key}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20260102%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=300&X-Amz-SignedHeaders=${encodeURIComponent(signed)}&X-Amz-Signature=ab${query}`;
}

const common = {
  v: 1,
  bucket: "drop",
  key,
  expiresIn: 300,
  expiresAt: "2026-01-02T03:09:05Z",
  serverTime: "2026-01-02T03:04:05Z",
  region: "eu-central-1",
};
const putHeaders = { "content-type": "image/png", "if-none-match": "*", "x-amz-checksum-crc32": crc32.value };
const putAnswer = {
  ...common,
  mode: "put",
  uploadUrl: signedUrl("content-length;content-type;host;if-none-match;x-amz-checksum-crc32"),
  method: "PUT",
  headers: putHeaders,
  contentLength: size,
  signedHeaders: ["content-length", "content-type", "host", "if-none-match", "x-amz-checksum-crc32"],
  oneTime: true,
};
const multipartAnswer = {
  ...common,
  mode: "multipart",
  uploadId: "u",
  uploadToken: "secret-token",
  tokenExpiresIn: 86_400,
  partSize: 5 * MiB,
  partCount: 3,
  lastPartSize: 2 * MiB,
  checksum: { algorithm: "CRC32", type: "FULL_OBJECT" },
  maxBatch: 2,
  parts: [],
  resumed: false,
};
const signedPart = (partNumber: number, checksum: string): SignedRequest & { partNumber: number } => ({
  partNumber,
  method: "PUT",
  url: signedUrl("content-length;host;x-amz-checksum-crc32", `&uploadId=u&partNumber=${partNumber}`),
  headers: { "x-amz-checksum-crc32": checksum },
  contentLength: partNumber === 3 ? 2 * MiB : 5 * MiB,
  expiresIn: 300,
});
const completion = { parts: [{ partNumber: 1, etag: '"e"', checksum: "Y3Jj" }], checksum: crc32, size };
const completeRequest = {
  method: "POST",
  url: signedUrl("content-type;host;x-amz-checksum-crc32;x-amz-checksum-type;x-amz-mp-object-size", "&uploadId=u"),
  headers: {
    "content-type": "application/xml",
    "x-amz-checksum-crc32": crc32.value,
    "x-amz-checksum-type": "FULL_OBJECT",
    "x-amz-mp-object-size": String(size),
  },
  expiresIn: 300,
};

/** An endpoint that answers each route as told, and honestly where it is not. */
let answers: Record<string, Script>;
let sender: ScriptedSender;
let client: BackendClient;
let destination: Destination;

beforeEach(() => {
  answers = {
    "GET ": json(200, capabilities),
    "POST ": json(200, putAnswer),
    "POST /multipart": json(201, multipartAnswer),
    "POST /multipart/parts": ({ body }) => {
      const { parts } = JSON.parse(body) as { parts: { partNumber: number; checksum: string }[] };
      return json(200, { parts: parts.map((part) => signedPart(part.partNumber, part.checksum)), errors: [] });
    },
    "POST /multipart/complete": json(200, { v: 1, key, bucket: "drop", request: completeRequest }),
    "POST /multipart/list": json(200, { parts: [], state: "open" }),
    "POST /multipart/abort": { status: 204, headers: {}, body: "" },
  };
  sender = scriptedSender((asked) => {
    const answer = answers[lineOf(asked)];
    return typeof answer === "function" ? answer(asked) : (answer ?? new Error("no such route"));
  });
  client = createBackendClient({
    endpoint: "https://api.test/presign",
    sender,
    clock: { sleep: async () => {} },
    random: () => 0,
  });
  destination = createEndpointDestination({
    client,
    newId: () => "0190-0000",
    metadata: { album: "x" },
    expiresIn: 600,
  });
});

const lineOf = ({ method, url }: Asked) => `${method} ${url.replace("https://api.test/presign", "")}`;
const askedLines = () => sender.asked.map(lineOf);
const bodyOf = (index: number) => JSON.parse(sender.asked[index]?.body ?? "");
const begin = () => destination.createMultipart(object, { partSize: 5 * MiB, checksumAlgorithm: "CRC32" }, signal);
const part = (partNumber: number, value = "Y3Jj") => ({
  partNumber,
  contentLength: partNumber === 3 ? 2 * MiB : 5 * MiB,
  checksum: { algorithm: "CRC32", value } as const,
});

describe("limits", () => {
  test("are what the endpoint says, without algorithms that nobody knows", async () => {
    expect(await destination.limits(signal)).toEqual({
      maxSize: 100 * MiB,
      multipartThreshold: 16 * MiB,
      partSize: capabilities.partSize,
      multipart: true,
      putChecksums: ["SHA256", "CRC32"],
    });
  });

  test("are asked for once, and again after a failure", async () => {
    answers["GET "] = json(404, { message: "Not Found" });
    await expect(destination.limits(signal)).rejects.toMatchObject({ code: "ENDPOINT_ERROR" });
    answers["GET "] = json(200, capabilities);
    await destination.limits(signal);
    await destination.limits(signal);
    expect(askedLines()).toEqual(["GET ", "GET "]);
  });
});

describe("before anything is asked for", () => {
  test.for<[string, object, object]>([
    [
      "a file that is too large",
      { size: 100 * MiB + 1 },
      { code: "TOO_LARGE", why: "It has 104857601 bytes; at most 104857600 are accepted." },
    ],
    [
      "a type that is not allowed",
      { contentType: "text/html" },
      {
        code: "NOT_ALLOWED",
        message: "api.test does not take a.png as text/html.",
        why: "It accepts: image/*, application/pdf.",
      },
    ],
    ["a type that a browser would run", { contentType: "image/svg+xml" }, { code: "NOT_ALLOWED" }],
  ])("%s is refused", async ([, changes, expected]) => {
    const other = { ...object, ...changes };
    await expect(destination.signPut(other, crc32, signal)).rejects.toMatchObject(expected);
    const wish = { partSize: 5 * MiB, checksumAlgorithm: "CRC32" } as const;
    await expect(destination.createMultipart(other, wish, signal)).rejects.toMatchObject(expected);
    expect(askedLines()).toEqual(["GET "]);
  });
});

describe("one PUT", () => {
  test("is asked for with all that is to be bound", async () => {
    expect(await destination.signPut(object, crc32, signal)).toEqual({
      request: { method: "PUT", url: putAnswer.uploadUrl, headers: putHeaders, contentLength: size, expiresIn: 300 },
      bucket: "drop",
      key,
      freshKey: true,
    });
    expect(bodyOf(1)).toEqual({
      v: 1,
      mode: "put",
      fileName: "a.png",
      contentType: "image/png",
      size,
      checksum: crc32,
      metadata: { album: "x" },
      expiresIn: 600,
    });
  });

  test("is not sent when the answer lies", async () => {
    answers["POST "] = json(200, { ...putAnswer, contentLength: 1 });
    await expect(destination.signPut(object, crc32, signal)).rejects.toMatchObject({
      code: "ENDPOINT_UNTRUSTWORTHY",
      message: "The endpoint api.test gave an untrustworthy answer; nothing was sent.",
    });
  });
});

describe("an upload in parts", () => {
  test("is begun with a wish for the part size and an id to be continued by", async () => {
    const session = await begin();
    expect(session).toMatchObject({
      bucket: "drop",
      key,
      uploadId: "u",
      partSize: 5 * MiB,
      checksumAlgorithm: "CRC32",
    });
    expect(bodyOf(1)).toMatchObject({ mode: "multipart", size, partSize: 5 * MiB, clientToken: "0190-0000" });
  });

  test("whose answer does not fit together is aborted, since it exists", async () => {
    answers["POST /multipart"] = json(201, { ...multipartAnswer, partCount: 4 });
    await expect(begin()).rejects.toMatchObject({ code: "ENDPOINT_UNTRUSTWORTHY" });
    expect(askedLines().at(-1)).toBe("POST /multipart/abort");
  });

  test("signs parts with their checksums, several in one call", async () => {
    const session = await begin();
    const signed = await Promise.all([1, 2, 3].map((number) => session.signPart(part(number), signal)));
    expect(signed.map(({ contentLength }) => contentLength)).toEqual([5 * MiB, 5 * MiB, 2 * MiB]);
    expect(askedLines().slice(2)).toEqual(["POST /multipart/parts", "POST /multipart/parts"]);
    expect(bodyOf(2)).toEqual({
      v: 1,
      uploadToken: "secret-token",
      parts: [
        { partNumber: 1, checksum: "Y3Jj" },
        { partNumber: 2, checksum: "Y3Jj" },
      ],
    });
  });

  test.for<[string, object, string]>([
    ["another length", { contentLength: 7 }, "The signed length is 7 instead of 5242880."],
    ["another part", { url: signedPart(2, "Y3Jj").url }, "The URL is not for partNumber 1."],
    [
      "no checksum",
      { headers: {}, url: signedUrl("content-length;host", "&uploadId=u&partNumber=1") },
      "X-amz-checksum-crc32 is not signed.",
    ],
    [
      "plain HTTP",
      { url: signedPart(1, "Y3Jj").url.replace("https:", "http:") },
      expect.stringContaining("is plain HTTP"),
    ],
  ])("refuses a part with %s", async ([, changes, why]) => {
    answers["POST /multipart/parts"] = json(200, { parts: [{ ...signedPart(1, "Y3Jj"), ...changes }], errors: [] });
    const session = await begin();
    await expect(session.signPart(part(1), signal)).rejects.toMatchObject({ code: "ENDPOINT_UNTRUSTWORTHY", why });
  });

  test.for<[string, object, string]>([
    ["is missing", { parts: [], errors: [] }, "It is missing in the answer."],
    [
      "was refused",
      { parts: [], errors: [{ partNumber: 1, error: "invalid_part", message: "x" }] },
      "It answered invalid_part.",
    ],
  ])("says when a part %s", async ([, answer, why]) => {
    answers["POST /multipart/parts"] = json(200, answer);
    const session = await begin();
    await expect(session.signPart(part(1), signal)).rejects.toMatchObject({
      message: "The endpoint api.test did not sign part 1.",
      why,
    });
  });

  test("gets its completion signed, and checks it", async () => {
    const session = await begin();
    expect(await session.signComplete(completion, signal)).toEqual(completeRequest);
    expect(bodyOf(2)).toEqual({ uploadToken: "secret-token", parts: completion.parts, checksum: crc32, via: "client" });

    const lie = { ...completeRequest, headers: { ...completeRequest.headers, "x-amz-checksum-crc32": "b3Ro" } };
    answers["POST /multipart/complete"] = json(200, { v: 1, key, bucket: "drop", request: lie });
    await expect(session.signComplete(completion, signal)).rejects.toMatchObject({ code: "ENDPOINT_UNTRUSTWORTHY" });
  });

  test("is aborted by its token", async () => {
    const session = await begin();
    await session.abort();
    expect(bodyOf(2)).toEqual({ uploadToken: "secret-token" });
  });
});

describe("what has become of an upload", () => {
  const listed = { partNumber: 1, size: 5, etag: '"e"' };
  test("still open: its parts", async () => {
    answers["POST /multipart/list"] = json(200, { parts: [listed], state: "open" });
    expect(await (await begin()).status(signal)).toEqual({ state: "open", parts: [listed] });
  });

  test("gone", async () => {
    answers["POST /multipart/list"] = json(200, { parts: [], state: "gone" });
    expect(await (await begin()).status(signal)).toEqual({ state: "gone" });
  });

  test("completed: the endpoint compares, and tells the object", async () => {
    const session = await begin();
    await session.signComplete(completion, signal);
    answers["POST /multipart/list"] = json(200, { parts: [], state: "completed" });
    answers["POST /multipart/complete"] = json(200, {
      v: 1,
      bucket: "drop",
      key,
      etag: '"e-1"',
      size,
      checksum: crc32,
    });
    expect(await session.status(signal)).toEqual({
      state: "completed",
      object: { bucket: "drop", key, size, etag: '"e-1"', checksum: crc32 },
    });
    expect(bodyOf(4)).toMatchObject({ via: "server", parts: completion.parts });
  });

  test("completed, though never by us: not ours to tell", async () => {
    answers["POST /multipart/list"] = json(200, { parts: [], state: "completed" });
    expect(await (await begin()).status(signal)).toEqual({ state: "gone" });
  });
});

describe("an upload that the endpoint completes", () => {
  const done = { v: 1, bucket: "drop", key, etag: '"e-1"', size, versionId: "v7", checksum: crc32 };
  const parts = [1, 2].map((partNumber) => ({ partNumber, etag: HIDDEN_ETAG, checksum: "Y3Jj" }));
  const beginThere = () =>
    createEndpointDestination({ client, newId: () => "0190-0001", completedBy: "endpoint" }).createMultipart(
      object,
      { partSize: 5 * MiB, checksumAlgorithm: "CRC32" },
      signal,
    );

  test("is one call, which tells the object", async () => {
    answers["POST /multipart/complete"] = json(200, done);
    const session = await beginThere();
    const { v: _, ...stored } = done;
    expect(await session.complete?.(completion, signal)).toEqual(stored);
    expect(askedLines().slice(2)).toEqual(["POST /multipart/complete"]);
    expect(bodyOf(2)).toMatchObject({ via: "server", parts: completion.parts, checksum: crc32 });
  });

  test("has no object while S3 is at it", async () => {
    answers["POST /multipart/complete"] = json(202, { state: "completing", retryAfter: 3 });
    expect(await (await beginThere()).complete?.(completion, signal)).toBeUndefined();
  });

  test("takes the ETags that the browser did not show from S3's own list", async () => {
    answers["POST /multipart/complete"] = json(200, done);
    const listed = [1, 2].map((partNumber) => ({ partNumber, size: 5 * MiB, etag: `"e${partNumber}"` }));
    answers["POST /multipart/list"] = json(200, { parts: listed, state: "open" });
    await (await beginThere()).complete?.({ ...completion, parts }, signal);
    expect(bodyOf(3).parts).toMatchObject([{ etag: '"e1"' }, { etag: '"e2"' }]);
  });

  test("is completed by nobody else's session", async () => {
    expect(await begin()).not.toHaveProperty("complete");
  });
});
