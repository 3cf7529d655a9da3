import { describe, expect, test } from "vitest";
import { createMultipartControl } from "../../src/aws/multipart.ts";
import type { MultipartControl } from "../../src/signing/multipart-control.ts";
import { type Answer, clientAnswering, clientTrying, errorBody } from "../support/s3-answers.ts";

const upload = { bucket: "drop", key: "a b.bin", uploadId: "up" };
const gone: Answer = { status: 404, body: errorBody("NoSuchUpload") };
const empty: Answer = { status: 200, body: "<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>" };

function controlAnswering(...answers: readonly Answer[]) {
  const { client, sent } = clientAnswering(...answers);
  const pauses: number[] = [];
  const pause = async (milliseconds: number) => void pauses.push(milliseconds);
  return { control: createMultipartControl({ client, pause }), sent, pauses };
}

describe("create", () => {
  const created: Answer = {
    status: 200,
    body: "<InitiateMultipartUploadResult><UploadId>up</UploadId></InitiateMultipartUploadResult>",
  };

  test("sends the object's headers as they are, signed, with the kind of checksum", async () => {
    const { control, sent } = controlAnswering(created);
    const headers = { "content-type": "image/png", "x-amz-meta-a": "b", "cache-control": "no-cache" };
    expect(await control.create({ ...upload, headers, checksumAlgorithm: "CRC32" })).toBe("up");
    expect(sent[0]).toMatchObject({
      method: "POST",
      path: "/a%20b.bin",
      headers: { ...headers, "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT" },
    });
    expect(sent[0]?.headers.authorization).toContain("content-type;");
    expect(sent[0]?.headers.authorization).toContain("x-amz-meta-a");
  });

  test("tells that it was sent twice, as after an answer that got lost", async () => {
    const { client } = clientTrying(2, [{ status: 500, body: errorBody("InternalError") }, created]);
    let repeated = 0;
    const onRepeated = () => {
      repeated += 1;
    };
    const create = (control: MultipartControl) =>
      control.create({ ...upload, headers: {}, checksumAlgorithm: undefined, onRepeated });
    await create(createMultipartControl({ client }));
    expect(repeated).toBe(1);
    await create(controlAnswering(created).control);
    expect(repeated).toBe(1);
  });

  test.for([
    ["SHA256", "COMPOSITE"],
    ["CRC64NVME", "FULL_OBJECT"],
  ] as const)("%s makes a checksum of type %s", async ([checksumAlgorithm, type]) => {
    const { control, sent } = controlAnswering(created);
    await control.create({ ...upload, headers: {}, checksumAlgorithm });
    expect(sent[0]?.headers["x-amz-checksum-type"]).toBe(type);
  });

  test("asks for no checksum where none is wanted", async () => {
    const { control, sent } = controlAnswering(created);
    await control.create({ ...upload, headers: {}, checksumAlgorithm: undefined });
    expect(Object.keys(sent[0]?.headers ?? {}).filter((name) => name.includes("checksum"))).toEqual([]);
  });
});

describe("list", () => {
  const page = (numbers: readonly number[], next?: number): Answer => ({
    status: 200,
    body: `<ListPartsResult><IsTruncated>${next !== undefined}</IsTruncated>${
      next === undefined ? "" : `<NextPartNumberMarker>${next}</NextPartNumberMarker>`
    }${numbers
      .map(
        (number) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>"e${number}"</ETag><Size>5</Size><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>`,
      )
      .join("")}</ListPartsResult>`,
  });

  test("reads all pages", async () => {
    const { control, sent } = controlAnswering(page([1, 2], 2), page([3]));
    const parts = await control.listParts(upload);
    expect(parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3]);
    expect(parts[0]).toEqual({ partNumber: 1, size: 5, etag: '"e1"', checksum: "AAAAAA==" });
    expect(sent.map(({ query }) => query["part-number-marker"])).toEqual([undefined, "2"]);
  });

  test("does not ask for ever when a server says that there is more and does not move on", async () => {
    const { control } = controlAnswering(page([1], 1), page([1], 1));
    await expect(control.listParts(upload)).rejects.toMatchObject({ code: "S3_ERROR" });
  });

  test("an upload that is gone has its own error", async () => {
    await expect(controlAnswering(gone).control.listParts(upload)).rejects.toMatchObject({ code: "UPLOAD_NOT_FOUND" });
  });

  test("finds incomplete uploads over all pages", async () => {
    const uploads = (key: string, more: boolean): Answer => ({
      status: 200,
      body: `<ListMultipartUploadsResult><IsTruncated>${more}</IsTruncated><NextKeyMarker>${key}</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker><Upload><Key>${key}</Key><UploadId>u</UploadId><Initiated>2026-03-01T12:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>`,
    });
    const { control, sent } = controlAnswering(uploads("a", true), uploads("b", false));
    const found = await control.listUploads("drop", "up/");
    expect(found.map(({ key }) => key)).toEqual(["a", "b"]);
    expect(found[0]?.initiated).toEqual(new Date("2026-03-01T12:00:00Z"));
    expect(sent[1]?.query).toMatchObject({ prefix: "up/", "key-marker": "a", "upload-id-marker": "u" });
  });
});

describe("complete", () => {
  const done: Answer = {
    status: 200,
    body: '<CompleteMultipartUploadResult><ETag>"e-2"</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32></CompleteMultipartUploadResult>',
    headers: { "x-amz-version-id": "v1" },
  };
  const toComplete = {
    ...upload,
    parts: [{ partNumber: 1, etag: '"e1"', checksum: "AQEBAQ==" }],
    checksumAlgorithm: "CRC32",
    checksum: { algorithm: "CRC32", value: "AAAAAA==" },
    objectSize: 5,
    ifNoneMatch: "*",
  } as const;

  test("binds size and checksum, refuses to overwrite, and tells what was stored", async () => {
    const { control, sent } = controlAnswering(done);
    expect(await control.complete(toComplete)).toEqual({
      etag: '"e-2"',
      size: 5,
      versionId: "v1",
      checksum: { algorithm: "CRC32", value: "AAAAAA==" },
    });
    expect(sent[0]?.headers).toMatchObject({
      "if-none-match": "*",
      "x-amz-mp-object-size": "5",
      "x-amz-checksum-crc32": "AAAAAA==",
      "x-amz-checksum-type": "FULL_OBJECT",
    });
    expect(sent[0]?.body).toContain("<ChecksumCRC32>AQEBAQ==</ChecksumCRC32>");
  });

  test.for<readonly [string, Answer, code: string]>([
    ["200 with an error in its body is a failure", { status: 200, body: errorBody("InternalError") }, "S3_ERROR"],
    ["412 means that the key exists", { status: 412, body: errorBody("PreconditionFailed") }, "OBJECT_EXISTS"],
    [
      "409 means that it has to begin again",
      { status: 409, body: errorBody("ConditionalRequestConflict") },
      "PRECONDITION_FAILED",
    ],
    ["BadDigest is a wrong checksum", { status: 400, body: errorBody("BadDigest") }, "CHECKSUM_MISMATCH"],
    ["NoSuchUpload is an upload that is gone", gone, "UPLOAD_NOT_FOUND"],
    ["503 asks for patience", { status: 503, body: errorBody("SlowDown") }, "THROTTLED"],
  ])("%s", async ([, answer, code]) => {
    await expect(controlAnswering(answer).control.complete(toComplete)).rejects.toMatchObject({ code });
  });

  test("an aborted signal rejects with its own reason", async () => {
    const reason = new Error("enough");
    await expect(controlAnswering(done).control.complete(toComplete, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("abort", () => {
  const aborted: Answer = { status: 204 };
  const onePart: Answer = {
    status: 200,
    body: "<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><ETag>e</ETag><Size>5</Size></Part></ListPartsResult>",
  };

  test.for<readonly [string, readonly Answer[], operations: string]>([
    ["asks S3 whether it is really gone", [aborted, gone], "DELETE GET"],
    ["is content with a list without parts", [aborted, empty], "DELETE GET"],
    ["aborts again when a late part has landed", [aborted, onePart, aborted, gone], "DELETE GET DELETE GET"],
    ["succeeds for an upload that is already gone", [gone, gone], "DELETE GET"],
    [
      "believes the abort where it may not list",
      [aborted, { status: 403, body: errorBody("AccessDenied") }],
      "DELETE GET",
    ],
  ])("%s", async ([, answers, operations]) => {
    const { control, sent } = controlAnswering(...answers);
    await control.abort(upload);
    expect(sent.map(({ method }) => method).join(" ")).toBe(operations);
  });

  test("waits longer from check to check, and says so when parts keep coming", async () => {
    const { control, pauses } = controlAnswering(
      aborted,
      onePart,
      aborted,
      onePart,
      aborted,
      onePart,
      aborted,
      onePart,
      aborted,
      onePart,
    );
    await expect(control.abort(upload)).rejects.toMatchObject({ code: "S3_ERROR" });
    expect(pauses).toEqual([200, 400, 800, 1600]);
  });

  test("does not hide that it was refused", async () => {
    const denied = controlAnswering({ status: 403, body: errorBody("AccessDenied") });
    await expect(denied.control.abort(upload)).rejects.toMatchObject({
      code: "ACCESS_DENIED",
      hint: expect.stringContaining("s3:AbortMultipartUpload"),
    });
  });
});

describe("head", () => {
  test("tells size, version and checksum", async () => {
    const { control, sent } = controlAnswering({
      status: 200,
      headers: { etag: '"e"', "content-length": "5", "x-amz-checksum-crc32": "AAAAAA==", "x-amz-version-id": "v" },
    });
    expect(await control.head(upload)).toEqual({
      etag: '"e"',
      size: 5,
      versionId: "v",
      checksum: { algorithm: "CRC32", value: "AAAAAA==" },
    });
    expect(sent[0]?.headers["x-amz-checksum-mode"]).toBe("ENABLED");
  });

  test("an object that is not there is not an error", async () => {
    expect(await controlAnswering({ status: 404 }).control.head(upload)).toBeUndefined();
  });

  test("one that may not be seen is", async () => {
    await expect(controlAnswering({ status: 403 }).control.head(upload)).rejects.toMatchObject({
      code: "ACCESS_DENIED",
    });
  });
});
