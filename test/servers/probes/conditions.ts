/** Group G: conditional writes, on which one-time URLs and `--no-overwrite` rest, and conditional reads. */
import { createHash } from "node:crypto";
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { inTurn, type ServerUnderTest } from "../server.ts";
import { type Answer, lineOf, xmlText } from "../wire.ts";

const body = "123456789";
const etag = `"${createHash("md5").update(body).digest("hex")}"`;
const otherEtag = `"${createHash("md5").update("other").digest("hex")}"`;
const httpDate = (offsetMs: number): string => new Date(Date.now() + offsetMs).toUTCString();
const hour = 3_600_000;

type Headers = Readonly<Record<string, string>>;

interface Place {
  put(headers?: Headers): Promise<Answer>;
  read(headers?: Headers, method?: "GET" | "HEAD"): Promise<Answer>;
  /** Uploads one part and completes under these headers. */
  complete(headers?: Headers): Promise<Answer>;
}

async function placeIn(server: ServerUnderTest): Promise<Place & { readonly path: string }> {
  const path = `/${await server.newBucket()}/a`;
  return {
    path,
    put: (headers = {}) => server.send({ method: "PUT", path, headers, body }),
    read: (headers = {}, method = "GET") => server.send({ method, path, headers }),
    async complete(headers = {}) {
      const created = await server.send({ method: "POST", path, query: { uploads: "" } });
      const uploadId = xmlText(created.body, "UploadId") ?? "";
      await server.send({ method: "PUT", path, query: { uploadId, partNumber: "1" }, body });
      const parts = `<Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part>`;
      const document = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts}</CompleteMultipartUpload>`;
      return server.send({ method: "POST", path, query: { uploadId }, headers, body: document });
    },
  };
}

const onlyNew = { "if-none-match": "*" };

const writes: readonly Probe[] = [
  probe("G01", "If-None-Match: * stores a new object once", "200, 412 PreconditionFailed", async (server) => {
    const place = await placeIn(server);
    return inTurn(
      () => place.put(onlyNew),
      () => place.put(onlyNew),
    );
  }),
  probe("G02", "If-Match replaces the object that it names", "200, 200", async (server) => {
    const place = await placeIn(server);
    return inTurn(
      () => place.put(),
      () => place.put({ "if-match": etag }),
    );
  }),
  probe("G03", "If-Match refuses to replace another object", "412 PreconditionFailed", async (server) => {
    const place = await placeIn(server);
    await place.put();
    return lineOf(await place.put({ "if-match": otherEtag }));
  }),
  probe("G04", "If-Match finds no object", "404 NoSuchKey", async (server) => {
    const place = await placeIn(server);
    return lineOf(await place.put({ "if-match": etag }));
  }),
  documentedProbe("G05", "If-None-Match of a write knows only *", "501 NotImplemented", async (server) => {
    const place = await placeIn(server);
    return lineOf(await place.put({ "if-none-match": otherEtag }));
  }),
  probe("G06", "If-None-Match: * completes a new upload", "200", async (server) => {
    const place = await placeIn(server);
    return lineOf(await place.complete(onlyNew));
  }),
  probe("G07", "If-None-Match: * does not complete over an object", "412 PreconditionFailed", async (server) => {
    const place = await placeIn(server);
    await place.put();
    return lineOf(await place.complete(onlyNew));
  }),
  probe("G08", "a presigned PUT with If-None-Match: * works once", "200, 412 PreconditionFailed", async (server) => {
    const { path } = await placeIn(server);
    const presigned = server.presign({ method: "PUT", path, headers: onlyNew });
    return inTurn(
      () => server.sendPresigned(presigned, body),
      () => server.sendPresigned(presigned, body),
    );
  }),
  probe("G09", "of eight writers with If-None-Match: * one wins", "1 stored", async (server) => {
    const place = await placeIn(server);
    const answers = await Promise.all(Array.from({ length: 8 }, () => place.put(onlyNew)));
    return `${answers.filter(({ status }) => status === 200).length} stored`;
  }),
];

/** One conditional read of an object that is there. */
const reading =
  (headers: () => Headers, method: "GET" | "HEAD" = "GET") =>
  async (server: ServerUnderTest) => {
    const place = await placeIn(server);
    await place.put();
    return lineOf(await place.read(headers(), method));
  };

const reads: readonly Probe[] = [
  probe(
    "G20",
    "If-None-Match of the same object is not modified",
    "304",
    reading(() => ({ "if-none-match": etag })),
  ),
  probe(
    "G21",
    "If-None-Match of another object reads",
    "200",
    reading(() => ({ "if-none-match": otherEtag })),
  ),
  probe(
    "G22",
    "If-Match of another object refuses",
    "412 PreconditionFailed",
    reading(() => ({ "if-match": otherEtag })),
  ),
  probe(
    "G23",
    "If-Match of another object refuses on HEAD",
    "412",
    reading(() => ({ "if-match": otherEtag }), "HEAD"),
  ),
  probe(
    "G24",
    "If-Modified-Since a moment ago reads",
    "200",
    reading(() => ({ "if-modified-since": httpDate(-hour) })),
  ),
  probe(
    "G25",
    "If-Unmodified-Since before the object refuses",
    "412 PreconditionFailed",
    reading(() => ({ "if-unmodified-since": httpDate(-hour) })),
  ),
];

export const conditionProbes: readonly Probe[] = [...writes, ...reads];
