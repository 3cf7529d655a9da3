import { describe, expect, test } from "vitest";
import { checksumOf } from "../../src/upload/checksum.ts";
import { type FakeS3, fakeS3, isPart } from "../support/fake-s3.ts";
import { isStored, large, stored, upload } from "../support/run-upload.ts";
import { MiB } from "../support/upload-tools.ts";

describe("a large file", () => {
  test("is sent in parts, in any order, and put together", async () => {
    const { object, s3, types } = await upload(large);
    expect(isStored(s3, large)).toBe(true);
    expect(object).toEqual({
      bucket: "drop",
      key: stored,
      size: large.length,
      etag: expect.stringMatching(/^"[0-9a-f]{32}-4"$/),
      checksum: checksumOf("CRC32", large),
    });
    expect(types).toEqual(["create", "started", "complete", "completed"]);
    expect(s3.open()).toEqual([]);
  });

  test("is under way in as many parts as allowed, no more", async () => {
    const { s3 } = await upload(large, fakeS3(), { settings: { concurrency: 2 } });
    expect(s3.mostAtATime()).toBe(2);
  });

  test("reports every byte once", async () => {
    const { tools } = await upload(large);
    const last = tools.events.filter((event) => event.type === "progress").at(-1);
    expect(last).toEqual({ type: "progress", sentBytes: large.length, totalBytes: large.length, doneParts: 4 });
  });

  test.for(["crc32", "crc32c", "crc64nvme", "sha256", "none"] as const)("is checked with %s", async (checksum) => {
    const { object, s3 } = await upload(large, fakeS3(), { settings: { checksum } });
    expect(isStored(s3, large)).toBe(true);
    expect(object).toMatchObject(checksum === "none" ? {} : { checksum: { algorithm: checksum.toUpperCase() } });
  });

  test.for([64, 8])(
    "takes the destination's part size when that differs from the plan (%i MiB of memory)",
    async (memory) => {
      const s3 = fakeS3();
      const { destination } = s3;
      const other = {
        ...s3,
        destination: {
          ...destination,
          createMultipart: (o: never, w: object, g: never) =>
            destination.createMultipart(o, { ...w, partSize: 8 * MiB } as never, g),
        },
      } as FakeS3;
      await upload(large, other, { settings: { maxMemory: memory * MiB } });
      const sizes = new Map(s3.requests.filter(isPart()).map(({ partNumber, body }) => [partNumber, body.length]));
      expect([1, 2, 3].map((number) => sizes.get(number))).toEqual([8 * MiB, 8 * MiB, 77]);
    },
  );

  test("is read twice where a part does not fit into the memory", async () => {
    const { s3 } = await upload(large, fakeS3(), { settings: { maxMemory: 1 } });
    expect(isStored(s3, large)).toBe(true);
  });

  test("is stored by a server that confirms no checksum, and says so by its absence", async () => {
    const { object } = await upload(large, fakeS3({ confirmsChecksums: false }));
    expect(object).not.toHaveProperty("checksum");
  });
});
