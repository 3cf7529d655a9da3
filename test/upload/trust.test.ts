import { describe, expect, test } from "vitest";
import type { MultipartAnswer, PutAnswer, SignedRequest } from "../../src/protocol/messages.ts";
import {
  checkMultipartAnswer,
  checkPutAnswer,
  checkSignedRequest,
  type Expectation,
  mayTravel,
} from "../../src/upload/trust.ts";

const MiB = 1024 ** 2;
const from = { name: "The endpoint api.test" };
const why = (reason: string) =>
  expect.objectContaining({
    code: "ENDPOINT_UNTRUSTWORTHY",
    message: "The endpoint api.test gave an untrustworthy answer; nothing was sent.",
    why: reason,
  });

interface UrlChanges {
  readonly origin?: string;
  readonly path?: string;
  readonly signed?: string;
  readonly query?: string;
  readonly algorithm?: string;
}

function url({
  origin = "https://drop.s3.eu-central-1.amazonaws.com",
  path = "/in/a.png",
  signed = "content-length;content-type;host;if-none-match;x-amz-checksum-sha256",
  query = "",
  algorithm = "AWS4-HMAC-SHA256",
}: UrlChanges = {}): string {
  const credential = "AKIA%2F20260102%2Feu-central-1%2Fs3%2Faws4_request";
  return `${origin}${path}?X-Amz-Algorithm=${algorithm}&X-Amz-Credential=${credential}&X-Amz-Date=20260102T030405Z&X-Amz-Expires=300&X-Amz-SignedHeaders=${encodeURIComponent(signed)}&X-Amz-Signature=ab${query}`;
}

describe("checkPutAnswer", () => {
  const object = { fileName: "a.png", contentType: "image/png", size: 5 };
  const checksum = { algorithm: "SHA256", value: "c2hh" } as const;
  const good: PutAnswer = {
    v: 1,
    mode: "put",
    uploadUrl: url(),
    bucket: "drop",
    key: "in/a.png",
    method: "PUT",
    headers: { "content-type": "image/png", "if-none-match": "*", "x-amz-checksum-sha256": "c2hh" },
    contentLength: 5,
    signedHeaders: ["content-length", "content-type", "host", "if-none-match", "x-amz-checksum-sha256"],
    expiresIn: 300,
    expiresAt: "2026-01-02T03:09:05Z",
    serverTime: "2026-01-02T03:04:05Z",
    region: "eu-central-1",
    oneTime: true,
  };
  const check = (changes: Partial<PutAnswer>) => () => checkPutAnswer({ ...good, ...changes }, object, checksum, from);

  test.for<[string, Partial<PutAnswer>]>([
    ["an honest answer", {}],
    [
      "one of this machine itself without TLS",
      { uploadUrl: url({ origin: "http://127.0.0.1:9000", path: "/drop/in/a.png" }) },
    ],
    ["one of localhost", { uploadUrl: url({ origin: "http://localhost:9000", path: "/drop/in/a.png" }) }],
    [
      "the signer's own note that the body is unsigned",
      { uploadUrl: url({ query: "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD" }) },
    ],
    ["an encoded key", { key: "in/ü b.png", uploadUrl: url({ path: "/in/%C3%BC%20b.png" }) }],
  ])("believes %s", ([, changes]) => {
    expect(check(changes)).not.toThrow();
  });

  test.for<[string, Partial<PutAnswer>, string]>([
    [
      "no URL at all",
      { uploadUrl: "drop/in/a.png" },
      "The URL is none; it says that content-length, content-type, host, if-none-match, x-amz-checksum-sha256 are signed, the URL says .",
    ],
    [
      "another host over http",
      { uploadUrl: url({ origin: "http://evil.test", path: "/drop/in/a.png" }) },
      "The URL of evil.test is plain HTTP.",
    ],
    [
      "a host that only looks like this machine",
      { uploadUrl: url({ origin: "http://localhost.evil.test", path: "/drop/in/a.png" }) },
      "The URL of localhost.evil.test is plain HTTP.",
    ],
    [
      "another host behind credentials that look like this machine",
      { uploadUrl: url({ origin: "http://localhost@evil.test", path: "/drop/in/a.png" }) },
      expect.stringContaining("The URL is none"),
    ],
    [
      "another host behind a backslash",
      { uploadUrl: url({ origin: "http://evil.test\\@127.0.0.1" }) },
      expect.stringContaining("The URL is none"),
    ],
    [
      "credentials in the URL",
      { uploadUrl: url({ origin: "https://user@evil.test" }) },
      expect.stringContaining("The URL is none"),
    ],
    ["a URL for another key", { uploadUrl: url({ path: "/in/b.png" }) }, "The URL is not for the key in/a.png."],
    [
      "a key with dot segments",
      { key: "in/../a.png", uploadUrl: url({ path: "/in/../a.png" }) },
      expect.stringContaining("The key cannot be used: The key holds a dot segment"),
    ],
    [
      "hidden dot segments",
      { uploadUrl: url({ path: "/x/%2e%2e/in/a.png" }) },
      "The path of the URL has dot segments.",
    ],
    ["an empty key", { key: "" }, expect.stringContaining("The key is empty")],
    [
      "an empty segment in the key",
      { key: "in//a.png", uploadUrl: url({ path: "/in//a.png" }) },
      "The key has an empty segment.",
    ],
    [
      "a Signature V2",
      { uploadUrl: "https://drop.s3.amazonaws.com/in/a.png?AWSAccessKeyId=A&Signature=B&Expires=1", signedHeaders: [] },
      expect.stringContaining("not signed with Signature V4"),
    ],
    [
      "no signature",
      { uploadUrl: "https://drop.s3.amazonaws.com/in/a.png", signedHeaders: [] },
      expect.stringContaining("not signed with Signature V4"),
    ],
    [
      "an unsigned length",
      {
        uploadUrl: url({ signed: "content-type;host;if-none-match;x-amz-checksum-sha256" }),
        signedHeaders: good.signedHeaders.slice(1),
      },
      "Content-length is not signed.",
    ],
    ["another length", { contentLength: 6 }, "The signed length is 6 instead of 5."],
    ["no length", { contentLength: undefined }, "The signed length is not told instead of 5."],
    [
      "an unsigned type",
      {
        uploadUrl: url({ signed: "content-length;host;if-none-match;x-amz-checksum-sha256" }),
        signedHeaders: ["content-length", "host", "if-none-match", "x-amz-checksum-sha256"],
      },
      "The header content-type is not signed.",
    ],
    [
      "another type",
      { headers: { ...good.headers, "content-type": "text/html" } },
      "The content type is text/html instead of image/png.",
    ],
    [
      "a checksum in the query",
      { uploadUrl: url({ query: "&x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32" }) },
      "X-amz-checksum-crc32 stands in the query, where it binds nothing; x-amz-sdk-checksum-algorithm stands in the query, where it binds nothing.",
    ],
    [
      "no checksum",
      {
        headers: { "content-type": "image/png", "if-none-match": "*" },
        uploadUrl: url({ signed: "content-length;content-type;host;if-none-match" }),
        signedHeaders: ["content-length", "content-type", "host", "if-none-match"],
      },
      "X-amz-checksum-sha256 is not signed.",
    ],
    [
      "another checksum",
      { headers: { ...good.headers, "x-amz-checksum-sha256": "b3Ro" } },
      "X-amz-checksum-sha256 is not the file's.",
    ],
    [
      "another algorithm beside it",
      {
        headers: { ...good.headers, "x-amz-sdk-checksum-algorithm": "CRC32" },
        uploadUrl: url({ signed: `${good.signedHeaders.join(";")};x-amz-sdk-checksum-algorithm` }),
        signedHeaders: [...good.signedHeaders, "x-amz-sdk-checksum-algorithm"],
      },
      "X-amz-sdk-checksum-algorithm is CRC32 instead of SHA256.",
    ],
    [
      "signed headers other than those in the URL",
      { signedHeaders: ["host"] },
      expect.stringMatching(/^It says that host are signed, the URL says content-length, /),
    ],
    [
      "a header that is not signed",
      { headers: { ...good.headers, "x-amz-acl": "public-read" } },
      "The header x-amz-acl is not signed.",
    ],
    [
      "a signed header that nobody tells",
      {
        uploadUrl: url({ signed: `${good.signedHeaders.join(";")};x-amz-meta-a` }),
        signedHeaders: [...good.signedHeaders, "x-amz-meta-a"],
      },
      "X-amz-meta-a is signed but not among the headers to send.",
    ],
    ["a host of its own", { headers: { ...good.headers, host: "evil.test" } }, "It wants to set the header host."],
    [
      "a line break in a header",
      { headers: { ...good.headers, "content-type": "image/png\r\nx-a: b" } },
      expect.stringContaining("The header content-type holds line breaks"),
    ],
    [
      "a name that is not lower-case",
      { headers: { ...good.headers, "X-A": "b" } },
      expect.stringContaining("The header X-A is not lower-case"),
    ],
    [
      "a URL of a part",
      { uploadUrl: url({ query: "&partNumber=1&uploadId=u" }) },
      "The URL has uploadId in its query; the URL has partNumber in its query.",
    ],
    [
      "one-time in words only",
      {
        headers: { "content-type": "image/png", "x-amz-checksum-sha256": "c2hh" },
        uploadUrl: url({ signed: "content-length;content-type;host;x-amz-checksum-sha256" }),
        signedHeaders: ["content-length", "content-type", "host", "x-amz-checksum-sha256"],
      },
      "It says one-time, but signs no if-none-match.",
    ],
  ])("refuses %s", ([, changes, reason]) => {
    expect(check(changes)).toThrow(why(reason));
  });

  test("never repeats the URL", () => {
    try {
      check({ uploadUrl: url({ origin: "http://evil.test" }), contentLength: 6 })();
    } catch (error) {
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("X-Amz-Signature=");
      return;
    }
    expect.unreachable();
  });
});

describe("checkMultipartAnswer", () => {
  const size = 200 * MiB;
  const good: MultipartAnswer = {
    v: 1,
    mode: "multipart",
    bucket: "drop",
    key: "in/film.mp4",
    uploadId: "u",
    uploadToken: "t",
    tokenExpiresIn: 86_400,
    partSize: 16 * MiB,
    partCount: 13,
    lastPartSize: 8 * MiB,
    checksum: { algorithm: "CRC32", type: "FULL_OBJECT" },
    maxBatch: 200,
    parts: [],
    resumed: false,
    expiresIn: 300,
    expiresAt: "",
    serverTime: "",
    region: "eu-central-1",
  };
  const check = (changes: Partial<MultipartAnswer>) => () => checkMultipartAnswer({ ...good, ...changes }, size, from);

  test("believes an honest answer", () => {
    expect(check({})).not.toThrow();
  });

  test.for<[string, Partial<MultipartAnswer>, string]>([
    ["a count that does not fit", { partCount: 12 }, "It counts 12 parts where 209715200 bytes make 13 of 16777216."],
    ["a last part that does not fit", { lastPartSize: 1 }, "The last part would have 1 bytes."],
    [
      "a part size that does not fit",
      { partSize: 20 * MiB },
      expect.stringContaining("It counts 13 parts where 209715200 bytes make 10"),
    ],
    [
      "parts below S3's least",
      { partSize: MiB, partCount: 200, lastPartSize: MiB },
      "The part size is 1048576; S3 takes 5242880 at least.",
    ],
    [
      "parts beyond S3's most",
      { partSize: 6 * 1024 * MiB, partCount: 1, lastPartSize: size },
      "The part size is 6442450944; S3 takes 5368709120 at most.",
    ],
    [
      "too many parts",
      { partSize: 10_000, partCount: 20_972, lastPartSize: 5200 },
      expect.stringContaining("would need 20972 parts"),
    ],
    [
      "a checksum that does not add up",
      { checksum: { algorithm: "SHA256", type: "FULL_OBJECT" } },
      "SHA256 cannot be FULL_OBJECT over parts.",
    ],
    ["no upload id", { uploadId: "" }, "The upload id is empty."],
    ["a key with dot segments", { key: "in/./a" }, expect.stringContaining("The key cannot be used")],
  ])("refuses %s", ([, changes, reason]) => {
    expect(check(changes)).toThrow(why(reason));
  });
});

describe("checkSignedRequest", () => {
  const part: Expectation = {
    method: "PUT",
    key: "in/a.png",
    contentLength: 5,
    checksum: { algorithm: "CRC32", value: "Y3Jj" },
    query: { uploadId: "u 1", partNumber: "3" },
  };
  const query = "&uploadId=u%201&partNumber=3";
  const signed = "content-length;host;x-amz-checksum-crc32";
  const good: SignedRequest = {
    method: "PUT",
    url: url({ signed, query }),
    headers: { "x-amz-checksum-crc32": "Y3Jj" },
    contentLength: 5,
    expiresIn: 300,
  };
  const check =
    (changes: Partial<SignedRequest>, expected: Expectation = part) =>
    () =>
      checkSignedRequest({ ...good, ...changes }, expected, from);

  test("believes an honest part", () => {
    expect(check({})).not.toThrow();
  });

  test.for<[string, Partial<SignedRequest>, string]>([
    [
      "another part",
      { url: url({ signed, query: "&uploadId=u%201&partNumber=4" }) },
      "The URL is not for partNumber 3.",
    ],
    ["another upload", { url: url({ signed, query: "&uploadId=v&partNumber=3" }) }, "The URL is not for uploadId u 1."],
    ["no part", { url: url({ signed }) }, "The URL is not for uploadId u 1; the URL is not for partNumber 3."],
    ["another method", { method: "DELETE" }, "The method is DELETE instead of PUT."],
    ["another length", { contentLength: 4 }, "The signed length is 4 instead of 5."],
    [
      "a host that is not signed",
      { url: url({ signed: "content-length;x-amz-checksum-crc32", query }) },
      "Host is not signed.",
    ],
  ])("refuses %s", ([, changes, reason]) => {
    expect(check(changes)).toThrow(why(reason));
  });

  test("a completion must not be a part", () => {
    const complete: Expectation = {
      method: "POST",
      key: "in/a.png",
      query: { uploadId: "u 1" },
      notInQuery: ["partNumber"],
    };
    expect(check({ method: "POST" }, complete)).toThrow(why("The URL has partNumber in its query."));
  });
});

test.for([
  ["https://s3.test/a", true],
  ["http://127.0.0.1:9000/a", true],
  ["http://[::1]/a", true],
  ["http://localhost/a", true],
  ["http://s3.test/a", false],
  ["http://127.0.0.1.evil.test/a", false],
  ["http://localhost@evil.test/a", false],
  ["http://localhost\\@evil.test/a", false],
  ["https://s3.test:443/a", true],
  ["ftp://s3.test", false],
] as const)("%s may travel: %s", ([address, expected]) => {
  expect(mayTravel(address)).toBe(expected);
});
