/** Group D, first half: how a multipart upload goes, and where it is refused. */

import {
  begin,
  big,
  bothParts,
  completeXml,
  etagOf,
  small,
  uploadAt,
  uploaded,
  whole,
  wholeEtag,
} from "../multipart-upload.ts";
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { inTurn } from "../server.ts";
import { lineOf, xmlText, xmlTexts } from "../wire.ts";

const missingId = "2~cHJvYmUtbm8tc3VjaC11cGxvYWQ";

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

export const multipartProbes: readonly Probe[] = [...lifeCycle, ...refusals];
