import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, test } from "vitest";
import { type StreamTarget, type StreamTools, uploadStream } from "../../src/aws/stream-transport.ts";
import { S3upError } from "../../src/errors.ts";
import type { StreamStage } from "../../src/signing/part-growth.ts";
import { storeOf } from "../../src/signing/store-quirks.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import type { UploadEvent } from "../../src/upload/events.ts";
import { patternedBytes } from "../support/memory-source.ts";
import { useUploadSandbox } from "../support/sandbox-uploads.ts";

const MiB = 1024 ** 2;
const s3 = useUploadSandbox();
const large = patternedBytes(12 * MiB + 7);
const small = patternedBytes(1000);

/** In pieces as a pipe gives them. */
async function* piped(bytes: Uint8Array, then: () => Promise<void> = async () => {}) {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
  await then();
}

interface Run {
  readonly stages?: readonly StreamStage[];
  readonly target?: Partial<StreamTarget>;
  readonly tools?: Partial<StreamTools>;
  readonly onEvent?: (event: UploadEvent) => void;
}

async function upload(bytes: AsyncIterable<Uint8Array>, key: string, { target, tools, onEvent, stages }: Run = {}) {
  const events: UploadEvent[] = [];
  const object = await uploadStream(
    bytes,
    {
      bucket: s3.sandbox.bucket,
      key,
      contentType: "application/gzip",
      headers: { "cache-control": "no-store" },
      ifNoneMatch: undefined,
      checksumAlgorithm: "CRC32",
      partSize: 5 * MiB,
      concurrency: 2,
      ...target,
    },
    {
      client: s3.client,
      control: s3.control,
      signal: new AbortController().signal,
      emit: (event) => {
        events.push(event);
        onEvent?.(event);
      },
      ...tools,
    },
    stages,
  );
  return { object, events, types: events.map(({ type }) => type) };
}

const partsOf = (key: string) =>
  s3.sandbox.requests().filter(({ operation, path }) => operation === "UploadPart" && path.endsWith(key));

describe("a stream", () => {
  test("of several parts arrives whole, checked by a checksum over all of it", async () => {
    const { object, types, events } = await upload(piped(large), "stream/large.gz");
    expect(object).toEqual({
      bucket: "drop",
      key: "stream/large.gz",
      size: large.length,
      etag: expect.stringMatching(/-3"$/),
      checksum: checksumOf("CRC32", large),
    });
    expect(Buffer.compare((await s3.stored("stream/large.gz")) ?? Buffer.of(), large)).toBe(0);
    expect(types.filter((type) => type !== "progress")).toEqual(["preparing", "started", "preparing", "completed"]);
    expect(events.filter(({ type }) => type === "progress").at(-1)).toEqual({
      type: "progress",
      sentBytes: large.length,
      totalBytes: undefined,
      doneParts: 3,
    });
  });

  test("is sent without a round trip before each part", async () => {
    await upload(piped(large), "stream/expect.gz");
    expect(partsOf("stream/expect.gz").map(({ headers }) => headers.expect)).toEqual([undefined, undefined, undefined]);
  });

  test.for<[string, Uint8Array]>([
    ["of a few bytes", small],
    ["of no bytes", new Uint8Array()],
  ])("%s is one PUT", async ([, bytes]) => {
    const key = `stream/${bytes.length}.gz`;
    const { object, types } = await upload(piped(bytes), key);
    expect(object).toMatchObject({ key, size: bytes.length, checksum: checksumOf("CRC32", bytes) });
    expect(Buffer.compare((await s3.stored(key)) ?? Buffer.of(1), bytes)).toBe(0);
    expect(types).toEqual(["started", "progress", "completed"]);
  });

  test.for([
    ["in parts", large],
    ["in one PUT", small],
  ] as const)("is stored with type and options, %s", async ([name, bytes]) => {
    const key = `stream/options-${name}`;
    await upload(piped(bytes), key);
    const { contentType, cacheControl } = await describeObject(key);
    expect([contentType, cacheControl]).toEqual(["application/gzip", "no-store"]);
  });

  test.for(["SHA256", "CRC64NVME", undefined] as const)("may be checked with %s", async (checksumAlgorithm) => {
    const key = `stream/${checksumAlgorithm}.gz`;
    const { object } = await upload(piped(large), key, { target: { checksumAlgorithm } });
    expect(Buffer.compare((await s3.stored(key)) ?? Buffer.of(), large)).toBe(0);
    if (checksumAlgorithm !== undefined) expect(object.checksum?.algorithm).toBe(checksumAlgorithm);
  });

  test("does not overwrite where that is wished", async () => {
    await upload(piped(small), "stream/kept.gz");
    const target = { ifNoneMatch: "*" } as const;
    const expected = { code: "OBJECT_EXISTS", message: "s3://drop/stream/kept.gz already exists." };
    await expect(upload(piped(small), "stream/kept.gz", { target })).rejects.toMatchObject(expected);
    await expect(upload(piped(large), "stream/kept.gz", { target })).rejects.toMatchObject(expected);
    expect(await s3.openUploads()).toEqual([]);
  });

  test("whose completion's answer got lost is found by size and checksum", async () => {
    s3.sandbox.faults.add({ kind: "lost-answer", operation: "CompleteMultipartUpload" });
    const { object } = await upload(piped(large), "stream/lost.gz");
    expect(object).toMatchObject({ size: large.length, checksum: checksumOf("CRC32", large) });
  });
});

describe("what fails leaves nothing behind", () => {
  test("a part that S3 refuses for good; the rest is not sent any more", async () => {
    s3.sandbox.faults.add({ kind: "status-500", operation: "UploadPart", parts: [1], count: 99 });
    const waiting = new Promise<void>(() => {});
    await expect(
      upload(
        piped(large, () => waiting),
        "stream/refused.gz",
      ),
    ).rejects.toMatchObject({ code: "S3_ERROR" });
    expect(await s3.openUploads()).toEqual([]);
  });

  test("a stream that breaks", async () => {
    const breaking = piped(large, () => Promise.reject(new S3upError("FILE_UNREADABLE", "The pipe broke.")));
    await expect(upload(breaking, "stream/broken.gz")).rejects.toMatchObject({ message: "The pipe broke." });
    expect(await s3.openUploads()).toEqual([]);
    expect(await s3.stored("stream/broken.gz")).toBeUndefined();
  });

  test("an interruption, also while the pipe says nothing: it ends after the abort has reached S3", async () => {
    const stop = new AbortController();
    const reason = new S3upError("INTERRUPTED", "Interrupted.");
    const silent = new Promise<void>(() => {});
    const seen: UploadEvent["type"][] = [];
    const uploading = upload(
      piped(large, () => silent),
      "stream/interrupted.gz",
      {
        tools: { signal: stop.signal },
        onEvent: (event) => {
          seen.push(event.type);
          if (event.type === "progress") stop.abort(reason);
        },
      },
    );
    await expect(uploading).rejects.toBe(reason);
    expect(await s3.openUploads()).toEqual([]);
    expect(seen.at(-1)).toBe("aborted");
  });

  test("an interruption before anything was sent", async () => {
    const reason = new S3upError("INTERRUPTED", "Interrupted.");
    const tools = { signal: AbortSignal.abort(reason) };
    await expect(upload(piped(large), "stream/never.gz", { tools })).rejects.toBe(reason);
    expect(await s3.openUploads()).toEqual([]);
  });

  test("or says what is left, and how to remove it", async () => {
    s3.sandbox.faults.add({ kind: "status-500", operation: "UploadPart", parts: [1], count: 99 });
    const control = { ...s3.control, abort: () => Promise.reject(new Error("no permission")) };
    await expect(upload(piped(large), "stream/left.gz", { tools: { control } })).rejects.toMatchObject({
      code: "S3_ERROR",
      why: expect.stringContaining("Its parts could not be removed (no permission)"),
      hint: expect.stringMatching(/^Remove it with: s3up uploads abort s3:\/\/drop\/stream\/left\.gz --upload-id /),
    });
  });
});

async function describeObject(key: string) {
  const found = await s3.client.send(new HeadObjectCommand({ Bucket: s3.sandbox.bucket, Key: key }));
  return { contentType: found.ContentType, cacheControl: found.CacheControl };
}

describe("a stream whose parts grow", () => {
  const stages = [
    { partSize: 5 * MiB, partCount: 2 },
    { partSize: 6 * MiB, partCount: 2 },
    { partSize: 7 * MiB, partCount: 2 },
  ];
  const bytes = patternedBytes(36 * MiB);
  let before: readonly string[] = [];
  beforeEach(async () => {
    before = await s3.openUploads();
  });

  test.for([
    ["ends within a stage", 25 * MiB, "5 5 6 6 3"],
    ["ends where a stage ends", 22 * MiB, "5 5 6 6"],
    ["ends with a part that would have been a PUT alone", 12 * MiB, "5 5 2"],
    ["fills every stage", 36 * MiB, "5 5 6 6 7 7"],
    ["is over in the first", 7 * MiB, "5 2"],
  ] as const)("%s", async ([name, length, sizes]) => {
    const key = `grown/${name.replaceAll(" ", "-")}`;
    const content = bytes.subarray(0, length);
    const { object } = await upload(piped(content), key, { stages });
    expect(object).toMatchObject({ size: length, checksum: checksumOf("CRC32", content) });
    expect(Buffer.compare((await s3.stored(key)) ?? Buffer.of(), content)).toBe(0);
    const sent = partsOf(key).map(({ bodyBytes, headers }) =>
      Number(headers["x-amz-decoded-content-length"] ?? bodyBytes),
    );
    expect(
      sent
        .map((size) => Math.floor(size / MiB))
        .toSorted()
        .join(" "),
    ).toBe([...sizes.split(" ")].toSorted().join(" "));
    expect(await s3.openUploads()).toEqual(before);
  });

  test("is refused when it is longer than all of them, and leaves nothing", async () => {
    const longer = patternedBytes(36 * MiB + 1);
    await expect(upload(piped(longer), "grown/longer", { stages })).rejects.toMatchObject({ code: "TOO_LARGE" });
    expect(await s3.openUploads()).toEqual(before);
    expect(await s3.stored("grown/longer")).toBeUndefined();
  });

  test("that fails in a later stage leaves nothing", async () => {
    s3.sandbox.faults.add({ kind: "status-500", operation: "UploadPart", after: 3, count: 9 });
    await expect(upload(piped(bytes), "grown/failed", { stages })).rejects.toMatchObject({ code: "S3_ERROR" });
    expect(await s3.openUploads()).toEqual(before);
  });

  test("keeps equal parts for a store that takes no others", async () => {
    const { object } = await upload(piped(bytes), "grown/equal", { target: { store: storeOf("r2", undefined) } });
    expect(object.etag).toMatch(/-8"$/);
  });
});
