/** Group F: the CORS configuration and what browsers are told because of it. */
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { contentMd5, inTurn, type ServerUnderTest } from "../server.ts";
import { type Answer, lineOf, xmlTexts } from "../wire.ts";

const app = "https://app.example.com";
const stranger = "https://evil.example.org";

const ruleFor = (origin: string, { method = "PUT", header = "content-type" } = {}): string =>
  `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><AllowedOrigin>${origin}</AllowedOrigin>` +
  `<AllowedMethod>${method}</AllowedMethod><AllowedHeader>${header}</AllowedHeader><ExposeHeader>ETag</ExposeHeader>` +
  "<MaxAgeSeconds>600</MaxAgeSeconds></CORSRule></CORSConfiguration>";

const putCors = (server: ServerUnderTest, bucket: string, body: string): Promise<Answer> =>
  server.send({ method: "PUT", path: `/${bucket}`, query: { cors: "" }, headers: contentMd5(body), body });

/** A bucket with one rule: `app` may PUT with a content type. */
async function bucketWith(server: ServerUnderTest, rule = ruleFor(app)): Promise<string> {
  const bucket = await server.newBucket();
  const answer = await putCors(server, bucket, rule);
  if (answer.status !== 200) throw new Error(`PutBucketCors answered ${lineOf(answer)}.`);
  return bucket;
}

const preflight = (
  server: ServerUnderTest,
  bucket: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> => server.sendUnsigned({ method: "OPTIONS", path: `/${bucket}/a`, headers });

const asks = (origin: string, method = "PUT", headers = "content-type") => ({
  origin,
  "access-control-request-method": method,
  "access-control-request-headers": headers,
});

const allowed = ({ headers }: Answer): string => String(headers["access-control-allow-origin"]);

/** A browser's PUT through a presigned URL. */
async function putFrom(server: ServerUnderTest, bucket: string, origin: string): Promise<Answer> {
  const presigned = server.presign({ method: "PUT", path: `/${bucket}/a` });
  return server.sendPresigned({ ...presigned, headers: { ...presigned.headers, origin } }, "123456789");
}

const settings: readonly Probe[] = [
  probe("F01", "a new bucket has no CORS configuration", "404 NoSuchCORSConfiguration", async (server) =>
    lineOf(await server.send({ method: "GET", path: `/${await server.newBucket()}`, query: { cors: "" } })),
  ),
  probe("F02", "gives the configuration back", `200 ${app} PUT content-type ETag 600`, async (server) => {
    const path = `/${await bucketWith(server)}`;
    const answer = await server.send({ method: "GET", path, query: { cors: "" } });
    const names = ["AllowedOrigin", "AllowedMethod", "AllowedHeader", "ExposeHeader", "MaxAgeSeconds"];
    return [lineOf(answer), ...names.map((name) => xmlTexts(answer.body, name).join("+"))].join(" ");
  }),
  probe("F03", "deletes the configuration", "204, 404 NoSuchCORSConfiguration", async (server) => {
    const path = `/${await bucketWith(server)}`;
    return inTurn(
      () => server.send({ method: "DELETE", path, query: { cors: "" } }),
      () => server.send({ method: "GET", path, query: { cors: "" } }),
    );
  }),
  probe("F04", "refuses a method that CORS rules cannot name", "400 InvalidRequest", async (server) =>
    lineOf(await putCors(server, await server.newBucket(), ruleFor(app, { method: "PATCH" }))),
  ),
  documentedProbe("F05", "refuses an origin with two wildcards", "400 InvalidRequest", async (server) =>
    lineOf(await putCors(server, await server.newBucket(), ruleFor("https://*.example.*"))),
  ),
  probe("F06", "refuses what is not XML", "400 MalformedXML", async (server) =>
    lineOf(await putCors(server, await server.newBucket(), "{}")),
  ),
];

const preflights: readonly Probe[] = [
  probe("F10", "answers a preflight that a rule allows", `200 ${app} PUT content-type 600`, async (server) => {
    const answer = await preflight(server, await bucketWith(server), asks(app));
    const names = ["origin", "methods", "headers"].map((name) => answer.headers[`access-control-allow-${name}`]);
    return [answer.status, ...names, answer.headers["access-control-max-age"]].join(" ");
  }),
  probe("F11", "refuses another origin", "403 AccessForbidden", async (server) =>
    lineOf(await preflight(server, await bucketWith(server), asks(stranger))),
  ),
  documentedProbe("F12", "refuses another method", "403 AccessForbidden", async (server) =>
    lineOf(await preflight(server, await bucketWith(server), asks(app, "DELETE"))),
  ),
  documentedProbe("F13", "refuses another header", "403 AccessForbidden", async (server) =>
    lineOf(await preflight(server, await bucketWith(server), asks(app, "PUT", "content-type,x-amz-acl"))),
  ),
  documentedProbe("F14", "refuses every preflight of a bucket without rules", "403 AccessForbidden", async (server) =>
    lineOf(await preflight(server, await server.newBucket(), asks(app))),
  ),
  documentedProbe("F15", "refuses a preflight without an origin", "400 BadRequest", async (server) =>
    lineOf(await preflight(server, await bucketWith(server), { "access-control-request-method": "PUT" })),
  ),
  probe(
    "F16",
    "a wildcard in the origin stands for any text there",
    "200 https://one.example.com, 403 AccessForbidden",
    async (server) => {
      const bucket = await bucketWith(server, ruleFor("https://*.example.com"));
      return inTurn(
        async () => {
          const answer = await preflight(server, bucket, asks("https://one.example.com"));
          return `${answer.status} ${allowed(answer)}`;
        },
        () => preflight(server, bucket, asks("https://example.com")),
      );
    },
  ),
  documentedProbe("F17", "the origin * is answered with *", "200 *", async (server) => {
    const answer = await preflight(server, await bucketWith(server, ruleFor("*")), asks(stranger));
    return `${answer.status} ${allowed(answer)}`;
  }),
  documentedProbe(
    "F18",
    "a wildcard in the header stands for any text there",
    "200, 403 AccessForbidden",
    async (server) => {
      const bucket = await bucketWith(server, ruleFor(app, { header: "x-amz-*" }));
      return inTurn(
        () => preflight(server, bucket, asks(app, "PUT", "x-amz-checksum-sha256")),
        () => preflight(server, bucket, asks(app, "PUT", "content-type")),
      );
    },
  ),
];

const requests: readonly Probe[] = [
  probe("F20", "an allowed origin may read the answer and its ETag", `200 ${app} ETag`, async (server) => {
    const answer = await putFrom(server, await bucketWith(server), app);
    return `${lineOf(answer)} ${allowed(answer)} ${answer.headers["access-control-expose-headers"]}`;
  }),
  probe("F21", "another origin's request is done and told nothing", "200 undefined", async (server) => {
    const answer = await putFrom(server, await bucketWith(server), stranger);
    return `${lineOf(answer)} ${allowed(answer)}`;
  }),
  probe("F22", "a bucket without rules tells nothing", "200 undefined", async (server) => {
    const answer = await putFrom(server, await server.newBucket(), app);
    return `${lineOf(answer)} ${allowed(answer)}`;
  }),
  probe("F23", "tells caches that the answer depends on the origin", "200 Origin", async (server) => {
    const answer = await putFrom(server, await bucketWith(server), app);
    const vary = String(answer.headers.vary).split(/, */)[0];
    return `${lineOf(answer)} ${vary}`;
  }),
];

export const corsProbes: readonly Probe[] = [...settings, ...preflights, ...requests];
