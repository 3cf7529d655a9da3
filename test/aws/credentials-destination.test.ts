import { describe, expect, test } from "vitest";
import { createCredentialsDestination } from "../../src/aws/credentials-destination.ts";
import { S3upError } from "../../src/errors.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import { describeDestination } from "../contract/destination.ts";
import { fakeMultipart } from "../support/fake-multipart.ts";
import { fakeSigner } from "../support/fake-signer.ts";
import { useUploadSandbox } from "../support/sandbox-uploads.ts";

const s3 = useUploadSandbox();
let count = 0;

describeDestination("credentials", async () => {
  count += 1;
  return {
    destination: s3.credentials(`contract/${count}.bin`),
    sender: s3.sender(),
    stored: s3.stored,
    openUploads: s3.openUploads,
  };
});

const signal = new AbortController().signal;
const object = { fileName: "a.png", contentType: "image/png", size: 5 };
const wish = { partSize: 5, checksumAlgorithm: "CRC32" } as const;
const checksum = checksumOf("CRC32", Buffer.from("hello"));
const headers = { "cache-control": "no-store", "x-amz-storage-class": "STANDARD_IA" };

function fake(changes: object = {}) {
  const control = fakeMultipart();
  const destination = createCredentialsDestination({
    signer: fakeSigner(),
    control,
    bucket: "drop",
    key: "in/a.png",
    headers,
    ...changes,
  });
  return { control, destination };
}
test.for<[string, number, readonly string[] | undefined]>([
  ["names no other, when nothing is in doubt", 0, undefined],
  ["names those of requests whose answer got lost", 2, ["upload-2", "upload-3"]],
])("a new upload %s", async ([, lost, strays]) => {
  const { control, destination } = fake();
  await control.create({ bucket: "drop", key: "in/a.png.bak", headers: {}, checksumAlgorithm: undefined });
  control.lostCreates = lost;
  expect((await destination.createMultipart(object, wish, signal)).strays).toEqual(strays);
});

test("a creation that failed without an answer names what S3 may have begun", async () => {
  const { control, destination } = fake();
  await control.create({ bucket: "drop", key: "in/a.png", headers: {}, checksumAlgorithm: undefined });
  control.failNext("create", new S3upError("NETWORK", "S3 could not be reached.", { why: "Silence.", hint: "Wait." }));
  await expect(destination.createMultipart(object, wish, signal)).rejects.toMatchObject({
    code: "NETWORK",
    message: "S3 could not be reached.",
    why: "Silence. S3 may have begun an upload all the same; open for this key: upload-1.",
    hint: "Wait. What nobody works on is removed by `s3up uploads abort`.",
  });
  control.failNext("create", new S3upError("ACCESS_DENIED", "No.", { why: "Policy.", hint: "Ask." }));
  await expect(destination.createMultipart(object, wish, signal)).rejects.toMatchObject({ why: "Policy." });
});

const signedNames = (url: string) => new URL(url).searchParams.get("X-Amz-SignedHeaders")?.split(";");

describe("with credentials", () => {
  test("the object is named as people write it", () => {
    expect(fake().destination.label).toBe("s3://drop/in/a.png");
  });

  test("a PUT binds type, length, checksum and the object's options", async () => {
    const { request, ...target } = await fake().destination.signPut(object, checksum, signal);
    expect(target).toEqual({ bucket: "drop", key: "in/a.png", freshKey: false });
    expect(request).toMatchObject({
      method: "PUT",
      contentLength: 5,
      headers: { ...headers, "content-type": "image/png", "x-amz-checksum-crc32": checksum.value },
    });
    expect(signedNames(request.url)).toEqual([...Object.keys(request.headers), "content-length", "host"].sort());
  });

  test("nothing is overwritten where that is wished: by a PUT, and by a completion", async () => {
    const { destination } = fake({ ifNoneMatch: "*" });
    const { request } = await destination.signPut(object, checksum, signal);
    expect(request.headers["if-none-match"]).toBe("*");

    const session = await destination.createMultipart(object, wish, signal);
    const complete = await session.signComplete({ parts: [], checksum, size: 5 }, signal);
    expect(complete.headers).toMatchObject({ "if-none-match": "*", "x-amz-mp-object-size": "5" });
  });

  test("an upload in parts is created with the object's options", async () => {
    const { destination, control } = fake();
    await destination.createMultipart(object, wish, signal);
    expect(control.created).toEqual([
      {
        bucket: "drop",
        key: "in/a.png",
        headers: { ...headers, "content-type": "image/png" },
        checksumAlgorithm: "CRC32",
        checksumType: "FULL_OBJECT",
      },
    ]);
  });

  test("a part binds its number, length and checksum", async () => {
    const session = await fake().destination.createMultipart(object, wish, signal);
    const request = await session.signPart({ partNumber: 3, contentLength: 5, checksum }, signal);
    const query = new URL(request.url).searchParams;
    expect([query.get("partNumber"), query.get("uploadId"), request.contentLength]).toEqual(["3", session.uploadId, 5]);
    expect(request.headers["x-amz-checksum-crc32"]).toBe(checksum.value);
  });

  test("an error while looking at the upload is not taken for its end", async () => {
    const { destination, control } = fake();
    const session = await destination.createMultipart(object, wish, signal);
    control.failNext("listParts", new Error("no network"));
    await expect(session.status(signal)).rejects.toThrow("no network");
  });

  test("what stands under a key is found, or not", async () => {
    const key = "find/a.bin";
    expect(await s3.credentials(key).find?.(signal)).toBeUndefined();
    const { request } = await s3.credentials(key).signPut(object, checksum, signal);
    await s3.sender().send(request, [Buffer.from("hello")], { signal, contentLength: 5 });
    expect(await s3.credentials(key).find?.(signal)).toMatchObject({ bucket: "drop", key, size: 5, checksum });
  });
});

describe("headers of every request about the object", () => {
  const requestHeaders = {
    "x-amz-server-side-encryption-customer-key": "c2VjcmV0",
    "x-amz-expected-bucket-owner": "111122223333",
  };

  test("come with the PUT, the creation, each part, the completion and the list, and in no URL", async () => {
    const { destination, control } = fake({ requestHeaders });
    const session = await destination.createMultipart(object, wish, signal);
    const { request } = await destination.signPut(object, checksum, signal);
    const requests = [
      request,
      await session.signPart({ partNumber: 1, contentLength: 5, checksum }, signal),
      await session.signComplete({ parts: [], checksum, size: 5 }, signal),
    ];
    for (const { headers: sent, url } of requests) {
      expect(sent).toMatchObject(requestHeaders);
      expect(signedNames(url)).toEqual(expect.arrayContaining(Object.keys(requestHeaders)));
      expect(decodeURIComponent(url)).not.toContain("c2VjcmV0");
    }
    expect(control.created[0]).toMatchObject({ headers: requestHeaders });
  });

  test("make another upload of one with another key, which is not written down", () => {
    const md5 = { "x-amz-server-side-encryption-customer-key-md5": "bWQ1" };
    const wish = fake({ requestHeaders: { ...requestHeaders, ...md5 } }).destination.resumable?.wish.join("\n");
    expect(wish).toContain("bWQ1");
    expect(wish).not.toContain("c2VjcmV0");
  });

  test("are sent by the control calls as well", async () => {
    const owner = { "x-amz-expected-bucket-owner": s3.sandbox.env.AWS_ACCOUNT_ID ?? "" };
    const address = { bucket: s3.sandbox.bucket, key: "owned" };
    const uploadId = await s3.control.create({ ...address, headers: owner, checksumAlgorithm: undefined });
    const upload = { ...address, uploadId, requestHeaders: owner };
    await s3.control.listParts(upload);
    await s3.control.head({ ...address, requestHeaders: owner });
    await s3.control.abort(upload);
    const sent = s3.sandbox.requests().filter(({ path }) => path.endsWith("/owned"));
    const withOwner = sent.filter(({ headers: names }) => names["x-amz-expected-bucket-owner"] !== undefined);
    expect(withOwner.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(["CreateMultipartUpload", "ListParts", "HeadObject"]),
    );
  });
});
