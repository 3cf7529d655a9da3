import { randomBytes } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { sdkClient, sendSigned, startForTest, useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const MiB = 1024 ** 2;

describe("for the AWS SDK with its own settings", () => {
  const running = useSandbox();
  let client: S3Client;

  beforeAll(() => {
    client = sdkClient(running.sandbox);
  });
  afterAll(() => client.destroy());

  const read = async (key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: "drop", Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };

  test.for([
    ["bytes", "hello"],
    ["nothing", ""],
    ["a stream in aws-chunked framing with a trailer", Readable.from([randomBytes(100_000)])],
  ] as const)("an object of %s comes back, its checksum verified", async ([, body]) => {
    const length = body instanceof Readable ? { ContentLength: 100_000 } : {};
    const put = await client.send(new PutObjectCommand({ Bucket: "drop", Key: "a b/ü+", Body: body, ...length }));
    expect(put.ChecksumCRC32).toBeDefined();
    const bytes = await read("a b/ü+");
    expect(bytes).toHaveLength(body instanceof Readable ? 100_000 : body.length);
    const head = await client.send(new HeadObjectCommand({ Bucket: "drop", Key: "a b/ü+", ChecksumMode: "ENABLED" }));
    expect(head).toMatchObject({ ChecksumCRC32: put.ChecksumCRC32, ETag: put.ETag, ChecksumType: "FULL_OBJECT" });
  });

  test.for(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "a stream may be checked by %s",
    async (algorithm) => {
      const Body = Readable.from([Buffer.alloc(70_000, 1)]);
      const put = new PutObjectCommand({
        Bucket: "drop",
        Key: algorithm,
        Body,
        ContentLength: 70_000,
        ChecksumAlgorithm: algorithm,
      });
      expect((await client.send(put))[`Checksum${algorithm}`]).toMatch(/=$/);
      expect(await read(algorithm)).toHaveLength(70_000);
    },
  );

  test("lib-storage uploads bytes and streams in parts", async () => {
    const bytes = randomBytes(12 * MiB);
    for (const Body of [bytes, Readable.from([bytes.subarray(0, 7 * MiB), bytes.subarray(7 * MiB)])]) {
      const upload = new Upload({ client, params: { Bucket: "drop", Key: "parts", Body } });
      expect((await upload.done()).ETag).toMatch(/-3"$/);
      expect((await read("parts")).equals(bytes)).toBe(true);
    }
  });

  test("a multipart upload goes through all its calls", async () => {
    const at = { Bucket: "drop", Key: "manual" };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
    const bytes = randomBytes(5 * MiB + 3);
    const Parts = [];
    for (const [index, Body] of [bytes.subarray(0, 5 * MiB), bytes.subarray(5 * MiB)].entries()) {
      const PartNumber = index + 1;
      const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
      Parts.push({ PartNumber, ETag });
    }
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: "drop" }));
    expect(Uploads).toMatchObject([{ Key: "manual", UploadId }]);
    const listed = await client.send(new ListPartsCommand({ ...at, UploadId }));
    expect(listed.Parts?.map(({ Size }) => Size)).toEqual([5 * MiB, 3]);
    const done = await client.send(
      new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts }, MpuObjectSize: bytes.length }),
    );
    expect(done).toMatchObject({ Bucket: "drop", Key: "manual", ChecksumType: "FULL_OBJECT" });
    expect((await read("manual")).equals(bytes)).toBe(true);
    const attributes = await client.send(
      new GetObjectAttributesCommand({ ...at, ObjectAttributes: ["ObjectSize", "Checksum", "ObjectParts"] }),
    );
    expect(attributes).toMatchObject({
      ObjectSize: bytes.length,
      ObjectParts: { TotalPartsCount: 2 },
      Checksum: { ChecksumCRC64NVME: done.ChecksumCRC64NVME },
    });
  });

  test("an upload that was aborted is told by its error's name", async () => {
    const at = { Bucket: "drop", Key: "aborted" };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
    await expect(client.send(new ListPartsCommand({ ...at, UploadId }))).rejects.toMatchObject({
      name: "NoSuchUpload",
    });
  });

  test("objects are copied, listed and deleted", async () => {
    await client.send(new PutObjectCommand({ Bucket: "drop", Key: "few/one", Body: "1" }));
    await client.send(new CopyObjectCommand({ Bucket: "drop", Key: "few/two", CopySource: "drop/few/one" }));
    const list = () => client.send(new ListObjectsV2Command({ Bucket: "drop", Prefix: "few/" }));
    expect((await list()).Contents?.map(({ Key }) => Key)).toEqual(["few/one", "few/two"]);
    const Objects = [{ Key: "few/one" }, { Key: "few/two" }];
    const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket: "drop", Delete: { Objects } }));
    expect(Deleted).toEqual(Objects);
    expect((await list()).KeyCount).toBe(0);
  });

  test("a URL that the SDK signed works for anybody, for what it was signed", async () => {
    const put = new PutObjectCommand({ Bucket: "drop", Key: "signed", ContentType: "text/plain" });
    const url = await getSignedUrl(client, put, { expiresIn: 60, signableHeaders: new Set(["content-type"]) });
    const send = (type: string) => fetch(url, { method: "PUT", body: "hello", headers: { "content-type": type } });
    expect((await send("text/html")).status).toBe(403);
    expect((await send("text/plain")).status).toBe(200);
    const get = await getSignedUrl(client, new GetObjectCommand({ Bucket: "drop", Key: "signed" }), { expiresIn: 60 });
    expect(await (await fetch(get)).text()).toBe("hello");
  });

  test("what is not there and what is not allowed have S3's names", async () => {
    const at = { Bucket: "drop", Key: "none" };
    await expect(client.send(new GetObjectCommand(at))).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(client.send(new HeadObjectCommand(at))).rejects.toMatchObject({ name: "NotFound" });
    const stranger = sdkClient({ ...running.sandbox, env: { ...running.sandbox.env, AWS_SECRET_ACCESS_KEY: "wrong" } });
    await expect(stranger.send(new GetObjectCommand(at))).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    stranger.destroy();
  });
});

describe("over a directory", () => {
  const directory = useTemporaryDirectory();
  let sandbox: Sandbox;

  afterEach(() => sandbox.close());

  test("everything is there again after a restart", async () => {
    sandbox = await startForTest({ directory: directory() });
    const { env } = sandbox;
    await sendSigned(sandbox, "PUT /drop/kept", { "content-type": "text/plain" }, "kept");
    await sendSigned(sandbox, "DELETE /drop?publicAccessBlock=");
    await sandbox.close();
    sandbox = await startForTest({ directory: directory() });
    expect(sandbox.env.AWS_SECRET_ACCESS_KEY).toBe(env.AWS_SECRET_ACCESS_KEY);
    const kept = await sendSigned(sandbox, "GET /drop/kept");
    expect([kept.body, kept.headers["content-type"]]).toEqual(["kept", "text/plain"]);
    expect((await sendSigned(sandbox, "GET /drop?publicAccessBlock=")).status).toBe(404);
  });

  test("a second sandbox is kept out as long as the first one runs", async () => {
    sandbox = await startForTest({ directory: directory() });
    await expect(startForTest({ directory: directory() })).rejects.toMatchObject({ code: "USAGE" });
  });

  test("no key leads out of it", async () => {
    sandbox = await startForTest({ directory: join(directory(), "inner") });
    await sendSigned(sandbox, "PUT /drop/../../../../escaped", {}, "inside");
    expect((await sendSigned(sandbox, "GET /drop/../../../../escaped")).body).toBe("inside");
    expect(await readdir(directory())).toEqual(["inner"]);
    expect((await stat(join(directory(), "inner"))).mode & 0o777).toBe(0o700);
  });
});

describe("its beginning and end", () => {
  test("both halves answer on this machine only, and the environment leads to them", async () => {
    const sandbox = await startForTest({ region: "eu-central-1", bucket: "mine" });
    expect(sandbox.s3).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(sandbox.env).toMatchObject({
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL_S3: sandbox.s3,
      S3UP_ENDPOINT: sandbox.presign,
    });
    expect(sandbox.bucket).toBe("mine");
    expect((await sendSigned(sandbox, "HEAD /mine")).status).toBe(200);
    expect(await (await fetch(sandbox.presign)).json()).toMatchObject({ service: "s3up-presign" });
    await sandbox.close();
    await expect(fetch(sandbox.s3)).rejects.toThrow();
    await expect(fetch(sandbox.presign)).rejects.toThrow();
  });

  test("a port that is taken is named, and nothing stays of the attempt", async () => {
    const first = await startForTest();
    const taken = Number(new URL(first.s3).port);
    await expect(startForTest({ port: taken })).rejects.toMatchObject({
      code: "NETWORK",
      message: expect.stringContaining(String(taken)),
    });
    await expect(startForTest({ presignPort: taken })).rejects.toMatchObject({ code: "NETWORK" });
    await first.close();
  });

  test("a bucket name that S3 would not take is a wrong argument", async () => {
    await expect(startForTest({ bucket: "Not A Bucket" })).rejects.toMatchObject({ code: "USAGE" });
  });
});
