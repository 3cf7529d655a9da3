import { describe, expect, test } from "vitest";
import { checksumOf } from "../../src/upload/checksum.ts";
import { fakeS3 } from "../support/fake-s3.ts";
import { patternedBytes } from "../support/memory-source.ts";
import { isStored, small, stored, upload } from "../support/run-upload.ts";
import { MiB } from "../support/upload-tools.ts";

describe("a small file", () => {
  test.for<[string, Uint8Array]>([
    ["a megabyte", small],
    ["no byte at all", new Uint8Array()],
  ])("of %s is one PUT", async ([, bytes]) => {
    const { object, s3, types } = await upload(bytes);
    expect(isStored(s3, bytes)).toBe(true);
    expect(object).toMatchObject({ key: stored, size: bytes.length, checksum: checksumOf("CRC32", bytes) });
    expect(types).toEqual(["started", "completed"]);
  });

  test("takes the first checksum of the destination where it does not take the wanted one", async () => {
    const { object } = await upload(small, fakeS3({ putChecksums: ["SHA256"] }));
    expect(object).toMatchObject({ checksum: checksumOf("SHA256", small) });
  });

  test("goes without a checksum where none can be signed", async () => {
    const { object } = await upload(small, fakeS3({ putChecksums: [] }));
    expect(object).not.toHaveProperty("checksum");
  });

  test("is read while it is sent where it does not fit into the memory", async () => {
    const bytes = patternedBytes(7 * MiB);
    const { s3 } = await upload(bytes, fakeS3(), { settings: { maxMemory: 1 } });
    expect(isStored(s3, bytes)).toBe(true);
  });
});
