/** The backend's answers against a server that checks every signature: what was granted is stored, nothing else is. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMultipartControl } from "../../src/aws/multipart.ts";
import { createSigner } from "../../src/aws/presigner.ts";
import type { SignedRequest } from "../../src/protocol/messages.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { completionBody } from "../../src/signing/completion-body.ts";
import { readCompletion, readS3Error } from "../../src/signing/s3-answers.ts";
import { getObject, uploadPart } from "../../src/signing/s3-requests.ts";
import type { Signer } from "../../src/signing/signer.ts";
import { describeMultipartControl } from "../contract/multipart-control.ts";

const MiB = 1024 ** 2;
const PART = Buffer.alloc(5 * MiB, 7);

let sandbox: Sandbox;
let client: S3Client;
let signer: Signer;

beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date(), random: Math.random });
  client = new S3Client({
    endpoint: sandbox.s3,
    forcePathStyle: true,
    region: sandbox.env.AWS_REGION ?? "",
    credentials: {
      accessKeyId: sandbox.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: sandbox.env.AWS_SECRET_ACCESS_KEY ?? "",
    },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  signer = await createSigner({ client, now: () => new Date() });
});
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the test expects of it.
async function ask(path: string, body: object): Promise<any> {
  const answer = await fetch(`${sandbox.presign}${path}`, { method: "POST", body: JSON.stringify(body) });
  const text = await answer.text();
  return text === "" ? { status: answer.status } : { status: answer.status, ...JSON.parse(text) };
}

async function send(
  { method, url, headers }: Pick<SignedRequest, "method" | "url" | "headers">,
  body?: Uint8Array | string,
) {
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  return { status: answer.status, code: readS3Error(text)?.code, text, etag: answer.headers.get("etag") ?? "" };
}

async function stored(key: string): Promise<Buffer | undefined> {
  const { url } = await signer.sign(getObject({ bucket: sandbox.bucket, key }), 60);
  const answer = await fetch(url);
  return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : undefined;
}

/** A digest, because comparing megabytes member by member takes the test runner minutes. */
async function storedSha256(key: string): Promise<string> {
  return sha256((await stored(key)) ?? Buffer.alloc(0));
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64");
function crc(...blocks: readonly Uint8Array[]): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(blocks.reduce((sum, block) => crc32(block, sum), 0));
  return value.toString("base64");
}

describeMultipartControl("the SDK on the sandbox", async () => ({
  control: createMultipartControl({ client }),
  bucket: sandbox.bucket,
  putPart: async (upload, partNumber) => {
    const checksum = crc(PART);
    const request = uploadPart({
      ...upload,
      partNumber,
      contentLength: PART.length,
      checksum: { algorithm: "CRC32", value: checksum },
    });
    const { etag } = await send(await signer.sign(request, 60), PART);
    return { partNumber, size: PART.length, etag, checksum };
  },
}));

test("the article's own client works unchanged", async () => {
  const file = new File(["hello"], "hello world.txt", { type: "text/plain" });
  const response = await fetch(sandbox.presign, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ fileName: file.name, contentType: file.type }),
  });
  const { uploadUrl, key } = (await response.json()) as { uploadUrl: string; key: string };
  const upload = await fetch(uploadUrl, { method: "PUT", headers: { "Content-Type": file.type }, body: file });
  expect(upload.status).toBe(200);
  expect((await stored(key))?.toString()).toBe("hello");
});

describe("a signed PUT", () => {
  const body = Buffer.from("exactly this");
  const request = {
    v: 1,
    mode: "put",
    fileName: "a.txt",
    contentType: "text/plain",
    size: body.length,
    checksum: { algorithm: "SHA256", value: sha256(body) },
  };
  const put = async () => {
    const { uploadUrl, headers, key } = await ask("", request);
    return { method: "PUT", url: uploadUrl, headers, key } as const;
  };

  test("stores exactly what was granted, once", async () => {
    const grant = await put();
    expect(await send(grant, body)).toMatchObject({ status: 200 });
    expect(await stored(grant.key)).toEqual(body);
    expect(await send(grant, body)).toMatchObject({ status: 412, code: "PreconditionFailed" });
  });

  test("with CRC32 as well", async () => {
    const { uploadUrl, headers } = await ask("", { ...request, checksum: { algorithm: "CRC32", value: crc(body) } });
    expect(await send({ method: "PUT", url: uploadUrl, headers }, body)).toMatchObject({ status: 200 });
  });

  test.for<
    readonly [string, change: (headers: Record<string, string>) => Record<string, string>, body: Buffer, status: number]
  >([
    ["other bytes of the same length", (headers) => headers, Buffer.from("EXACTLY THIS"), 400],
    ["a shorter body", (headers) => headers, Buffer.from("exactly"), 403],
    ["a longer body", (headers) => headers, Buffer.from("exactly this and more"), 403],
    ["another type", (headers) => ({ ...headers, "content-type": "text/html" }), body, 403],
    ["another checksum", (headers) => ({ ...headers, "x-amz-checksum-sha256": sha256(Buffer.from("x")) }), body, 403],
    ["no checksum", ({ "x-amz-checksum-sha256": _, ...headers }) => headers, body, 403],
    ["no condition", ({ "if-none-match": _, ...headers }) => headers, body, 403],
    ["a header more", (headers) => ({ ...headers, "x-amz-acl": "public-read" }), body, 403],
    ["another name in the metadata", (headers) => ({ ...headers, "x-amz-meta-s3up-name": "b.txt" }), body, 403],
  ])("is refused with %s", async ([, change, sent, status]) => {
    const grant = await put();
    const answer = await send({ ...grant, headers: change(grant.headers) }, sent);
    expect(answer.status).toBe(status);
    expect(await stored(grant.key)).toBeUndefined();
  });

  test("is refused for another key", async () => {
    const grant = await put();
    const answer = await send({ ...grant, url: grant.url.replace("a.txt", "b.txt") }, body);
    expect(answer).toMatchObject({ status: 403, code: "SignatureDoesNotMatch" });
  });

  test("an empty file is stored as an empty object", async () => {
    const { uploadUrl, headers, key } = await ask("", { v: 1, fileName: "empty", contentType: "text/plain", size: 0 });
    expect(await send({ method: "PUT", url: uploadUrl, headers }, Buffer.alloc(0))).toMatchObject({ status: 200 });
    expect(await stored(key)).toHaveLength(0);
  });
});

describe("a form of 1 MiB", () => {
  const form = async (bytes: Uint8Array, change: Record<string, string> = {}) => {
    const answer = await ask("", { v: 1, mode: "post", fileName: "a.png", contentType: "image/png", maxSize: MiB });
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...answer.fields, ...change })) data.append(name, String(value));
    data.append(answer.fileField, new Blob([bytes]), "a.png");
    const { status } = await fetch(answer.uploadUrl, { method: "POST", body: data });
    return { status, stored: (await stored(change.key ?? answer.key))?.length };
  };

  test("takes 1 MiB", async () => {
    expect(await form(Buffer.alloc(MiB, 1))).toEqual({ status: 204, stored: MiB });
  });

  test.for<readonly [string, bytes: number, change: Record<string, string>, status: number]>([
    ["2 MiB", 2 * MiB, {}, 400],
    ["one byte too many", MiB + 1, {}, 400],
    ["another type", 1, { "Content-Type": "text/html" }, 403],
    ["another key", 1, { key: "elsewhere" }, 403],
    ["a field more", 1, { "x-amz-meta-more": "1" }, 403],
  ])("refuses %s", async ([, bytes, change, status]) => {
    expect(await form(Buffer.alloc(bytes), change)).toEqual({ status, stored: undefined });
  });
});

describe("a multipart upload", () => {
  const last = Buffer.alloc(1000, 9);
  const file = [PART, PART, last];
  const size = 10 * MiB + 1000;

  async function sendAll() {
    const { uploadToken, key, partCount } = await ask("/multipart", {
      v: 1,
      fileName: "film.mp4",
      contentType: "video/mp4",
      size,
      partSize: 5 * MiB,
    });
    expect(partCount).toBe(3);
    const asked = file.map((bytes, index) => ({ partNumber: index + 1, checksum: crc(bytes) }));
    const signed = await ask("/multipart/parts", { uploadToken, parts: asked });
    const parts = [];
    for (const part of signed.parts) {
      const { status, etag } = await send(part, file[part.partNumber - 1]);
      expect(status).toBe(200);
      parts.push({ partNumber: part.partNumber, etag, checksum: asked[part.partNumber - 1]?.checksum });
    }
    return { uploadToken, key, parts, checksum: { algorithm: "CRC32" as const, value: crc(...file) } };
  }

  test("completed by the client: what comes back is what was sent", async () => {
    const { uploadToken, key, parts, checksum } = await sendAll();
    expect(await ask("/multipart/list", { uploadToken })).toMatchObject({ state: "open", parts });
    const { request } = await ask("/multipart/complete", { uploadToken, parts, checksum });
    const answer = await send(request, completionBody(parts, "CRC32"));
    expect(answer.status).toBe(200);
    expect(readCompletion(answer.text)).toMatchObject({ checksum });
    expect(await storedSha256(key)).toBe(sha256(Buffer.concat(file)));
    expect(await ask("/multipart/list", { uploadToken })).toMatchObject({ state: "completed" });
  });

  test("completed by the server, also when it is asked twice", async () => {
    const { uploadToken, key, parts, checksum } = await sendAll();
    const body = { uploadToken, parts, checksum, via: "server" };
    const first = await ask("/multipart/complete", body);
    expect(first).toMatchObject({ status: 200, key, size, checksum, bucket: sandbox.bucket });
    expect(await ask("/multipart/complete", body)).toMatchObject({ status: 200, etag: first.etag });
    expect(await storedSha256(key)).toBe(sha256(Buffer.concat(file)));
  });

  test("a checksum that is not the file's is refused at the end", async () => {
    const { uploadToken, key, parts } = await sendAll();
    const checksum = { algorithm: "CRC32", value: crc(last) };
    const answer = await ask("/multipart/complete", { uploadToken, parts, checksum, via: "server" });
    expect(answer).toMatchObject({ status: 400, error: "invalid_checksum" });
    expect(await stored(key)).toBeUndefined();
  });

  test("an ETag that S3 does not know is refused, with S3's own code", async () => {
    const { uploadToken, parts } = await sendAll();
    const wrong = parts.map((part) => ({ ...part, etag: `"${"0".repeat(32)}"` }));
    const answer = await ask("/multipart/complete", { uploadToken, parts: wrong, via: "server" });
    expect(answer).toMatchObject({ status: 502, error: "s3_error", s3Code: "InvalidPart" });
  });

  test("the parts signed with the create take bytes of their length only", async () => {
    const { parts } = await ask("/multipart", {
      v: 1,
      fileName: "a",
      contentType: "video/mp4",
      size,
      partSize: 5 * MiB,
    });
    expect(await send(parts[2], last)).toMatchObject({ status: 200 });
    expect((await send(parts[2], Buffer.alloc(999))).status).toBe(403);
    expect((await send(parts[0], last)).status).toBe(403);
  });

  test("aborted, it is gone", async () => {
    const { uploadToken } = await sendAll();
    expect(await ask("/multipart/abort", { uploadToken })).toEqual({ status: 204 });
    expect(await ask("/multipart/abort", { uploadToken })).toEqual({ status: 204 });
    expect(await ask("/multipart/list", { uploadToken })).toMatchObject({ state: "gone" });
  });

  test("begun twice with the same client token, it is one", async () => {
    const request = { v: 1, fileName: "a", contentType: "video/mp4", size, clientToken: "a-token-of-mine" };
    const first = await ask("/multipart", request);
    expect(await ask("/multipart", request)).toMatchObject({ status: 200, resumed: true, uploadId: first.uploadId });
    expect(await ask("/multipart", { ...request, size: size + 1 })).toMatchObject({
      status: 409,
      error: "idempotency_conflict",
    });
  });
});
