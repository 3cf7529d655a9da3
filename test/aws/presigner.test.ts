import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, test } from "vitest";
import { createSigner } from "../../src/aws/presigner.ts";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  deleteObject,
  getObject,
  headObject,
  listParts,
  putObject,
  uploadPart,
} from "../../src/signing/s3-requests.ts";
import type { S3Request, Signer } from "../../src/signing/signer.ts";
import { describeSigner, queryOf } from "../contract/signer.ts";
import { fakeSigner } from "../support/fake-signer.ts";

const NOON = new Date("2026-03-01T12:00:00Z");
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

function signerFor(config: S3ClientConfig = {}, now = NOON): Promise<Signer> {
  const client = new S3Client({ region: "eu-central-1", credentials, ...config });
  return createSigner({ client, now: () => now });
}

describeSigner("the SDK's presigner", ({ credentialLife }) =>
  signerFor({
    credentials: {
      ...credentials,
      ...(credentialLife === undefined ? {} : { expiration: new Date(NOON.getTime() + credentialLife * 1000) }),
    },
  }),
);
describeSigner("the fake", async ({ credentialLife }) =>
  fakeSigner(credentialLife === undefined ? {} : { credentialLife }),
);

const at = { bucket: "drop", key: "k" };
const upload = { ...at, uploadId: "up" };
const crc32 = { algorithm: "CRC32", value: "AAAAAA==" } as const;
const sha256 = { algorithm: "SHA256", value: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" } as const;
const signature = [
  "X-Amz-Algorithm",
  "X-Amz-Content-Sha256",
  "X-Amz-Credential",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
];

type Kind = readonly [name: string, request: S3Request, signedHeaders: string, queryNames: readonly string[]];

/** Pinned: whoever changes what a URL holds has to say so here. */
const kinds: readonly Kind[] = [
  ["a bare PUT", putObject(at), "host", []],
  ["the article's PUT", putObject({ ...at, contentType: "image/png" }), "content-type;host", []],
  [
    "a bound, one-time PUT with CRC32",
    putObject({ ...at, contentType: "image/png", contentLength: 5, checksum: crc32, ifNoneMatch: "*" }),
    "content-length;content-type;host;if-none-match;x-amz-checksum-crc32;x-amz-sdk-checksum-algorithm",
    [],
  ],
  [
    "a bound PUT with SHA-256",
    putObject({ ...at, contentType: "image/png", contentLength: 0, checksum: sha256 }),
    "content-length;content-type;host;x-amz-checksum-sha256;x-amz-sdk-checksum-algorithm",
    [],
  ],
  [
    "a PUT with encryption, tags and metadata",
    putObject({
      ...at,
      headers: {
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "k",
        "x-amz-tagging": "a=b",
        "x-amz-meta-a": "b",
        "cache-control": "no-cache",
      },
    }),
    "cache-control;host;x-amz-meta-a;x-amz-server-side-encryption;x-amz-server-side-encryption-aws-kms-key-id;x-amz-tagging",
    [],
  ],
  ["a PUT that replaces one version", putObject({ ...at, ifMatch: '"e"' }), "host;if-match", []],
  ["a GET", getObject(at), "host", []],
  [
    "a GET under another name",
    getObject({ ...at, query: { "response-content-disposition": 'attachment; filename="a b"' } }),
    "host",
    ["response-content-disposition"],
  ],
  ["a HEAD", headObject(at), "host", []],
  ["a DELETE", deleteObject(at), "host", []],
  [
    "a part",
    uploadPart({ ...upload, partNumber: 3, contentLength: 5 }),
    "content-length;host",
    ["partNumber", "uploadId"],
  ],
  [
    "a part with CRC32",
    uploadPart({ ...upload, partNumber: 3, contentLength: 5, checksum: crc32 }),
    "content-length;host;x-amz-checksum-crc32;x-amz-sdk-checksum-algorithm",
    ["partNumber", "uploadId"],
  ],
  [
    "a one-time complete with CRC32",
    completeMultipartUpload({ ...upload, objectSize: 9, checksum: crc32, ifNoneMatch: "*" }),
    "content-type;host;if-none-match;x-amz-checksum-crc32;x-amz-checksum-type;x-amz-mp-object-size",
    ["uploadId"],
  ],
  [
    "a complete without checksum",
    completeMultipartUpload({ ...upload, objectSize: 9 }),
    "content-type;host;x-amz-mp-object-size",
    ["uploadId"],
  ],
  ["an abort", abortMultipartUpload(upload), "host", ["uploadId"]],
  ["a list of parts", listParts(upload), "host", ["uploadId"]],
  ["its next page", listParts({ ...upload, marker: 7 }), "host", ["part-number-marker", "uploadId"]],
];

describe("what a URL holds", () => {
  test.for(kinds)("%s", async ([, request, signedHeaders, queryNames]) => {
    const { url } = await (await signerFor()).sign(request, 300);
    const query = queryOf(url);
    expect(query["X-Amz-SignedHeaders"]).toBe(signedHeaders);
    expect(Object.keys(query).toSorted()).toEqual([...queryNames, ...signature].toSorted());
    expect(query["X-Amz-Content-Sha256"]).toBe("UNSIGNED-PAYLOAD");
    expect(url).not.toMatch(/[?&]x-amz-(sdk-)?checksum/i);
  });

  test("temporary credentials add their session token, and nothing else", async () => {
    const signer = await signerFor({ credentials: { ...credentials, sessionToken: "to/ken+=" } });
    const query = queryOf((await signer.sign(putObject(at), 300)).url);
    expect(query["X-Amz-Security-Token"]).toBe("to/ken+=");
    expect(Object.keys(query).toSorted()).toEqual([...signature, "X-Amz-Security-Token"].toSorted());
  });

  test("the date is the one that was handed in, not the machine's", async () => {
    const { url } = await (await signerFor()).sign(putObject(at), 300);
    expect(queryOf(url)["X-Amz-Date"]).toBe("20260301T120000Z");
    expect(queryOf(url)["X-Amz-Credential"]).toBe("AKIDEXAMPLE/20260301/eu-central-1/s3/aws4_request");
  });

  test("the secret changes the signature and nothing else of the URL", async () => {
    const one = queryOf((await (await signerFor()).sign(putObject(at), 300)).url);
    const other = queryOf(
      (await (await signerFor({ credentials: { ...credentials, secretAccessKey: "other" } })).sign(putObject(at), 300))
        .url,
    );
    expect({ ...other, "X-Amz-Signature": "" }).toEqual({ ...one, "X-Amz-Signature": "" });
    expect(other["X-Amz-Signature"]).not.toBe(one["X-Amz-Signature"]);
  });
});

describe("where a URL leads", () => {
  test.for<readonly [string, S3ClientConfig, bucket: string, start: string]>([
    ["a virtual host", {}, "drop", "https://drop.s3.eu-central-1.amazonaws.com/k?"],
    [
      "path style where it is asked for",
      { forcePathStyle: true },
      "drop",
      "https://s3.eu-central-1.amazonaws.com/drop/k?",
    ],
    ["path style for a name with dots", {}, "a.b", "https://s3.eu-central-1.amazonaws.com/a.b/k?"],
    ["a server of one's own", { endpoint: "http://127.0.0.1:9000" }, "drop", "http://127.0.0.1:9000/drop/k?"],
    [
      "a server under a path",
      { endpoint: "http://localhost:9000/s3", forcePathStyle: true },
      "drop",
      "http://localhost:9000/s3/drop/k?",
    ],
    ["dual stack", { useDualstackEndpoint: true }, "drop", "https://drop.s3.dualstack.eu-central-1.amazonaws.com/k?"],
    ["another partition", { region: "cn-north-1" }, "drop", "https://drop.s3.cn-north-1.amazonaws.com.cn/k?"],
    [
      "an access point",
      {},
      "arn:aws:s3:eu-central-1:123456789012:accesspoint/ap",
      "https://ap-123456789012.s3-accesspoint.eu-central-1.amazonaws.com/k?",
    ],
  ])("%s", async ([, config, bucket, start]) => {
    const { url } = await (await signerFor(config)).sign(putObject({ bucket, key: "k" }), 300);
    expect(url.slice(0, start.length)).toBe(start);
  });

  test("a form goes to the bucket itself", async () => {
    const form = { ...at, fields: {}, minSize: 0, maxSize: 1 };
    expect((await (await signerFor()).signForm(form, 60)).url).toBe("https://drop.s3.eu-central-1.amazonaws.com/");
    const own = await signerFor({ endpoint: "http://127.0.0.1:9000" });
    expect((await own.signForm(form, 60)).url).toBe("http://127.0.0.1:9000/drop/");
  });

  test.for([
    ["a directory bucket", "drop--use1-az4--x-s3"],
    ["a multi-region access point", "arn:aws:s3::123456789012:accesspoint/abc.mrap"],
  ])("%s is refused: it takes another signature", async ([, bucket = ""]) => {
    await expect((await signerFor()).sign(putObject({ bucket, key: "k" }), 300)).rejects.toMatchObject({
      code: "USAGE",
    });
  });

  test("a bucket name that no endpoint has is refused in words", async () => {
    const bad = (await signerFor()).sign(putObject({ bucket: "arn:aws:s3:broken", key: "k" }), 300);
    await expect(bad).rejects.toMatchObject({
      code: "USAGE",
      message: "There is no endpoint for the bucket arn:aws:s3:broken.",
    });
  });
});

describe("missing settings", () => {
  test("no credentials", async () => {
    const client = new S3Client({
      region: "eu-central-1",
      credentials: async () => {
        throw Object.assign(new Error("Could not load credentials from any providers"), {
          name: "CredentialsProviderError",
        });
      },
    });
    const signer = await createSigner({ client, now: () => NOON });
    await expect(signer.sign(putObject(at), 60)).rejects.toMatchObject({ code: "CREDENTIALS_MISSING" });
  });

  test("no region", async () => {
    const client = new S3Client({
      credentials,
      region: async (): Promise<string> => Promise.reject(new Error("Region is missing")),
    });
    await expect(createSigner({ client, now: () => NOON })).rejects.toMatchObject({ code: "REGION_UNKNOWN" });
  });
});

describe("temporary credentials", () => {
  let asked = 0;
  let signer: Signer;
  beforeAll(async () => {
    signer = await signerFor({
      credentials: async () => {
        asked += 1;
        return { ...credentials, expiration: new Date(NOON.getTime() + 3_600_000) };
      },
    });
  });

  test("live as long as they say, in whole seconds", async () => {
    expect(await signer.credentialLife()).toBe(3600);
    expect((await signer.sign(putObject(at), 7200)).expiresIn).toBe(3600);
    expect(asked).toBeGreaterThan(0);
  });
});
