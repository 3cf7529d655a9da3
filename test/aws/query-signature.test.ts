/** Our signature beside that of the SDK's presigner: equal byte by byte. */
import { S3Client } from "@aws-sdk/client-s3";
import { S3RequestPresigner } from "@aws-sdk/s3-request-presigner";
import { HttpRequest } from "@smithy/core/protocols";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createQuerySigner, encode, type QuerySigning, type RequestToSign } from "../../src/aws/query-signature.ts";

const part: RequestToSign = {
  method: "PUT",
  protocol: "https:",
  host: "drop.s3.eu-central-1.amazonaws.com",
  path: "/uploads/a%20b.mp4",
  query: { partNumber: "7", uploadId: "an upload/+=" },
  headers: { "content-length": "16777216", "x-amz-checksum-crc32": "AAAAAA==" },
};
const signing: QuerySigning = {
  identity: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  region: "eu-central-1",
  date: new Date("2026-03-01T23:59:59.987Z"),
  expiresInSeconds: 900,
};
const { sha256 } = new S3Client({ region: "us-east-1" }).config;
const textOf = (minLength: number, maxLength: number) => fc.string({ unit: "binary", minLength, maxLength });
const headerValue = fc.stringMatching(/^[!-~][ -~\t]{0,20}$/);

const requests = fc.record({
  method: fc.constant("PUT"),
  protocol: fc.constantFrom("https:", "http:"),
  host: fc.constantFrom("drop.s3.amazonaws.com", "127.0.0.1:9000", "[::1]:9000", "localhost"),
  path: textOf(0, 20).map((key) => `/drop/${encode(key)}`),
  query: fc
    .record({
      partNumber: fc.integer({ min: 1, max: 10_000 }).map(String),
      uploadId: textOf(1, 40),
      more: textOf(0, 5),
    })
    .map(({ partNumber, uploadId, more }) => ({
      partNumber,
      uploadId: uploadId,
      [`x-${more}`]: "1",
    })),
  headers: fc.dictionary(fc.stringMatching(/^x-amz-meta-[a-z0-9_.-]{1,10}$/), headerValue, { maxKeys: 4 }),
});
const signings = fc.record({
  identity: fc.record(
    { accessKeyId: fc.stringMatching(/^[A-Z0-9]{1,20}$/), secretAccessKey: textOf(1, 40), sessionToken: textOf(1, 60) },
    { requiredKeys: ["accessKeyId", "secretAccessKey"] },
  ),
  region: fc.constantFrom("us-east-1", "eu-central-1", "cn-north-1"),
  date: fc.date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true }),
  expiresInSeconds: fc.integer({ min: 1, max: 604_800 }),
});

describe("the signature of a part", () => {
  test("is the SDK's, whatever the request and the credentials", async () => {
    const sign = createQuerySigner();
    await fc.assert(
      fc.asyncProperty(requests, signings, async (request, how) => {
        expect(sign(request, how)).toBe(await signedBySdk(request, how));
      }),
      { numRuns: 300 },
    );
  });

  const changes: readonly (readonly [string, Partial<QuerySigning>])[] = [
    ["the day", { date: new Date("2026-03-02T00:00:00Z") }],
    ["the region", { region: "us-east-1" }],
    ["the secret key", { identity: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "another" } }],
  ];
  test.for(changes)("follows when %s changes between two parts, and back", async ([, change]) => {
    const sign = createQuerySigner();
    for (const how of [signing, { ...signing, ...change }, signing]) {
      expect(sign(part, how)).toBe(await signedBySdk(part, how));
    }
  });
});

async function signedBySdk(request: RequestToSign, { identity, region, date, expiresInSeconds }: QuerySigning) {
  const { hostname, port } = hostOf(request.host);
  const headers = { ...request.headers };
  const names = new Set([...Object.keys(headers), "host"]);
  const presigner = new S3RequestPresigner({
    service: "s3",
    uriEscapePath: false,
    applyChecksum: false,
    credentials: identity,
    region,
    sha256,
  });
  const unsigned = new HttpRequest({
    ...request,
    headers,
    query: { ...request.query },
    hostname,
    ...(port && { port }),
  });
  const signed = await presigner.presign(unsigned, {
    expiresIn: expiresInSeconds,
    signingDate: date,
    signableHeaders: names,
    unhoistableHeaders: new Set(names),
  });
  const query = Object.entries(signed.query ?? {}).map(([name, value]) => `${encode(name)}=${encode(String(value))}`);
  return `${request.protocol}//${request.host}${signed.path}?${query.join("&")}`;
}

function hostOf(host: string): { readonly hostname: string; readonly port?: number } {
  const [, hostname = "", port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  return port === undefined ? { hostname } : { hostname, port: Number(port) };
}
