/** The zip that is deployed: called with events of API Gateway, it signs what every server that checks signatures takes. */
import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SignedRequest } from "../../src/protocol/messages.ts";
import { completionBody } from "../../src/signing/completion-body.ts";
import { type DeployedFunction, startFunction } from "../support/deployed-function.ts";
import { type GatewayRequest, gatewayEvent, iamAuthorizer, jwtAuthorizer } from "../support/gateway-events.ts";
import { targets, type UploadServer } from "./target.ts";

const MiB = 1024 ** 2;
const SECRET = "0123456789abcdef0123456789abcdef";
const text = Buffer.from("exactly this");
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64");
const wish = { v: 1, fileName: "Grüße.txt", contentType: "text/plain", size: text.length };
const withChecksum = { ...wish, checksum: { algorithm: "SHA256", value: sha256(text) } };

function crc(...blocks: readonly Uint8Array[]): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(blocks.reduce((sum, block) => crc32(block, sum), 0));
  return value.toString("base64");
}

// moto checks no signature, so it could not refuse one.
describe.each(targets.filter(({ kind }) => kind !== "moto"))("$name", ({ running, start }) => {
  let upload: UploadServer;
  const functions: DeployedFunction[] = [];

  beforeAll(async () => {
    if (running) upload = await start();
  });
  afterAll(async () => {
    for (const one of functions) await one.close();
    await upload?.close();
  });

  async function deploy(settings: Readonly<Record<string, string>> = {}) {
    const { endpoint, region, accessKeyId, secretAccessKey } = upload.server.account;
    const deployed = await startFunction({
      BUCKET: upload.bucket,
      AUTH: "none",
      TOKEN_SECRET: SECRET,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_ENDPOINT_URL_S3: endpoint,
      ...settings,
    });
    functions.push(deployed);
    // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the test expects of it.
    const ask = async (request: GatewayRequest): Promise<any> => {
      const { statusCode, body } = await deployed.invoke(gatewayEvent(request));
      return { status: statusCode, ...(body === "" ? {} : JSON.parse(body)) };
    };
    return { ask, log: deployed.log, secretAccessKey };
  }

  async function send(
    { method, url, headers }: Pick<SignedRequest, "method" | "url" | "headers">,
    body: Uint8Array | string,
  ) {
    const answer = await fetch(url, { method, headers, body });
    return { status: answer.status, etag: answer.headers.get("etag") ?? "", text: await answer.text() };
  }

  async function stored(key: string): Promise<Buffer> {
    return (await upload.server.send({ method: "GET", path: `/${upload.bucket}/${key}` })).body;
  }

  describe.runIf(running)("a single upload", () => {
    test.for<readonly [string, settings: Readonly<Record<string, string>>, request: GatewayRequest]>([
      ["for anybody", {}, { body: withChecksum }],
      ["without a checksum", {}, { body: wish }],
      ["whose body arrives in base64", {}, { body: withChecksum, base64: true }],
      ["behind a stage", {}, { body: withChecksum, stage: "prod" }],
      ["for the subject of a JWT", { AUTH: "jwt" }, { body: withChecksum, authorizer: jwtAuthorizer("user-1") }],
      [
        "for an IAM role",
        { AUTH: "iam", REQUIRE_SIZE: "true" },
        { body: withChecksum, authorizer: iamAuthorizer("arn:aws:sts::111122223333:assumed-role/app/session") },
      ],
    ])("%s", async ([, settings, request]) => {
      const { ask } = await deploy(settings);
      const { status, uploadUrl, headers, key } = await ask(request);
      expect(status).toBe(200);
      expect((await send({ method: "PUT", url: uploadUrl, headers }, text)).status).toBe(200);
      expect(await stored(key)).toEqual(text);
      expect((await send({ method: "PUT", url: uploadUrl, headers }, text)).status).toBe(412);
      expect(
        (await send({ method: "PUT", url: uploadUrl, headers: { ...headers, "content-type": "text/html" } }, text))
          .status,
      ).toBe(403);
    });

    test("in the article's short form", async () => {
      const { ask } = await deploy();
      const { uploadUrl, key } = await ask({ body: { fileName: "a.txt", contentType: "text/plain" } });
      const headers = { "content-type": "text/plain" };
      expect((await send({ method: "PUT", url: uploadUrl, headers }, text)).status).toBe(200);
      expect(await stored(key)).toEqual(text);
    });

    test("by a form", async () => {
      const { ask } = await deploy();
      const { uploadUrl, fields, fileField, key } = await ask({ body: { ...wish, mode: "post", maxSize: 100 } });
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...fields })) form.append(name, String(value));
      form.append(fileField, new Blob([text]), "a.txt");
      expect((await fetch(uploadUrl, { method: "POST", body: form })).status).toBe(204);
      expect(await stored(key)).toEqual(text);
    });
  });

  describe.runIf(running)("an upload in parts", () => {
    const parts = [randomBytes(5 * MiB), Buffer.from("the rest")];
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    const authorizer = jwtAuthorizer("user-1");

    async function sendParts() {
      const { ask, log, secretAccessKey } = await deploy({ AUTH: "jwt" });
      const created = await ask({
        path: "/presign/multipart",
        authorizer,
        body: { v: 1, fileName: "film.mp4", contentType: "video/mp4", size, partSize: 5 * MiB },
      });
      expect(created).toMatchObject({ status: 201, partCount: 2 });
      const { uploadToken, key } = created;
      const asked = parts.map((bytes, index) => ({ partNumber: index + 1, checksum: crc(bytes) }));
      const signed = await ask({
        path: "/presign/multipart/parts",
        authorizer,
        body: { v: 1, uploadToken, parts: asked },
      });
      const done = [];
      for (const { partNumber, checksum } of asked) {
        const { status, etag } = await send(signed.parts[partNumber - 1], parts[partNumber - 1] ?? text);
        expect(status).toBe(200);
        done.push({ partNumber, etag, checksum });
      }
      return { ask, log, secretAccessKey, uploadToken, key, done };
    }

    test("listed, and completed by the client", async () => {
      const { ask, uploadToken, key, done } = await sendParts();
      const listed = await ask({ path: "/presign/multipart/list", authorizer, body: { uploadToken } });
      expect(listed).toMatchObject({ state: "open", parts: done.map(({ partNumber }) => ({ partNumber })) });
      const body = { uploadToken, parts: done, checksum: { algorithm: "CRC32", value: crc(...parts) } };
      const { request } = await ask({
        path: "/presign/multipart/complete",
        authorizer,
        body: { ...body, via: "client" },
      });
      const completed = await send(request, completionBody(done, "CRC32"));
      expect([completed.status, completed.text]).toEqual([200, expect.not.stringContaining("<Error>")]);
      expect(sha256(await stored(key))).toBe(sha256(Buffer.concat(parts)));
    });

    test("completed by the function itself", async () => {
      const { ask, uploadToken, key, done } = await sendParts();
      const body = { uploadToken, parts: done, checksum: { algorithm: "CRC32", value: crc(...parts) }, via: "server" };
      const completed = await ask({ path: "/presign/multipart/complete", authorizer, body });
      expect(completed).toMatchObject({ status: 200, key, size });
      expect(sha256(await stored(key))).toBe(sha256(Buffer.concat(parts)));
    });

    test("given up, and then gone", async () => {
      const { ask, uploadToken } = await sendParts();
      expect(await ask({ path: "/presign/multipart/abort", authorizer, body: { uploadToken } })).toEqual({
        status: 204,
      });
      const listed = await ask({ path: "/presign/multipart/list", authorizer, body: { uploadToken } });
      expect(listed).toMatchObject({ state: "gone" });
    });

    test("belongs to whoever began it", async () => {
      const { ask, uploadToken } = await sendParts();
      const other = jwtAuthorizer("user-2");
      expect(await ask({ path: "/presign/multipart/abort", authorizer: other, body: { uploadToken } })).toMatchObject({
        status: 403,
        error: "token_subject_mismatch",
      });
      expect(await ask({ path: "/presign/multipart/abort", body: { uploadToken } })).toMatchObject({ status: 401 });
    });

    test("leaves one line of JSON for each request in the log, and no secret", async () => {
      const { log, secretAccessKey, uploadToken, key } = await sendParts();
      const lines = log()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      const common = {
        level: "info",
        requestId: "JKJaXmPLvHcESHA=",
        subject: "user-1",
        key,
        size,
        durationMs: expect.any(Number),
      };
      expect(lines).toMatchObject([
        { ...common, operation: "multipart.create", status: 201 },
        { ...common, operation: "multipart.parts", status: 200 },
      ]);
      expect(log()).not.toMatch(/X-Amz-|https?:|authorization/i);
      for (const secret of [secretAccessKey, SECRET, uploadToken]) expect(log()).not.toContain(secret);
    });
  });
});
