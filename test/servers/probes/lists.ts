/** Group I: lists, ranges and copies. */
import { ListBucketsCommand, ListObjectsV2Command, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { contentMd5, type ServerUnderTest, sdkLine } from "../server.ts";
import { encodePath } from "../sigv4.ts";
import { type Answer, lineOf, xmlText, xmlTexts } from "../wire.ts";

/** A bucket with these keys, each holding nine digits. */
async function bucketWith(server: ServerUnderTest, keys: readonly string[]): Promise<string> {
  const bucket = await server.newBucket();
  await Promise.all(keys.map((key) => server.send({ method: "PUT", path: `/${bucket}/${key}`, body: "123456789" })));
  return bucket;
}

const list = (server: ServerUnderTest, bucket: string, query: Readonly<Record<string, string>>): Promise<Answer> =>
  server.send({ method: "GET", path: `/${bucket}`, query });

const keysOf = ({ body }: Answer): string => xmlTexts(body, "Key").join(" ");

const lists: readonly Probe[] = [
  probe("I01", "rolls keys up to common prefixes", "a/1 | a/x/ a/y/", async (server) => {
    const Bucket = await bucketWith(server, ["a/1", "a/x/1", "a/x/2", "a/y/1", "b"]);
    const command = new ListObjectsV2Command({ Bucket, Prefix: "a/", Delimiter: "/" });
    return sdkLine(server.s3.send(command), ({ Contents = [], CommonPrefixes = [] }) => {
      const keys = Contents.map(({ Key }) => Key).join(" ");
      return `${keys} | ${CommonPrefixes.map(({ Prefix }) => Prefix).join(" ")}`;
    });
  }),
  probe("I02", "pages through all keys with the continuation token", "a b | c d | e", async (server) => {
    const Bucket = await bucketWith(server, ["e", "d", "c", "b", "a"]);
    const pages: string[] = [];
    for await (const page of paginateListObjectsV2({ client: server.s3, pageSize: 2 }, { Bucket })) {
      pages.push((page.Contents ?? []).map(({ Key }) => Key).join(" "));
    }
    return pages.join(" | ");
  }),
  probe("I03", "counts common prefixes as keys when it pages", "2 true", async (server) => {
    const bucket = await bucketWith(server, ["a/1", "a/2", "b", "c"]);
    const answer = await list(server, bucket, { "list-type": "2", delimiter: "/", "max-keys": "2" });
    return `${xmlText(answer.body, "KeyCount")} ${xmlText(answer.body, "IsTruncated")}`;
  }),
  probe("I04", "starts after a key", "b c", async (server) => {
    const bucket = await bucketWith(server, ["a", "b", "c"]);
    return keysOf(await list(server, bucket, { "list-type": "2", "start-after": "a" }));
  }),
  documentedProbe("I05", "encodes keys when asked", "a%2Bb+c", async (server) => {
    const bucket = await bucketWith(server, ["a+b c"]);
    return keysOf(await list(server, bucket, { "list-type": "2", "encoding-type": "url" }));
  }),
  probe("I06", "sorts keys by their UTF-8 bytes", "B a é ｚ 🙂", async (server) => {
    const bucket = await bucketWith(server, ["🙂", "ｚ", "é", "a", "B"]);
    return keysOf(await list(server, bucket, { "list-type": "2" }));
  }),
  probe("I07", "lists by marker in the first version of the call", "b", async (server) => {
    const bucket = await bucketWith(server, ["a", "b", "c"]);
    return keysOf(await list(server, bucket, { marker: "a", "max-keys": "1" }));
  }),
  probe("I08", "names a missing bucket", "404 NoSuchBucket", async (server) =>
    lineOf(await list(server, "probe-no-such-bucket", { "list-type": "2" })),
  ),
  probe("I09", "lists the bucket among the owner's", "is there", async (server) => {
    const bucket = await server.newBucket();
    return sdkLine(server.s3.send(new ListBucketsCommand({})), ({ Buckets = [] }) =>
      Buckets.some(({ Name }) => Name === bucket) ? "is there" : "is missing",
    );
  }),
  documentedProbe("I10", "refuses a list of deletions that is not XML", "400 MalformedXML", async (server) => {
    const bucket = await server.newBucket();
    const headers = contentMd5("{}");
    return lineOf(
      await server.send({ method: "POST", path: `/${bucket}`, query: { delete: "" }, headers, body: "{}" }),
    );
  }),
];

/** A GET of nine digits with a Range header. */
const ranged = (range: string) => async (server: ServerUnderTest) => {
  const bucket = await bucketWith(server, ["a"]);
  const answer = await server.send({ method: "GET", path: `/${bucket}/a`, headers: { range } });
  if (answer.status >= 400) return lineOf(answer);
  return `${answer.status} ${answer.body} ${answer.headers["content-range"] ?? "-"}`;
};

const ranges: readonly Probe[] = [
  probe("I20", "reads the first four bytes", "206 1234 bytes 0-3/9", ranged("bytes=0-3")),
  probe("I21", "reads from a byte to the end", "206 56789 bytes 4-8/9", ranged("bytes=4-")),
  probe("I22", "reads the last bytes", "206 89 bytes 7-8/9", ranged("bytes=-2")),
  probe("I23", "cuts a range at the end of the object", "206 89 bytes 7-8/9", ranged("bytes=7-99")),
  probe("I24", "refuses a range behind the end", "416 InvalidRange", ranged("bytes=9-")),
  documentedProbe("I25", "ignores a range that is none", "200 123456789 -", ranged("lines=1-2")),
];

interface Copy {
  readonly from?: string;
  readonly to?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Copies `a`, stored as text/plain with a colour, to `b`. */
async function copy(
  server: ServerUnderTest,
  { from = "a", to = "b", headers = {} }: Copy,
): Promise<readonly [Answer, string]> {
  const bucket = await server.newBucket();
  const stored = { "content-type": "text/plain", "x-amz-meta-colour": "blue" };
  await server.send({ method: "PUT", path: `/${bucket}/a`, headers: stored, body: "123456789" });
  await server.send({ method: "PUT", path: `/${bucket}/ü +%.txt`, headers: stored, body: "special" });
  const source = { "x-amz-copy-source": encodePath(`/${bucket}/${from}`) };
  return [await server.send({ method: "PUT", path: `/${bucket}/${to}`, headers: { ...source, ...headers } }), bucket];
}

async function copied(server: ServerUnderTest, what: Copy = {}): Promise<string> {
  const [answer, bucket] = await copy(server, what);
  if (answer.status !== 200) return lineOf(answer);
  const { body, headers } = await server.send({ method: "GET", path: `/${bucket}/${what.to ?? "b"}` });
  return `${lineOf(answer)}, ${body} ${headers["content-type"]} ${headers["x-amz-meta-colour"]}`;
}

const replaced = { "x-amz-metadata-directive": "REPLACE", "content-type": "image/png", "x-amz-meta-colour": "red" };

const copies: readonly Probe[] = [
  probe("I30", "copies an object with its metadata", "200, 123456789 text/plain blue", (server) => copied(server)),
  probe("I31", "copies with other metadata when asked", "200, 123456789 image/png red", (server) =>
    copied(server, { headers: replaced }),
  ),
  probe("I32", "copies from a key with special signs", "200, special text/plain blue", (server) =>
    copied(server, { from: "ü +%.txt" }),
  ),
  probe("I33", "names a missing source", "404 NoSuchKey", (server) => copied(server, { from: "missing" })),
  probe("I34", "refuses a copy onto itself that changes nothing", "400 InvalidRequest", (server) =>
    copied(server, { to: "a" }),
  ),
  probe("I35", "refuses a source that changed", "412 PreconditionFailed", (server) =>
    copied(server, { headers: { "x-amz-copy-source-if-match": '"00000000000000000000000000000000"' } }),
  ),
  probe(
    "I36",
    "answers a copy with ETag and date in a document",
    '200 "25f9e794323b453885f5181f1b624d0b" dated',
    async (server) => {
      const [answer] = await copy(server, {});
      const date = Number.isNaN(Date.parse(xmlText(answer.body, "LastModified") ?? "")) ? "undated" : "dated";
      return `${lineOf(answer)} ${xmlText(answer.body, "ETag")} ${date}`;
    },
  ),
];

export const listProbes: readonly Probe[] = [...lists, ...ranges, ...copies];
