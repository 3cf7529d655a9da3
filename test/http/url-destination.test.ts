import { describe, expect, test } from "vitest";
import { createUrlDestination, type UrlDestinationOptions } from "../../src/http/url-destination.ts";

const signal = new AbortController().signal;
const object = { fileName: "a.png", contentType: "image/png", size: 5 };

function url(signed: string, { query = "", host = "drop.s3.eu-central-1.amazonaws.com", path = "/in/a.png" } = {}) {
  return `https://${host}${path}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20260102%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date=20260102T030000Z&X-Amz-Expires=600&X-Amz-SignedHeaders=${encodeURIComponent(signed)}&X-Amz-Signature=ab${query}`;
}

const options = (changes: Partial<UrlDestinationOptions> = {}): UrlDestinationOptions => ({
  url: url("content-length;content-type;host"),
  contentTypeGiven: false,
  now: () => new Date("2026-01-02T03:05:00Z"),
  ...changes,
});
const sign = (changes: Partial<UrlDestinationOptions>, checksum?: { algorithm: "SHA256"; value: string }) =>
  createUrlDestination(options(changes)).signPut(object, checksum, signal);

describe("a presigned URL", () => {
  test("is one PUT, whatever the size", async () => {
    const destination = createUrlDestination(options());
    expect(destination.label).toBe("s3://drop/in/a.png");
    expect(await destination.limits(signal)).toMatchObject({
      multipart: false,
      maxSize: 5 * 1024 ** 3,
      putChecksums: [],
    });
    await expect(
      destination.createMultipart(object, { partSize: 1, checksumAlgorithm: undefined }, signal),
    ).rejects.toMatchObject({ code: "USAGE" });
  });

  test.for<[string, Partial<UrlDestinationOptions>, object]>([
    ["the type where it is signed", {}, { "content-type": "image/png" }],
    ["no guessed type where it is not", { url: url("host") }, {}],
    [
      "a type that was given, also where it is not signed",
      { url: url("host"), contentTypeGiven: true },
      { "content-type": "image/png" },
    ],
    ["the one value of if-none-match", { url: url("host;if-none-match") }, { "if-none-match": "*" }],
    [
      "headers that were given and are signed",
      {
        url: url("host;x-amz-meta-a;cache-control"),
        headers: { "x-amz-meta-a": "b", "cache-control": "no-store", "content-language": "de" },
      },
      { "x-amz-meta-a": "b", "cache-control": "no-store" },
    ],
  ])("is sent with %s", async ([, changes, headers]) => {
    expect(await sign(changes)).toEqual({
      request: { method: "PUT", url: changes.url ?? options().url, headers, contentLength: 5, expiresIn: 300 },
      bucket: "drop",
      key: "in/a.png",
      freshKey: false,
    });
  });

  test("that binds a checksum gets the file's own", async () => {
    const bound = { url: url("host;x-amz-checksum-sha256;x-amz-sdk-checksum-algorithm") };
    expect((await createUrlDestination(options(bound)).limits(signal)).putChecksums).toEqual(["SHA256"]);
    expect((await sign(bound, { algorithm: "SHA256", value: "c2hh" })).request.headers).toEqual({
      "x-amz-checksum-sha256": "c2hh",
      "x-amz-sdk-checksum-algorithm": "SHA256",
    });
  });
});

describe("is refused", () => {
  test.for<[string, string, string]>([
    ["no address", "drop/in/a.png", "The presigned URL is no web address."],
    [
      "no signature",
      "https://drop.s3.amazonaws.com/in/a.png",
      "The URL for drop.s3.amazonaws.com carries no signature.",
    ],
    [
      "a part",
      url("host", { query: "&partNumber=1&uploadId=u" }),
      "The presigned URL is for one part of a multipart upload.",
    ],
    ["no object", url("host", { path: "/" }), "The URL for drop.s3.eu-central-1.amazonaws.com names no object."],
  ])("%s", ([, address, message]) => {
    expect(() => createUrlDestination(options({ url: address }))).toThrow(
      expect.objectContaining({ code: "USAGE", message }),
    );
  });

  test.for<[string, Partial<UrlDestinationOptions>, object]>([
    [
      "a signed header that nobody knows",
      { url: url("host;x-amz-meta-a") },
      {
        code: "USAGE",
        message: "The presigned URL for in/a.png signs x-amz-meta-a, whose value it does not tell.",
        hint: "Give it as it was signed, with --metadata, or have the URL signed without it.",
      },
    ],
    [
      "a header that S3 would refuse unsigned",
      { url: url("host"), headers: { "x-amz-storage-class": "GLACIER" } },
      {
        code: "USAGE",
        message: "The presigned URL does not sign x-amz-storage-class.",
        hint: "Leave --storage-class out, or have the URL signed with it.",
      },
    ],
    [
      "one that has expired",
      { now: () => new Date("2026-01-02T03:10:00Z") },
      {
        code: "URL_EXPIRED",
        message: "The presigned URL for s3://drop/in/a.png has expired.",
        why: "It was good until 2026-01-02T03:10:00.000Z.",
      },
    ],
  ])("%s", async ([, changes, expected]) => {
    await expect(sign(changes)).rejects.toMatchObject(expected);
  });
});
