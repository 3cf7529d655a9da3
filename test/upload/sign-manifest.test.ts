import { describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import { parseManifest } from "../../src/upload/manifest.ts";
import { planUpload } from "../../src/upload/plan.ts";
import { type ManifestToSign, signManifest } from "../../src/upload/sign-manifest.ts";
import { fakeMultipart } from "../support/fake-multipart.ts";
import { fakeS3 } from "../support/fake-s3.ts";
import { fakeSigner } from "../support/fake-signer.ts";
import { memorySource, patternedBytes } from "../support/memory-source.ts";

const MiB = 1024 ** 2;
const bytes = patternedBytes(11 * MiB);
const wish: ManifestToSign = {
  bucket: "drop",
  key: "film.mp4",
  contentType: "video/mp4",
  headers: { "x-amz-storage-class": "STANDARD_IA" },
  checksumAlgorithm: "CRC32",
  expiresInSeconds: 3600,
};

async function sign(changes: Partial<ManifestToSign> = {}, source = memorySource(bytes)) {
  const control = fakeMultipart();
  const signal = new AbortController().signal;
  const limits = await fakeS3().destination.limits(signal);
  const plan = planUpload(source, limits);
  if (plan.kind === "single") throw new Error("not in parts");
  const tools = { signer: fakeSigner(), control, now: () => new Date("2026-01-02T03:00:00Z"), signal };
  const manifest = await signManifest({ ...wish, ...changes }, plan, source, tools);
  return { manifest, control };
}

describe("a manifest", () => {
  test("binds each part's length and checksum, and the whole in its completion", async () => {
    const { manifest } = await sign();
    expect(
      manifest.parts.map(({ partNumber, contentLength, headers }) => [
        partNumber,
        contentLength,
        headers["x-amz-checksum-crc32"],
      ]),
    ).toEqual(
      [0, 1, 2].map((index) => {
        const part = bytes.subarray(index * 5 * MiB, (index + 1) * 5 * MiB);
        return [index + 1, part.length, checksumOf("CRC32", part).value];
      }),
    );
    expect(manifest.checksum).toEqual(checksumOf("CRC32", bytes));
    expect(manifest.complete.headers).toMatchObject({
      "x-amz-mp-object-size": String(bytes.length),
      "x-amz-checksum-crc32": checksumOf("CRC32", bytes).value,
      "x-amz-checksum-type": "FULL_OBJECT",
    });
  });

  test("names the upload in each of its requests", async () => {
    const { manifest } = await sign();
    const all = [...manifest.parts, manifest.complete, manifest.abort, ...manifest.list];
    expect(new Set(all.map(({ url }) => new URL(url).searchParams.get("uploadId")))).toEqual(new Set(["upload-1"]));
    expect(manifest.head?.method).toBe("HEAD");
  });

  test("creates the upload with the object's options", async () => {
    const { control } = await sign();
    expect(control.created).toEqual([
      {
        bucket: "drop",
        key: "film.mp4",
        headers: { "x-amz-storage-class": "STANDARD_IA", "content-type": "video/mp4" },
        checksumAlgorithm: "CRC32",
      },
    ]);
  });

  test("tells when its first URL expires", async () => {
    expect((await sign()).manifest.expiresAt).toBe("2026-01-02T04:00:00.000Z");
  });

  test("refuses an object that exists where that is wished", async () => {
    const { manifest } = await sign({ ifNoneMatch: "*" });
    expect(manifest.complete.headers["if-none-match"]).toBe("*");
  });

  test("has no checksums where none are wished, and none of the whole for a SHA", async () => {
    const none = (await sign({ checksumAlgorithm: undefined })).manifest;
    expect([none.checksumAlgorithm, none.checksum, none.parts[0]?.headers]).toEqual([undefined, undefined, {}]);
    const sha = (await sign({ checksumAlgorithm: "SHA256" })).manifest;
    expect([sha.checksumAlgorithm, sha.checksum]).toEqual(["SHA256", undefined]);
  });

  test("is read again as it was printed", async () => {
    const { manifest } = await sign();
    expect(parseManifest(JSON.stringify(manifest), "m.json")).toEqual(manifest);
  });
});

describe("nothing is begun, or nothing is left,", () => {
  test("when the file changed while it was read", async () => {
    const source = memorySource(bytes);
    source.replace(bytes, 2_000);
    await expect(sign({}, source)).rejects.toMatchObject({ code: "FILE_CHANGED" });
  });

  test("when signing fails on the way", async () => {
    const source = memorySource(bytes);
    const control = fakeMultipart();
    const signal = new AbortController().signal;
    const plan = planUpload(source, await fakeS3().destination.limits(signal));
    if (plan.kind === "single") throw new Error("not in parts");
    const signer = { ...fakeSigner(), sign: () => Promise.reject(new S3upError("CREDENTIALS_EXPIRED", "expired")) };
    await expect(
      signManifest(wish, plan, source, { signer, control, now: () => new Date(0), signal }),
    ).rejects.toMatchObject({ code: "CREDENTIALS_EXPIRED" });
    expect(await control.listUploads("drop", "")).toEqual([]);
  });
});
