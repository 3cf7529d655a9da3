/** Group A: objects and buckets as an SDK sees them. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { inTurn, type ServerUnderTest, sdkLine } from "../server.ts";
import { lineOf, xmlText } from "../wire.ts";

const text = Buffer.from("123456789");

const put = (server: ServerUnderTest, Bucket: string, Key: string, Body: Buffer | Readable | string = text) =>
  server.s3.send(
    new PutObjectCommand({ Bucket, Key, Body, ContentLength: Body instanceof Readable ? 100_000 : Body.length }),
  );

const get = (server: ServerUnderTest, Bucket: string, Key: string) =>
  sdkLine(
    server.s3.send(new GetObjectCommand({ Bucket, Key })).then(async ({ Body }) => await Body?.transformToByteArray()),
    (bytes) =>
      `200 ${createHash("md5")
        .update(bytes ?? "")
        .digest("hex")}`,
  );

export const objectProbes: readonly Probe[] = [
  probe("A01", "stores a buffer and gives it back", "200 25f9e794323b453885f5181f1b624d0b", async (server) => {
    const bucket = await server.newBucket();
    await put(server, bucket, "a");
    return get(server, bucket, "a");
  }),

  probe(
    "A02",
    "stores a stream of known length, sent by the SDK in chunks with a trailer",
    "200 1af6d6f2f682f76f80e606aeaaee1680",
    async (server) => {
      const bucket = await server.newBucket();
      const half = Buffer.alloc(50_000, "a");
      return inTurn(() =>
        sdkLine(put(server, bucket, "stream", Readable.from([half, half])), () => "").then(
          async (failure) => failure || (await get(server, bucket, "stream")),
        ),
      );
    },
  ),

  probe(
    "A03",
    "keeps keys with spaces, signs and Unicode apart",
    "a b+c&d=e%20.txt, a/ü/日本🙂, ~!'()*",
    async (server) => {
      const bucket = await server.newBucket();
      for (const key of ["a b+c&d=e%20.txt", "a/ü/日本🙂", "~!'()*"]) await put(server, bucket, key);
      return sdkLine(server.s3.send(new ListObjectsV2Command({ Bucket: bucket })), ({ Contents = [] }) =>
        Contents.map(({ Key }) => Key).join(", "),
      );
    },
  ),

  probe(
    "A04",
    "gives content headers and metadata back on HEAD",
    "image/png, max-age=60, inline, de, blue sky",
    async (server) => {
      const Bucket = await server.newBucket();
      const sent = { ContentType: "image/png", CacheControl: "max-age=60", ContentDisposition: "inline" };
      const command = {
        Bucket,
        Key: "a",
        Body: text,
        ...sent,
        ContentLanguage: "de",
        Metadata: { Colour: "blue sky" },
      };
      await server.s3.send(new PutObjectCommand(command));
      return sdkLine(server.s3.send(new HeadObjectCommand({ Bucket, Key: "a" })), (head) =>
        [
          head.ContentType,
          head.CacheControl,
          head.ContentDisposition,
          head.ContentLanguage,
          head.Metadata?.colour,
        ].join(", "),
      );
    },
  ),

  probe("A05", "stores an empty object", '0 "d41d8cd98f00b204e9800998ecf8427e"', async (server) => {
    const Bucket = await server.newBucket();
    await put(server, Bucket, "empty", Buffer.alloc(0));
    const head = server.s3.send(new HeadObjectCommand({ Bucket, Key: "empty" }));
    return sdkLine(head, ({ ContentLength, ETag }) => `${ContentLength} ${ETag}`);
  }),

  probe("A06", "the ETag of a plain object is its MD5", '"25f9e794323b453885f5181f1b624d0b"', async (server) =>
    sdkLine(put(server, await server.newBucket(), "a"), ({ ETag }) => String(ETag)),
  ),

  probe("A07", "an object without a type is binary/octet-stream", "binary/octet-stream", async (server) => {
    const path = `/${await server.newBucket()}/a`;
    await server.send({ method: "PUT", path, body: text });
    return String((await server.send({ method: "HEAD", path })).headers["content-type"]);
  }),

  probe("A08", "names a missing key", "404 NoSuchKey", async (server) =>
    get(server, await server.newBucket(), "missing"),
  ),

  probe("A09", "HEAD of a missing key has no body", "404, 0 bytes", async (server) => {
    const answer = await server.send({ method: "HEAD", path: `/${await server.newBucket()}/missing` });
    return `${lineOf(answer)}, ${answer.body.length} bytes`;
  }),

  probe("A10", "names a missing bucket on GET and PUT", "404 NoSuchBucket, 404 NoSuchBucket", (server) =>
    inTurn(
      () => get(server, "probe-no-such-bucket", "a"),
      () => sdkLine(put(server, "probe-no-such-bucket", "a")),
    ),
  ),

  probe("A11", "deleting is done once and may be said twice", "204, 204, 404 NoSuchKey", async (server) => {
    const Bucket = await server.newBucket();
    await put(server, Bucket, "a");
    const drop = () =>
      sdkLine(server.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" })), (done) =>
        String(done.$metadata.httpStatusCode),
      );
    return inTurn(drop, drop, () => get(server, Bucket, "a"));
  }),

  probe("A12", "deletes many at once and reports missing ones as deleted", "a, missing; left: b", async (server) => {
    const Bucket = await server.newBucket();
    await put(server, Bucket, "a");
    await put(server, Bucket, "b");
    const Objects = [{ Key: "a" }, { Key: "missing" }];
    const { Deleted = [] } = await server.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    const { Contents = [] } = await server.s3.send(new ListObjectsV2Command({ Bucket }));
    const keys = (list: readonly { readonly Key?: string | undefined }[]) =>
      list
        .map(({ Key }) => Key)
        .sort()
        .join(", ");
    return `${keys(Deleted)}; left: ${keys(Contents)}`;
  }),

  probe("A13", "HEAD tells whether a bucket is there", "200, 404", async (server) => {
    const bucket = await server.newBucket();
    return inTurn(
      () => server.send({ method: "HEAD", path: `/${bucket}` }),
      () => server.send({ method: "HEAD", path: `/${bucket}-not` }),
    );
  }),

  probe("A14", "in us-east-1 the owner may create a bucket again", "200", async (server) => {
    const Bucket = await server.newBucket();
    return sdkLine(server.s3.send(new CreateBucketCommand({ Bucket })));
  }),

  probe("A15", "refuses a bucket name with capitals", "400 InvalidBucketName", (server) =>
    inTurn(() => server.send({ method: "PUT", path: "/Probe-Capital" })),
  ),

  probe("A16", "refuses to delete a bucket that has objects", "409 BucketNotEmpty, 204", async (server) => {
    const Bucket = await server.newBucket();
    await put(server, Bucket, "a");
    return inTurn(
      () => sdkLine(server.s3.send(new DeleteBucketCommand({ Bucket }))),
      async () => {
        await server.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
        const done = await server.s3.send(new DeleteBucketCommand({ Bucket }));
        return String(done.$metadata.httpStatusCode);
      },
    );
  }),

  documentedProbe("A17", "refuses more than 2 KB of metadata", "400 MetadataTooLarge", async (server) => {
    const headers = { "x-amz-meta-a": "x".repeat(1500), "x-amz-meta-b": "x".repeat(1500) };
    const path = `/${await server.newBucket()}/a`;
    return inTurn(() => server.send({ method: "PUT", path, headers, body: text }));
  }),

  documentedProbe(
    "A18",
    "refuses a key of 1,025 bytes and takes one of 1,024",
    "200, 400 KeyTooLongError",
    async (server) => {
      const bucket = await server.newBucket();
      const path = (bytes: number) => `/${bucket}/${"ü".repeat(500)}${"k".repeat(bytes - 1000)}`;
      return inTurn(
        () => server.send({ method: "PUT", path: path(1024), body: text }),
        () => server.send({ method: "PUT", path: path(1025), body: text }),
      );
    },
  ),

  documentedProbe("A19", "knows no chunked transfer encoding", "501 NotImplemented", async (server) => {
    const headers = { "transfer-encoding": "chunked" };
    const path = `/${await server.newBucket()}/a`;
    return inTurn(() => server.send({ method: "PUT", path, headers, body: text }, { payloadHash: "UNSIGNED-PAYLOAD" }));
  }),

  probe(
    "A20",
    "response-* members of a presigned GET set headers of the answer",
    "200 text/x-probe, attachment",
    async (server) => {
      const path = `/${await server.newBucket()}/a`;
      await server.send({ method: "PUT", path, body: text });
      const query = { "response-content-type": "text/x-probe", "response-content-disposition": "attachment" };
      const { status, headers } = await server.sendPresigned(server.presign({ method: "GET", path, query }));
      return `${status} ${headers["content-type"]}, ${headers["content-disposition"]}`;
    },
  ),

  probe(
    "A21",
    "an error is XML with a code and a request id",
    "404 application/xml NoSuchKey, request id in both",
    async (server) => {
      const answer = await server.send({ method: "GET", path: `/${await server.newBucket()}/missing` });
      const inBody = xmlText(answer.body, "RequestId");
      const both = inBody !== undefined && inBody === answer.headers["x-amz-request-id"];
      return `${answer.status} ${answer.headers["content-type"]} ${xmlText(answer.body, "Code")}, request id ${both ? "in both" : "differs"}`;
    },
  ),
];
