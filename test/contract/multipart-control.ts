/** What every `MultipartControl` promises: the SDK's against a server, and the fake of the backend's tests. */
import { beforeEach, describe, expect, test } from "vitest";
import type { ListedPart } from "../../src/protocol/messages.ts";
import type { MultipartControl, MultipartToComplete, MultipartUpload } from "../../src/signing/multipart-control.ts";

export interface ControlUnderTest {
  readonly control: MultipartControl;
  readonly bucket: string;
  /** Stores a part of 5 MiB as a client would, and tells what S3 answered. */
  putPart(upload: MultipartUpload, partNumber: number): Promise<ListedPart>;
}

const PART = 5 * 1024 ** 2;

export function describeMultipartControl(name: string, prepare: () => Promise<ControlUnderTest>): void {
  describe(`${name} as the control of multipart uploads`, () => {
    let under: ControlUnderTest;
    let upload: MultipartUpload;
    let keys = 0;
    const gone = { code: "UPLOAD_NOT_FOUND" };

    beforeEach(async () => {
      under = await prepare();
      keys += 1;
      const target = { bucket: under.bucket, key: `contract/${keys} ü.bin` };
      const headers = { "content-type": "image/png", "x-amz-meta-a": "b" };
      upload = { ...target, uploadId: await under.control.create({ ...target, headers, checksumAlgorithm: "CRC32" }) };
    });

    const completion = (
      parts: readonly ListedPart[],
      change: Partial<MultipartToComplete> = {},
    ): MultipartToComplete => ({
      ...upload,
      parts,
      checksumAlgorithm: "CRC32",
      objectSize: parts.length * PART,
      ifNoneMatch: "*",
      ...change,
    });

    test("lists nothing at first, then every part that was sent", async () => {
      expect(await under.control.listParts(upload)).toEqual([]);
      const sent = [await under.putPart(upload, 2), await under.putPart(upload, 1)];
      expect(await under.control.listParts(upload)).toMatchObject([sent[1], sent[0]]);
    });

    test("lists from a marker on", async () => {
      await under.putPart(upload, 1);
      const second = await under.putPart(upload, 2);
      const page = await under.control.listPage(upload, 1);
      expect(page).toMatchObject({ parts: [second] });
      expect(page.nextMarker).toBeUndefined();
    });

    test("completes to an object of all parts, which can be seen", async () => {
      const parts = [await under.putPart(upload, 1), await under.putPart(upload, 2)];
      const stored = await under.control.complete(completion(parts));
      expect(stored.size).toBe(2 * PART);
      expect(await under.control.head(upload)).toMatchObject({ etag: stored.etag, size: 2 * PART });
    });

    test("a completed upload is gone", async () => {
      await under.control.complete(completion([await under.putPart(upload, 1)]));
      await expect(under.control.listParts(upload)).rejects.toMatchObject(gone);
    });

    test("does not overwrite when it must not", async () => {
      await under.control.complete(completion([await under.putPart(upload, 1)]));
      const { bucket, key } = upload;
      const second = {
        bucket,
        key,
        uploadId: await under.control.create({ bucket, key, headers: {}, checksumAlgorithm: "CRC32" }),
      };
      const part = await under.putPart(second, 1);
      await expect(under.control.complete({ ...completion([part]), ...second })).rejects.toMatchObject({
        code: "OBJECT_EXISTS",
      });
    });

    test("refuses an ETag that no part has", async () => {
      const part = await under.putPart(upload, 1);
      const wrong = under.control.complete(completion([{ ...part, etag: '"00000000000000000000000000000000"' }]));
      await expect(wrong).rejects.toMatchObject({ code: "S3_ERROR" });
    });

    test("refuses another size than that of the parts", async () => {
      const wrong = completion([await under.putPart(upload, 1)], { objectSize: PART + 1 });
      await expect(under.control.complete(wrong)).rejects.toMatchObject({ code: "S3_ERROR" });
    });

    test("an aborted upload is gone, and can be aborted again", async () => {
      await under.putPart(upload, 1);
      await under.control.abort(upload);
      await under.control.abort(upload);
      await expect(under.control.listParts(upload)).rejects.toMatchObject(gone);
      expect(await under.control.head(upload)).toBeUndefined();
    });

    test("finds incomplete uploads by the beginning of their keys", async () => {
      const found = await under.control.listUploads(under.bucket, upload.key);
      expect(found).toMatchObject([{ key: upload.key, uploadId: upload.uploadId }]);
      expect(await under.control.listUploads(under.bucket, "elsewhere/")).toEqual([]);
    });

    test("an object that was never stored is absent", async () => {
      expect(await under.control.head({ bucket: under.bucket, key: "contract/none" })).toBeUndefined();
    });
  });
}
