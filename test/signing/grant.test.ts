import { describe, expect, test } from "vitest";
import type { UploadRequest } from "../../src/protocol/messages.ts";
import { grantArticle, grantUpload, type SigningLimits } from "../../src/signing/grant.ts";
import { Refusal } from "../../src/signing/refusal.ts";

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;
const sha256 = { algorithm: "SHA256", value: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" } as const;
const place = { subjectHash: undefined, date: new Date("2026-03-01T12:00:00Z"), id: "id" };

const limits: SigningLimits = {
  keyPrefix: "uploads",
  modes: ["put", "post", "multipart"],
  maxSize: 100 * MiB,
  multipartThreshold: 16 * MiB,
  partSize: 16 * MiB,
  expiresIn: { default: 300, max: 900 },
  contentTypes: ["image/*", "application/pdf"],
  putChecksums: ["SHA256", "CRC32"],
  requireSize: false,
  overwrite: "never",
};

const request: UploadRequest = {
  v: 1,
  mode: "auto",
  fileName: "a b.png",
  contentType: "image/png",
  size: 1000,
  overwrite: false,
  metadata: {},
};

describe("granted", () => {
  test.for<readonly [string, Partial<UploadRequest>, Partial<SigningLimits>, grant: object]>([
    [
      "a small file is one PUT of exactly its size, good for one use",
      {},
      {},
      {
        mode: "put",
        key: "uploads/2026/03/01/id-a-b.png",
        contentType: "image/png",
        contentLength: 1000,
        oneTime: true,
        expiresInSeconds: 300,
      },
    ],
    ["an empty file is one PUT", { size: 0 }, {}, { mode: "put", contentLength: 0 }],
    ["below the threshold is one PUT", { size: 16 * MiB - 1 }, {}, { mode: "put" }],
    [
      "from the threshold on there are parts",
      { size: 16 * MiB },
      {},
      { mode: "multipart", size: 16 * MiB, partSize: 16 * MiB, partCount: 1 },
    ],
    [
      "a part size can be wished for",
      { size: 20 * MiB, partSize: 8 * MiB },
      {},
      { partSize: 8 * MiB, partCount: 3, lastPartSize: 4 * MiB },
    ],
    [
      "a small file can be sent in parts",
      { mode: "multipart" },
      {},
      { mode: "multipart", partCount: 1, lastPartSize: 1000 },
    ],
    ["auto takes what is offered", { size: 20 * MiB }, { modes: ["put"] }, { mode: "put" }],
    ["auto takes parts where nothing else is offered", {}, { modes: ["multipart"] }, { mode: "multipart" }],
    ["a checksum goes into the grant", { checksum: sha256 }, {}, { checksum: sha256 }],
    ["a shorter life is granted", { expiresIn: 60 }, {}, { expiresInSeconds: 60 }],
    ["a longer one is cut", { expiresIn: 10_000 }, {}, { expiresInSeconds: 900 }],
    ["overwriting where it is allowed", { overwrite: true }, { overwrite: "allowed" }, { oneTime: false }],
    [
      "the original name is kept in the metadata",
      { fileName: "ä b.png" },
      {},
      { metadata: { "x-amz-meta-s3up-name": "%C3%A4%20b.png" } },
    ],
    [
      "own metadata beside it",
      { metadata: { owner: "me" } },
      {},
      { metadata: { "x-amz-meta-owner": "me", "x-amz-meta-s3up-name": "a%20b.png" } },
    ],
    ["a form with both bounds at the size", { mode: "post" }, {}, { mode: "post", minSize: 1000, maxSize: 1000 }],
    [
      "a form without a size, up to the limit",
      { mode: "post", size: undefined },
      {},
      { minSize: 0, maxSize: 100 * MiB },
    ],
    ["a form with a bound of its own", { mode: "post", size: undefined, maxSize: 5 }, {}, { minSize: 0, maxSize: 5 }],
    ["a form's bound is cut to the limit", { mode: "post", size: undefined, maxSize: GiB }, {}, { maxSize: 100 * MiB }],
    [
      "a form never takes more than S3 does",
      { mode: "post", size: undefined },
      { maxSize: 100 * GiB },
      { maxSize: 5 * GiB },
    ],
  ])("%s", ([, change, limit, grant]) => {
    expect(grantUpload({ ...request, ...change } as UploadRequest, { ...limits, ...limit }, place)).toMatchObject(
      grant,
    );
  });

  test("a caller's objects are in its own folder", () => {
    expect(grantUpload(request, limits, { ...place, subjectHash: "abc" }).key).toBe(
      "uploads/abc/2026/03/01/id-a-b.png",
    );
  });
});

describe("refused", () => {
  test.for<readonly [string, Partial<UploadRequest>, Partial<SigningLimits>, refusal: object]>([
    [
      "a file that is too large",
      { size: 100 * MiB + 1 },
      {},
      { code: "file_too_large", field: "size", limit: 100 * MiB },
    ],
    [
      "a file too large for one PUT",
      { mode: "put", size: 6 * GiB },
      { maxSize: 10 * GiB },
      { code: "file_too_large", limit: 5 * GiB },
    ],
    ["a form too large for its own bound", { mode: "post", maxSize: 10 }, {}, { code: "file_too_large", limit: 10 }],
    ["no size", { size: undefined }, {}, { code: "size_required", field: "size" }],
    [
      "a form without size where sizes are required",
      { mode: "post", size: undefined },
      { requireSize: true },
      { code: "size_required" },
    ],
    ["a type that is not allowed", { contentType: "text/plain" }, {}, { code: "content_type_not_allowed" }],
    ["a type that a browser would run", { contentType: "image/svg+xml" }, {}, { code: "content_type_not_allowed" }],
    ["a hostile name", { fileName: "a\0" }, {}, { code: "invalid_file_name" }],
    ["overwriting where nothing may be", { overwrite: true }, {}, { code: "forbidden", field: "overwrite" }],
    ["a mode that is not offered", { mode: "post" }, { modes: ["put"] }, { code: "forbidden", field: "mode" }],
    ["auto where only forms are offered", {}, { modes: ["post"] }, { code: "forbidden", field: "mode" }],
    ["parts of an empty file", { mode: "multipart", size: 0 }, {}, { code: "invalid_request", field: "mode" }],
    ["a checksum for a form", { mode: "post", checksum: sha256 }, {}, { code: "invalid_request", field: "checksum" }],
    [
      "an algorithm that is not offered",
      { checksum: { ...sha256, algorithm: "CRC64NVME" } },
      {},
      { code: "invalid_checksum" },
    ],
    [
      "a checksum of the wrong length",
      { checksum: { algorithm: "CRC32", value: "AAAA" } },
      {},
      { code: "invalid_checksum", field: "checksum.value" },
    ],
    [
      "metadata in the server's own name",
      { metadata: { "s3up-name": "x" } },
      {},
      { code: "invalid_request", field: "metadata" },
    ],
    ["a metadata name in capitals", { metadata: { Owner: "x" } }, {}, { code: "invalid_request", field: "metadata" }],
    [
      "metadata that begins a header",
      { metadata: { a: "x\r\ny: z" } },
      {},
      { code: "invalid_request", field: "metadata" },
    ],
    ["too much metadata", { metadata: { a: "x".repeat(1000) } }, {}, { code: "invalid_request", limit: 1000 }],
  ])("%s", ([, change, limit, refusal]) => {
    const grant = () => grantUpload({ ...request, ...change } as UploadRequest, { ...limits, ...limit }, place);
    expect(grant).toThrow(Refusal);
    expect(grant).toThrow(expect.objectContaining(refusal));
  });
});

describe("the article's form", () => {
  const article = { fileName: "a b.png", contentType: "image/png" };

  test("is granted the content type and nothing that its client would not send", () => {
    expect(grantArticle(article, limits, place)).toEqual({
      mode: "put",
      key: "uploads/2026/03/01/id-a-b.png",
      contentType: "image/png",
      contentLength: undefined,
      checksum: undefined,
      oneTime: false,
      metadata: {},
      expiresInSeconds: 300,
    });
  });

  test.for<readonly [string, object, Partial<SigningLimits>, code: string]>([
    ["where sizes are required", {}, { requireSize: true }, "size_required"],
    ["where PUT is not offered", {}, { modes: ["post"] }, "forbidden"],
    ["for a type that is not allowed", { contentType: "text/html" }, {}, "content_type_not_allowed"],
    ["for a hostile name", { fileName: "a$\u007bfilename}" }, {}, "invalid_file_name"],
  ])("is refused %s", ([, change, limit, code]) => {
    expect(() => grantArticle({ ...article, ...change }, { ...limits, ...limit }, place)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
