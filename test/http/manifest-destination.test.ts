import { beforeAll, describe, expect, test } from "vitest";
import { createManifestDestination } from "../../src/http/manifest-destination.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import type { Manifest } from "../../src/upload/manifest.ts";
import { SendFailure } from "../../src/upload/transport.ts";
import { s3Error } from "../support/fake-s3.ts";
import { type Script, scriptedSender } from "../support/scripted-sender.ts";

const MiB = 1024 ** 2;
const size = 6 * MiB;
const signal = new AbortController().signal;
const checksum = checksumOf("CRC32", Buffer.from("whole"));
let manifest: Manifest;

function signed(
  method: "PUT" | "POST" | "GET" | "DELETE" | "HEAD",
  headers: Record<string, string>,
  query: string,
  contentLength?: number,
) {
  const names = [...Object.keys(headers), "host", ...(contentLength === undefined ? [] : ["content-length"])].sort();
  return {
    method,
    url: `https://drop.s3.eu-central-1.amazonaws.com/film.mp4?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260102T030000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=${encodeURIComponent(names.join(";"))}&X-Amz-Signature=ab${query}`,
    headers,
    expiresIn: 3600,
    ...(contentLength === undefined ? {} : { contentLength }),
  };
}

beforeAll(() => {
  const part = (partNumber: number, contentLength: number) => ({
    partNumber,
    ...signed(
      "PUT",
      { "x-amz-checksum-crc32": `cGFydA${partNumber}=` },
      `&uploadId=u&partNumber=${partNumber}`,
      contentLength,
    ),
    contentLength,
  });
  manifest = {
    v: 1,
    type: "s3up-manifest",
    bucket: "drop",
    key: "film.mp4",
    uploadId: "u",
    file: { name: "film.mp4", size, contentType: "video/mp4" },
    partSize: 5 * MiB,
    checksumAlgorithm: "CRC32",
    checksum,
    parts: [part(1, 5 * MiB), part(2, MiB)],
    complete: signed(
      "POST",
      { "x-amz-checksum-crc32": checksum.value, "x-amz-mp-object-size": String(size) },
      "&uploadId=u",
    ),
    abort: signed("DELETE", {}, "&uploadId=u"),
    list: [signed("GET", {}, "&uploadId=u")],
    head: signed("HEAD", { "x-amz-checksum-mode": "ENABLED" }, ""),
    expiresAt: "2026-01-02T04:00:00.000Z",
  };
});

const open = (changes: Partial<Manifest> = {}, ...script: readonly Script[]) => {
  const sender = scriptedSender(...script);
  const now = () => new Date("2026-01-02T03:00:00Z");
  return {
    sender,
    destination: createManifestDestination({ manifest: { ...manifest, ...changes }, name: "m.json", sender, now }),
  };
};
const object = { fileName: "film.mp4", contentType: "video/mp4", size };
const wish = { partSize: 5 * MiB, checksumAlgorithm: "CRC32" } as const;
const session = (...script: readonly Script[]) => open({}, ...script).destination.createMultipart(object, wish, signal);

describe("a manifest", () => {
  test("has one part size and one file size", async () => {
    expect(await open().destination.limits(signal)).toMatchObject({
      maxSize: size,
      multipartThreshold: 0,
      partSize: { min: 5 * MiB, default: 5 * MiB, max: 5 * MiB },
    });
  });

  test("hands out its parts as they were signed", async () => {
    const { partNumber: _, ...request } = manifest.parts[1] as Manifest["parts"][number];
    const part = { partNumber: 2, contentLength: MiB, checksum: { algorithm: "CRC32", value: "cGFydA2=" } as const };
    expect(await (await session()).signPart(part, signal)).toEqual(request);
  });

  test("sees by the checksum that it was made for another file", async () => {
    const part = { partNumber: 2, contentLength: MiB, checksum: { algorithm: "CRC32", value: "b3RoZXI=" } as const };
    await expect((await session()).signPart(part, signal)).rejects.toMatchObject({
      code: "CHECKSUM_MISMATCH",
      message: "The file is not the one that m.json was made for.",
    });
  });

  test("sees by the size that it was made for another file", async () => {
    const { destination } = open();
    const other = { ...object, fileName: "b.mp4", size: 5 };
    const expected = { code: "USAGE", message: "b.mp4 is not the file that m.json was made for." };
    await expect(destination.createMultipart(other, wish, signal)).rejects.toMatchObject(expected);
    await expect(destination.signPut(other, undefined, signal)).rejects.toMatchObject(expected);
  });

  test("that has expired is refused before anything is sent", async () => {
    const { destination, sender } = open({ expiresAt: "2026-01-02T02:59:59Z" });
    await expect(destination.createMultipart(object, wish, signal)).rejects.toMatchObject({ code: "URL_EXPIRED" });
    expect(sender.asked).toEqual([]);
  });
});

describe("a manifest that was tampered with", () => {
  const first = () => manifest.parts[0] as Manifest["parts"][number];
  test.for<[string, () => Partial<Manifest>, string]>([
    [
      "parts for another host over HTTP",
      () => ({
        parts: [{ ...first(), url: first().url.replace("https://drop", "http://evil") }, ...manifest.parts.slice(1)],
      }),
      "plain HTTP",
    ],
    ["parts in another order", () => ({ parts: manifest.parts.toReversed() }), "is not for partNumber 1"],
    ["a part less", () => ({ parts: manifest.parts.slice(1) }), "1 parts where 6291456 bytes make 2"],
    ["another key", () => ({ key: "other.mp4" }), "is not for the key other.mp4"],
    ["another upload", () => ({ uploadId: "v" }), "is not for uploadId v"],
    ["a completion that is none", () => ({ complete: manifest.abort }), "the method is DELETE instead of POST"],
    [
      "an abort that would delete the object",
      () => ({ abort: { ...manifest.abort, url: manifest.abort.url.replace("&uploadId=u", "") } }),
      "is not for uploadId u",
    ],
    [
      "another checksum of the whole",
      () => ({ checksum: { algorithm: "CRC32", value: "b3RoZXI=" } }),
      "x-amz-checksum-crc32 is not the file's",
    ],
  ])("is refused: %s", ([, changes, why]) => {
    expect(() => open(changes())).toThrow(
      expect.objectContaining({
        code: "ENDPOINT_UNTRUSTWORTHY",
        message: expect.stringContaining("The manifest m.json"),
        why: expect.stringMatching(new RegExp(why, "i")),
      }),
    );
  });
});

describe("what has become of the upload", () => {
  const gone = s3Error(404, "NoSuchUpload");
  const listed =
    '<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>5</Size></Part></ListPartsResult>';

  test.for<[string, readonly Script[], object]>([
    [
      "open",
      [{ status: 200, headers: {}, body: listed }],
      { state: "open", parts: [{ partNumber: 1, size: 5, etag: '"e"' }] },
    ],
    [
      "completed",
      [
        gone,
        {
          status: 200,
          headers: { etag: '"e-2"', "content-length": String(size), "x-amz-checksum-crc32": "Y3Jj" },
          body: "",
        },
      ],
      {
        state: "completed",
        object: {
          bucket: "drop",
          key: "film.mp4",
          size,
          etag: '"e-2"',
          checksum: { algorithm: "CRC32", value: "Y3Jj" },
        },
      },
    ],
    ["gone", [gone, s3Error(404, "NoSuchKey")], { state: "gone" }],
    ["not to be seen", [gone, { status: 403, headers: {}, body: "" }], { state: "gone" }],
    [
      "open after a bad moment",
      [new SendFailure("reset", "x"), s3Error(500, "InternalError"), { status: 200, headers: {}, body: listed }],
      { state: "open" },
    ],
  ])("%s", async ([, script, expected]) => {
    expect(await (await session(...script)).status(signal)).toMatchObject(expected);
  });

  test("is an error where S3 will not say", async () => {
    await expect((await session(s3Error(403, "AccessDenied"))).status(signal)).rejects.toMatchObject({
      code: "ACCESS_DENIED",
    });
  });
});

describe("an abort", () => {
  test.for<[string, Script]>([
    ["done", { status: 204, headers: {}, body: "" }],
    ["of an upload that is gone", s3Error(404, "NoSuchUpload")],
  ])("%s succeeds", async ([, script]) => {
    await expect((await session(script)).abort()).resolves.toBeUndefined();
  });

  test.for<[string, Script, string]>([
    ["refused", s3Error(403, "AccessDenied"), "ACCESS_DENIED"],
    ["without a network", new SendFailure("connect", "x"), "NETWORK"],
  ])("%s says so", async ([, script, code]) => {
    await expect((await session(script)).abort()).rejects.toMatchObject({ code });
  });
});
