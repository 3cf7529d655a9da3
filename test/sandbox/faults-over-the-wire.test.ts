/** Faults in a running sandbox: what AWS's own client makes of them, and what S3 has kept afterwards. */
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FaultRule } from "../../src/sandbox/fault-rule.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";

const Body = Buffer.alloc(200_000, "a");

let sandbox: Sandbox;
/** Gives up at the first failure; `patient` tries again. */
let client: S3Client;
let patient: S3Client;
let Key: string;
let made = 0;

const connect = (maxAttempts: number) =>
  new S3Client({
    endpoint: sandbox.s3,
    region: sandbox.env.AWS_REGION ?? "",
    forcePathStyle: true,
    maxAttempts,
    credentials: {
      accessKeyId: sandbox.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: sandbox.env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });

beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date(), random: Math.random, seed: 1 });
  client = connect(1);
  patient = connect(3);
});
beforeEach(() => {
  sandbox.faults.clear();
  made += 1;
  Key = `object-${made}`;
});
afterAll(async () => {
  client.destroy();
  patient.destroy();
  await sandbox.close();
});

const object = () => ({ Bucket: sandbox.bucket, Key });
const put = (through = client) => through.send(new PutObjectCommand({ ...object(), Body }));
const isStored = () =>
  client.send(new HeadObjectCommand(object())).then(
    () => true,
    () => false,
  );

describe("an upload meets", () => {
  test.for<[FaultRule, object, boolean]>([
    [{ kind: "status-500" }, { name: "InternalError", $metadata: { httpStatusCode: 500 } }, false],
    [{ kind: "slow-down" }, { name: "SlowDown", $metadata: { httpStatusCode: 503 } }, false],
    [{ kind: "expired" }, { name: "AccessDenied", message: "Request has expired" }, false],
    [{ kind: "html" }, { $metadata: { httpStatusCode: 502 } }, false],
    [{ kind: "reset-before" }, { code: expect.stringMatching(/ECONNRESET|EPIPE/) }, false],
    [{ kind: "reset-after", bytes: 70_000 }, { code: expect.stringMatching(/ECONNRESET|EPIPE/) }, false],
    [{ kind: "lost-answer" }, { code: "ECONNRESET" }, true],
    [{ kind: "truncated" }, { message: expect.any(String) }, true],
  ])("%j", async ([rule, error, stored]) => {
    sandbox.faults.add({ ...rule, operation: "PutObject" });
    await expect(put()).rejects.toMatchObject(error);
    expect(await isStored()).toBe(stored);
    await put();
    expect(await isStored()).toBe(true);
  });

  test("a wrong ETag, while the right bytes are kept", async () => {
    sandbox.faults.add({ kind: "wrong-etag", operation: "PutObject" });
    const { ETag } = await put();
    expect((await client.send(new HeadObjectCommand(object()))).ETag).not.toBe(ETag);
  });

  test("a stall, out of which only leaving helps", async () => {
    sandbox.faults.add({ kind: "stall", operation: "PutObject", bytes: 1000 });
    const leaving = new AbortController();
    const upload = client.send(new PutObjectCommand({ ...object(), Body }), { abortSignal: leaving.signal });
    while (!sandbox.faults.fired().some(({ kind }) => kind === "stall")) await new Promise(setImmediate);
    leaving.abort();
    await expect(upload).rejects.toMatchObject({ name: "AbortError" });
    expect(await isStored()).toBe(false);
  });

  test("trouble that a second try gets over", async () => {
    sandbox.faults.add({ kind: "slow-down", operation: "PutObject", count: 2 });
    expect((await put(patient)).$metadata.attempts).toBe(3);
  });
});

test("a download that breaks off is noticed", async () => {
  await put();
  sandbox.faults.add({ kind: "truncated", operation: "GetObject" });
  const { Body: stream } = await client.send(new GetObjectCommand(object()));
  await expect(stream?.transformToByteArray()).rejects.toMatchObject({ message: expect.any(String) });
});

test("only the parts that are named are hit", async () => {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(object()));
  sandbox.faults.add({ kind: "status-500", operation: "UploadPart", parts: [2], count: 9 });
  const part = (PartNumber: number) =>
    client.send(new UploadPartCommand({ ...object(), UploadId, PartNumber, Body: "x" }));
  await part(1);
  await expect(part(2)).rejects.toMatchObject({ name: "InternalError" });
  const { Parts = [] } = await client.send(new ListPartsCommand({ ...object(), UploadId }));
  expect(Parts.map(({ PartNumber }) => PartNumber)).toEqual([1]);
});

test("a completion that fails within a 200 has completed nothing", async () => {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(object()));
  const { ETag } = await client.send(new UploadPartCommand({ ...object(), UploadId, PartNumber: 1, Body: "x" }));
  const complete = () =>
    client.send(
      new CompleteMultipartUploadCommand({
        ...object(),
        UploadId,
        MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] },
      }),
    );
  sandbox.faults.add({ kind: "error-in-200", operation: "CompleteMultipartUpload" });
  await expect(complete()).rejects.toMatchObject({ name: "InternalError" });
  expect(await isStored()).toBe(false);
  await complete();
  expect(await isStored()).toBe(true);
});

test("a bucket that has moved names its region, and for a while only an address", async () => {
  const ask = (kind: "moved" | "moved-for-now") => {
    sandbox.faults.add({ kind, region: "eu-west-1" });
    return fetch(`${sandbox.s3}/drop/a?x-id=GetObject`, { redirect: "manual" });
  };
  const moved = await ask("moved");
  expect([moved.status, moved.headers.get("x-amz-bucket-region")]).toEqual([301, "eu-west-1"]);
  expect(await moved.text()).toContain("<Code>PermanentRedirect</Code>");
  const forNow = await ask("moved-for-now");
  expect([forNow.status, forNow.headers.get("location")]).toEqual([307, `${sandbox.s3}/drop/a?x-id=GetObject`]);
});

test("temporary keys are good until their time is over, and only with their token", async () => {
  const soon = new Date(Date.now() + 60_000);
  const asTemporary = (expiresAt: Date, token = true) => {
    const { accessKeyId, secretAccessKey, sessionToken } = sandbox.temporaryKeys(expiresAt);
    return new S3Client({
      endpoint: sandbox.s3,
      region: sandbox.env.AWS_REGION ?? "",
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey, ...(token ? { sessionToken } : {}) },
    });
  };
  await put(asTemporary(soon));
  expect(await isStored()).toBe(true);
  await expect(put(asTemporary(new Date(0)))).rejects.toMatchObject({ name: "ExpiredToken" });
  await expect(put(asTemporary(soon, false))).rejects.toMatchObject({ name: "InvalidAccessKeyId" });
});

test("the sandbox stops although a client is kept waiting", async () => {
  const other = await startSandbox({ now: () => new Date(), random: Math.random, faults: ["stall"] });
  const waiting = fetch(`${other.s3}/`).catch((error: Error) => error.message);
  while (other.faults.fired().length === 0) await new Promise(setImmediate);
  await other.close();
  expect(await waiting).toBe("fetch failed");
});
