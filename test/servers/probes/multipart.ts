/** Group D: multipart uploads. A part that is not the last has S3's minimum of 5 MiB, so every probe costs a little. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { inTurn, type ServerUnderTest } from "../server.ts";
import { type Answer, lineOf, xmlText, xmlTexts } from "../wire.ts";

const big = Buffer.alloc(5 * 1024 ** 2, "a");
const small = Buffer.from("123456789");
const md5 = (data: Buffer): Buffer => createHash("md5").update(data).digest();
const sha256 = (data: Buffer): Buffer => createHash("sha256").update(data).digest();
const etagOf = (data: Buffer): string => `"${md5(data).toString("hex")}"`;
const whole = Buffer.concat([big, small]);
const wholeEtag = `"${createHash("md5")
  .update(Buffer.concat([md5(big), md5(small)]))
  .digest("hex")}-2"`;
const missingId = "2~cHJvYmUtbm8tc3VjaC11cGxvYWQ";

function crc32Base64(data: Buffer): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(data));
  return value.toString("base64");
}

type Headers = Readonly<Record<string, string>>;

interface Upload {
  readonly path: string;
  readonly uploadId: string;
  part(partNumber: number, body: Buffer, headers?: Headers): Promise<Answer>;
  complete(parts: readonly CompletePart[], headers?: Headers): Promise<Answer>;
  abort(): Promise<Answer>;
  list(query?: Headers): Promise<Answer>;
}

interface CompletePart {
  readonly partNumber: number;
  readonly etag: string;
  /** Further elements of the part, as XML. */
  readonly checksum?: string;
}

async function begin(server: ServerUnderTest, headers: Headers = {}): Promise<Upload> {
  const path = `/${await server.newBucket()}/a`;
  const created = await server.send({ method: "POST", path, query: { uploads: "" }, headers });
  if (created.status !== 200) throw new Error(`CreateMultipartUpload answered ${lineOf(created)}.`);
  return uploadAt(server, path, xmlText(created.body, "UploadId") ?? "");
}

function uploadAt(server: ServerUnderTest, path: string, uploadId: string): Upload {
  return {
    path,
    uploadId,
    part: (partNumber, body, headers = {}) =>
      server.send({ method: "PUT", path, query: { partNumber: String(partNumber), uploadId }, headers, body }),
    complete: (parts, headers = {}) =>
      server.send({ method: "POST", path, query: { uploadId }, headers, body: completeXml(parts) }),
    abort: () => server.send({ method: "DELETE", path, query: { uploadId } }),
    list: (query = {}) => server.send({ method: "GET", path, query: { uploadId, ...query } }),
  };
}

function completeXml(parts: readonly CompletePart[]): string {
  const items = parts.map(
    ({ partNumber, etag, checksum = "" }) =>
      `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag>${checksum}</Part>`,
  );
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${items.join("")}</CompleteMultipartUpload>`;
}

const bothParts: readonly CompletePart[] = [
  { partNumber: 1, etag: etagOf(big) },
  { partNumber: 2, etag: etagOf(small) },
];

/** An upload with both parts sent, ready to be completed. */
async function uploaded(server: ServerUnderTest, headers: Headers = {}): Promise<Upload> {
  const upload = await begin(server, headers);
  await upload.part(1, big);
  await upload.part(2, small);
  return upload;
}

const lifeCycle: readonly Probe[] = [
  probe("D01", "joins two parts in their order", `200 ${wholeEtag}, same bytes`, async (server) => {
    const upload = await uploaded(server);
    const done = await upload.complete(bothParts);
    const { body } = await server.send({ method: "GET", path: upload.path });
    return `${lineOf(done)} ${xmlText(done.body, "ETag")}, ${body.equals(whole) ? "same bytes" : "OTHER BYTES"}`;
  }),

  probe(
    "D02",
    "takes parts and completion through presigned URLs",
    `200, 200, 200, ${whole.length}`,
    async (server) => {
      const { path, uploadId } = await begin(server);
      const sendPart = (partNumber: number, body: Buffer) => {
        const headers = { "content-length": String(body.length) };
        const query = { uploadId, partNumber: String(partNumber) };
        return server.sendPresigned(server.presign({ method: "PUT", path, query, headers }), body);
      };
      return inTurn(
        () => sendPart(1, big),
        () => sendPart(2, small),
        () =>
          server.sendPresigned(server.presign({ method: "POST", path, query: { uploadId } }), completeXml(bothParts)),
        async () => String((await server.send({ method: "HEAD", path })).headers["content-length"]),
      );
    },
  ),

  probe("D03", "keeps the metadata and type that were given at the start", "image/png blue", async (server) => {
    const upload = await begin(server, { "content-type": "image/png", "x-amz-meta-colour": "blue" });
    await upload.part(1, small);
    await upload.complete([{ partNumber: 1, etag: etagOf(small) }]);
    const { headers } = await server.send({ method: "HEAD", path: upload.path });
    return `${headers["content-type"]} ${headers["x-amz-meta-colour"]}`;
  }),

  probe("D04", "a part that is sent again replaces the first", "200, 987654321", async (server) => {
    const upload = await begin(server);
    const second = Buffer.from("987654321");
    await upload.part(1, small);
    await upload.part(1, second);
    return inTurn(
      () => upload.complete([{ partNumber: 1, etag: etagOf(second) }]),
      async () => (await server.send({ method: "GET", path: upload.path })).body.toString(),
    );
  }),

  probe("D05", "lists parts page by page", "1 true 1, 2 false", async (server) => {
    const upload = await uploaded(server);
    return inTurn(
      async () => {
        const { body } = await upload.list({ "max-parts": "1" });
        return ["PartNumber", "IsTruncated", "NextPartNumberMarker"].map((name) => xmlText(body, name)).join(" ");
      },
      async () => {
        const { body } = await upload.list({ "max-parts": "1", "part-number-marker": "1" });
        return ["PartNumber", "IsTruncated"].map((name) => xmlText(body, name)).join(" ");
      },
    );
  }),

  probe("D06", "lists the unfinished uploads of a prefix", "200 a", async (server) => {
    const { path } = await begin(server);
    const bucket = path.slice(0, -2);
    await server.send({ method: "POST", path: `${bucket}/other`, query: { uploads: "" } });
    const answer = await server.send({ method: "GET", path: bucket, query: { uploads: "", prefix: "a" } });
    return `${lineOf(answer)} ${xmlTexts(answer.body, "Key").join(" ")}`;
  }),

  probe("D07", "an unfinished upload is no object", "404 NoSuchKey", async (server) => {
    const { path } = await uploaded(server);
    return lineOf(await server.send({ method: "GET", path }));
  }),

  documentedProbe("D08", "HEAD of a part tells its size and their number", "206 9 2", async (server) => {
    const upload = await uploaded(server);
    await upload.complete(bothParts);
    const { status, headers } = await server.send({ method: "HEAD", path: upload.path, query: { partNumber: "2" } });
    return `${status} ${headers["content-length"]} ${headers["x-amz-mp-parts-count"]}`;
  }),

  probe("D09", "copies a range of an object into a part", "200, 3456", async (server) => {
    const upload = await begin(server);
    await server.send({ method: "PUT", path: `${upload.path}-source`, body: small });
    const headers = { "x-amz-copy-source": `${upload.path}-source`, "x-amz-copy-source-range": "bytes=2-5" };
    return inTurn(
      async () => {
        const copied = await upload.part(1, Buffer.alloc(0), headers);
        const etag = xmlText(copied.body, "ETag") ?? "";
        return upload.complete([{ partNumber: 1, etag }]);
      },
      async () => (await server.send({ method: "GET", path: upload.path })).body.toString(),
    );
  }),
];

const refusals: readonly Probe[] = [
  probe("D20", "refuses a part under 5 MiB that is not the last", "400 EntityTooSmall", async (server) => {
    const upload = await begin(server);
    await upload.part(1, small);
    await upload.part(2, small);
    return lineOf(await upload.complete([1, 2].map((partNumber) => ({ partNumber, etag: etagOf(small) }))));
  }),
  probe("D21", "refuses a part with another ETag", "400 InvalidPart", async (server) => {
    const upload = await begin(server);
    await upload.part(1, small);
    return lineOf(await upload.complete([{ partNumber: 1, etag: etagOf(big) }]));
  }),
  probe("D22", "refuses a part that was never sent", "400 InvalidPart", async (server) => {
    const upload = await begin(server);
    await upload.part(1, small);
    return lineOf(await upload.complete([{ partNumber: 2, etag: etagOf(small) }]));
  }),
  documentedProbe("D23", "refuses parts out of order", "400 InvalidPartOrder", async (server) => {
    const upload = await uploaded(server);
    return lineOf(await upload.complete([...bothParts].reverse()));
  }),
  probe("D24", "refuses a completion without parts", "400 MalformedXML", async (server) => {
    const upload = await begin(server);
    await upload.part(1, small);
    return lineOf(await upload.complete([]));
  }),
  probe("D25", "knows no such upload when a part comes", "404 NoSuchUpload", async (server) => {
    const path = `/${await server.newBucket()}/a`;
    return lineOf(await uploadAt(server, path, missingId).part(1, small));
  }),
  probe("D26", "knows no such upload when it is to be aborted", "404 NoSuchUpload", async (server) => {
    const path = `/${await server.newBucket()}/a`;
    return lineOf(await uploadAt(server, path, missingId).abort());
  }),
  documentedProbe("D27", "an aborted upload is gone", "204, 404 NoSuchUpload, 404 NoSuchUpload", async (server) => {
    const upload = await begin(server);
    await upload.part(1, small);
    return inTurn(
      () => upload.abort(),
      () => upload.part(2, small),
      () => upload.list(),
    );
  }),
  probe("D28", "a completed upload is gone", "200, 404 NoSuchUpload", async (server) => {
    const upload = await begin(server);
    await upload.part(1, small);
    return inTurn(
      () => upload.complete([{ partNumber: 1, etag: etagOf(small) }]),
      () => upload.list(),
    );
  }),
  documentedProbe(
    "D29",
    "refuses part numbers 0 and 10,001",
    "400 InvalidArgument, 400 InvalidArgument",
    async (server) => {
      const upload = await begin(server);
      return inTurn(
        () => upload.part(0, small),
        () => upload.part(10_001, small),
      );
    },
  ),
];

// ── checksums of whole objects and of parts ─────────────────────────────────────────────────────────────────

const fullCrc32 = { "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT" };
const fullCrc64 = { "x-amz-checksum-algorithm": "CRC64NVME", "x-amz-checksum-type": "FULL_OBJECT" };
const compositeSha = { "x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-type": "COMPOSITE" };
const named = (algorithm: string) => ({ "x-amz-sdk-checksum-algorithm": algorithm });
const crcHeader = (data: Buffer) => ({ ...named("CRC32"), "x-amz-checksum-crc32": crc32Base64(data) });
const shaHeader = (data: Buffer) => ({ ...named("SHA256"), "x-amz-checksum-sha256": sha256(data).toString("base64") });
/** As RGW computes them too. */
const crc64Nvme = { big: "PbvLEkWUSgg=", small: "rosUhgp5mIg=", whole: "51xgK7Vsw64=" };
const crc64Header = (data: Buffer) => ({
  ...named("CRC64NVME"),
  "x-amz-checksum-crc64nvme": data === big ? crc64Nvme.big : crc64Nvme.small,
});
const shaPart = (data: Buffer) => `<ChecksumSHA256>${sha256(data).toString("base64")}</ChecksumSHA256>`;
const compositeOfShas = `${sha256(Buffer.concat([sha256(big), sha256(small)])).toString("base64")}-2`;

async function headChecksum(server: ServerUnderTest, path: string, algorithm: string): Promise<string> {
  const { headers } = await server.send({ method: "HEAD", path, headers: { "x-amz-checksum-mode": "ENABLED" } });
  return `${headers[`x-amz-checksum-${algorithm}`]} ${headers["x-amz-checksum-type"]}`;
}

async function sendBoth(upload: Upload, checksum: (data: Buffer) => Headers): Promise<void> {
  await upload.part(1, big, checksum(big));
  await upload.part(2, small, checksum(small));
}

const checksums: readonly Probe[] = [
  probe("D40", "keeps the CRC32 of the whole object", `200, ${crc32Base64(whole)} FULL_OBJECT`, async (server) => {
    const upload = await begin(server, fullCrc32);
    await sendBoth(upload, crcHeader);
    const headers = { "x-amz-checksum-type": "FULL_OBJECT", "x-amz-checksum-crc32": crc32Base64(whole) };
    return inTurn(
      () => upload.complete(bothParts, headers),
      () => headChecksum(server, upload.path, "crc32"),
    );
  }),
  probe("D41", "refuses a wrong CRC32 of the whole object", "400 BadDigest", async (server) => {
    const upload = await begin(server, fullCrc32);
    await sendBoth(upload, crcHeader);
    const headers = { "x-amz-checksum-type": "FULL_OBJECT", "x-amz-checksum-crc32": "AAAAAQ==" };
    return lineOf(await upload.complete(bothParts, headers));
  }),
  probe("D42", "keeps the CRC64NVME of the whole object", `200, ${crc64Nvme.whole} FULL_OBJECT`, async (server) => {
    const upload = await begin(server, fullCrc64);
    await sendBoth(upload, crc64Header);
    const headers = { "x-amz-checksum-type": "FULL_OBJECT", "x-amz-checksum-crc64nvme": crc64Nvme.whole };
    return inTurn(
      () => upload.complete(bothParts, headers),
      () => headChecksum(server, upload.path, "crc64nvme"),
    );
  }),
  documentedProbe("D43", "refuses a wrong CRC64NVME of the whole object", "400 BadDigest", async (server) => {
    const upload = await begin(server, fullCrc64);
    await sendBoth(upload, crc64Header);
    const headers = { "x-amz-checksum-type": "FULL_OBJECT", "x-amz-checksum-crc64nvme": crc64Nvme.big };
    return lineOf(await upload.complete(bothParts, headers));
  }),
  probe("D44", "keeps the SHA-256 of the parts' SHA-256", `200, ${compositeOfShas} COMPOSITE`, async (server) => {
    const upload = await begin(server, compositeSha);
    await sendBoth(upload, shaHeader);
    const parts = [big, small].map((data, at) => ({ partNumber: at + 1, etag: etagOf(data), checksum: shaPart(data) }));
    return inTurn(
      () => upload.complete(parts),
      () => headChecksum(server, upload.path, "sha256"),
    );
  }),
  probe("D45", "refuses a part that does not match its SHA-256", "400 BadDigest", async (server) => {
    const upload = await begin(server, compositeSha);
    return lineOf(await upload.part(1, small, shaHeader(big)));
  }),
  documentedProbe(
    "D46",
    "wants each part's checksum when a COMPOSITE upload is completed",
    "400 InvalidRequest",
    async (server) => {
      const upload = await begin(server, compositeSha);
      await sendBoth(upload, shaHeader);
      return lineOf(await upload.complete(bothParts));
    },
  ),
  probe("D47", "knows no SHA-256 of a whole multipart object", "400 InvalidRequest", async (server) => {
    const path = `/${await server.newBucket()}/a`;
    const headers = { ...compositeSha, "x-amz-checksum-type": "FULL_OBJECT" };
    return lineOf(await server.send({ method: "POST", path, query: { uploads: "" }, headers }));
  }),
  documentedProbe("D48", "refuses a whole size that is not the parts' sum", "400 InvalidRequest", async (server) => {
    const upload = await begin(server);
    await upload.part(1, small);
    return lineOf(await upload.complete([{ partNumber: 1, etag: etagOf(small) }], { "x-amz-mp-object-size": "10" }));
  }),
  probe("D49", "takes a whole size that is right", "200", async (server) => {
    const upload = await begin(server);
    await upload.part(1, small);
    return lineOf(await upload.complete([{ partNumber: 1, etag: etagOf(small) }], { "x-amz-mp-object-size": "9" }));
  }),
  probe("D50", "GetObjectAttributes tells size and number of parts", "200 9 1", async (server) => {
    const upload = await begin(server);
    await upload.part(1, small);
    await upload.complete([{ partNumber: 1, etag: etagOf(small) }]);
    const headers = { "x-amz-object-attributes": "ObjectSize,ObjectParts" };
    const answer = await server.send({ method: "GET", path: upload.path, query: { attributes: "" }, headers });
    // The SDKs read `PartsCount`, which is what S3 puts on the wire for TotalPartsCount.
    return `${lineOf(answer)} ${xmlText(answer.body, "ObjectSize")} ${xmlText(answer.body, "PartsCount")}`;
  }),
];

export const multipartProbes: readonly Probe[] = [...lifeCycle, ...refusals, ...checksums];
