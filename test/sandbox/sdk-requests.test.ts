/** A second opinion on signatures and bodies: those that AWS's own client makes must be found good. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import {
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AccessKey, AuthenticationContext } from "../../src/sandbox/caller.ts";
import { receiveForm } from "../../src/sandbox/form-upload.ts";
import { receive } from "../../src/sandbox/received-request.ts";
import { authenticate } from "../../src/sandbox/signature.ts";
import { verifiedBody } from "../../src/sandbox/verified-body.ts";
import { FILE_NAME } from "../support/browser-forms.ts";

const key: AccessKey = {
  accessKeyId: "ASIASANDBOX",
  secretAccessKey: "a-secret/with+characters",
  sessionToken: "a-token/with+characters=",
  accountId: "000000000000",
  userArn: "arn:aws:iam::000000000000:user/test",
};

/** What the server made of the latest request. */
let seen: { via: string; payload: string; size: number; sent: string | undefined; key: string } | undefined;
let server: Server;
let endpoint: string;

beforeAll(async () => {
  server = createServer((message, response) => {
    const context: AuthenticationContext = {
      region: "eu-central-1",
      keys: (id) => (id === key.accessKeyId ? key : undefined),
      now: new Date(),
    };
    const take = async () => {
      const request = receive(message);
      const isForm = request.headers["content-type"]?.startsWith("multipart/form-data") ?? false;
      const form = isForm ? await receiveForm(request, "drop", context) : undefined;
      const caller = form?.caller ?? authenticate(request, context);
      const body = form?.file ?? verifiedBody(request, caller);
      await body.stream.resume().toArray();
      const facts = body.facts();
      const via = caller.kind === "signed" ? caller.via : "anonymous";
      seen = {
        via,
        payload: caller.payload.kind,
        size: facts.size,
        sent: facts.sent?.algorithm,
        key: form?.key ?? request.rawPath,
      };
    };
    take().then(
      () => response.setHeader("etag", '"0"').end(),
      (error: { code?: string; status?: number; message: string }) =>
        response
          .writeHead(error.status ?? 500)
          .end(`<Error><Code>${error.code}</Code><Message>${error.message}</Message></Error>`),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function client(config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint,
    region: "eu-central-1",
    forcePathStyle: true,
    credentials: key,
    maxAttempts: 1,
    ...config,
  });
}

const DATA = randomBytes(100_000);

test.for(["plain", "with space + plus", "sub/dir//double/../dots", "Grüße 🙂 ~!*'()", "a=b&c?d#e%41%"])(
  "a key like «%s»",
  async (name) => {
    await client().send(new PutObjectCommand({ Bucket: "drop", Key: name, Body: DATA, Metadata: { a: "two  words" } }));
    expect(seen).toMatchObject({ via: "header", size: DATA.length, sent: "CRC32" });
  },
);

describe("bodies", () => {
  test.for(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "a stream with %s in its trailer",
    async (algorithm) => {
      const pieces = [DATA.subarray(0, 65_536), DATA.subarray(65_536)];
      const body = { Body: Readable.from(pieces, { objectMode: false }), ContentLength: DATA.length };
      await client().send(new PutObjectCommand({ Bucket: "drop", Key: "a", ChecksumAlgorithm: algorithm, ...body }));
      expect(seen).toMatchObject({ payload: "unsigned-chunks", size: DATA.length, sent: algorithm });
    },
  );

  test("a part without any checksum", async () => {
    const part = { Bucket: "drop", Key: "a", UploadId: "x+/=", PartNumber: 1, Body: DATA };
    await client({ requestChecksumCalculation: "WHEN_REQUIRED" }).send(new UploadPartCommand(part));
    expect(seen).toMatchObject({ payload: "sha256", sent: undefined });
  });
});

describe("presigned", () => {
  test("GET with overrides of the answer", async () => {
    const command = new GetObjectCommand({
      Bucket: "drop",
      Key: "ü b",
      ResponseContentDisposition: 'attachment; filename="a b"',
    });
    const response = await fetch(await getSignedUrl(client(), command, { expiresIn: 60 }));
    expect(response.status).toBe(200);
    expect(seen).toMatchObject({ via: "query", payload: "unsigned" });
  });

  test("PUT whose length, type and checksum are signed headers", async () => {
    const command = new PutObjectCommand({
      Bucket: "drop",
      Key: "a",
      ContentType: "image/png",
      ContentLength: 3,
      ChecksumCRC32: "NSRBwg==",
    });
    const url = await getSignedUrl(client({ requestChecksumCalculation: "WHEN_REQUIRED" }), command, {
      signableHeaders: new Set(["content-type", "content-length", "host"]),
      unhoistableHeaders: new Set(["x-amz-checksum-crc32"]),
    });
    const put = (headers: Record<string, string>) => fetch(url, { method: "PUT", body: "abc", headers });
    const headers = { "content-type": "image/png", "x-amz-checksum-crc32": "NSRBwg==" };
    expect((await put(headers)).status).toBe(200);
    expect(seen).toMatchObject({ via: "query", size: 3, sent: "CRC32" });
    const refused = await put({ ...headers, "content-type": "text/html" });
    expect(await refused.text()).toContain("SignatureDoesNotMatch");
  });

  test("POST form", async () => {
    const { url, fields } = await createPresignedPost(client(), {
      Bucket: "drop",
      Key: `dir/${FILE_NAME}`,
      Conditions: [["content-length-range", 1, 1000]],
      Fields: { "Content-Type": "text/plain" },
    });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", new Blob(["content"]), "Grüße.txt");
    const response = await fetch(url, { method: "POST", body: form });
    expect(await response.text()).toBe("");
    expect(seen).toMatchObject({ via: "form", size: 7, key: "dir/Grüße.txt" });
  });
});

test.for([
  ["another secret", { credentials: { ...key, secretAccessKey: "another" } }, "SignatureDoesNotMatch"],
  ["another token", { credentials: { ...key, sessionToken: "another" } }, "InvalidToken"],
  [
    "no token",
    { credentials: { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey } },
    "InvalidAccessKeyId",
  ],
  ["another region", { region: "us-west-2" }, "AuthorizationHeaderMalformed"],
  ["a clock of yesterday", { systemClockOffset: -86_400_000 }, "RequestTimeTooSkewed"],
] as const)("is refused with %s", async ([, config, code]) => {
  const sending = client(config).send(new PutObjectCommand({ Bucket: "drop", Key: "a", Body: "x" }));
  await expect(sending).rejects.toMatchObject({ name: code });
});
