/** Group D, second half: checksums of parts and of whole multipart objects. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { begin, big, bothParts, etagOf, type Headers, small, type Upload, whole } from "../multipart-upload.ts";
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { inTurn, type ServerUnderTest } from "../server.ts";
import { lineOf, xmlText } from "../wire.ts";

const sha256 = (data: Buffer): Buffer => createHash("sha256").update(data).digest();

function crc32Base64(data: Buffer): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(data));
  return value.toString("base64");
}

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

export const multipartChecksumProbes: readonly Probe[] = [
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
