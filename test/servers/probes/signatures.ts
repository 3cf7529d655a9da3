/** Group B: signatures in header and query, what they cover, and when they end. */
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { inTurn, type PresignChanges, type Presigned, type RawRequest, type ServerUnderTest } from "../server.ts";
import { amzDate, encodePath, encodeQuery, sha256Hex, signWithHeaders } from "../sigv4.ts";
import { type Answer, lineOf } from "../wire.ts";

const body = "123456789";
const wrongSecret = "not-the-secret-of-anyone-0123456789abcdef";
const minutes = (count: number): number => count * 60_000;
const ago = (ms: number): Date => new Date(Date.now() - ms);

/** A good presigned PUT with type and length signed; `change` makes it a bad one. */
async function presignedPut(
  server: ServerUnderTest,
  change: (request: Presigned) => Presigned,
  { sent = body, signing = {} }: { readonly sent?: string; readonly signing?: PresignChanges } = {},
): Promise<string> {
  const path = `/${await server.newBucket()}/a`;
  const headers = { "content-type": "text/plain", "content-length": String(body.length) };
  const good = server.presign({ method: "PUT", path, headers }, signing);
  return lineOf(await server.sendPresigned(change(good), sent));
}

/** A presigned GET of an object that is there. */
async function presignedGet(
  server: ServerUnderTest,
  signing: PresignChanges = {},
  change: (request: Presigned) => Presigned = (request) => request,
): Promise<string> {
  const path = `/${await server.newBucket()}/a`;
  await server.send({ method: "PUT", path, body });
  return lineOf(await server.sendPresigned(change(server.presign({ method: "GET", path }, signing))));
}

/** A header-signed PUT whose headers are changed after signing. */
async function alteredPut(
  server: ServerUnderTest,
  alter: (headers: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
  payload = sha256Hex(body),
): Promise<string> {
  const path = encodePath(`/${await server.newBucket()}/a`);
  const headers = { host: new URL(server.account.endpoint).host };
  const signed = signWithHeaders({ method: "PUT", path, query: {}, headers }, payload, server.account, server.scope());
  return lineOf(await server.sendExactly("PUT", path, alter(signed.headers), Buffer.from(body)));
}

const withQuery = (added: Readonly<Record<string, string>>) => (request: Presigned) => ({
  ...request,
  query: { ...request.query, ...added },
});

const withHeaders = (added: Readonly<Record<string, string>>) => (request: Presigned) => ({
  ...request,
  headers: { ...request.headers, ...added },
});

function without<T extends Readonly<Record<string, string>>>(values: T, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
}

const putTo = async (server: ServerUnderTest): Promise<RawRequest> => ({
  method: "PUT",
  path: `/${await server.newBucket()}/a`,
  body,
});

const withWrongSecret = ({ account }: ServerUnderTest) => ({
  who: { accessKeyId: account.accessKeyId, secretAccessKey: wrongSecret },
});

const inHeaders: readonly Probe[] = [
  probe("B01", "takes a good signature in the header", "200", async (server) =>
    lineOf(await server.send(await putTo(server))),
  ),

  probe("B02", "does not know this access key", "403 InvalidAccessKeyId", async (server) => {
    const who = { accessKeyId: "AKIAPROBEUNKNOWN0000", secretAccessKey: wrongSecret };
    return lineOf(await server.send(await putTo(server), { who }));
  }),

  probe("B03", "refuses a signature made with another secret", "403 SignatureDoesNotMatch", async (server) =>
    lineOf(await server.send(await putTo(server), withWrongSecret(server))),
  ),

  probe("B04", "refuses a request signed 20 minutes ago", "403 RequestTimeTooSkewed", async (server) =>
    lineOf(await server.send(await putTo(server), { at: ago(minutes(20)) })),
  ),

  probe("B05", "refuses a request signed 20 minutes ahead", "403 RequestTimeTooSkewed", async (server) =>
    lineOf(await server.send(await putTo(server), { at: ago(minutes(-20)) })),
  ),

  probe("B06", "takes a request signed 10 minutes ago", "200", async (server) =>
    lineOf(await server.send(await putTo(server), { at: ago(minutes(10)) })),
  ),

  probe("B07", "refuses an x-amz-* header that was not signed", "403 AccessDenied", (server) =>
    alteredPut(server, (headers) => ({ ...headers, "x-amz-meta-added": "1" })),
  ),

  probe(
    "B08",
    "refuses a body with another hash than the signed one",
    "400 XAmzContentSHA256Mismatch",
    async (server) => lineOf(await server.send(await putTo(server), { payloadHash: sha256Hex("another body") })),
  ),

  documentedProbe("B09", "wants x-amz-content-sha256", "400 InvalidRequest", (server) =>
    alteredPut(server, (headers) => without(headers, "x-amz-content-sha256")),
  ),

  probe("B10", "takes UNSIGNED-PAYLOAD", "200", async (server) =>
    lineOf(await server.send(await putTo(server), { payloadHash: "UNSIGNED-PAYLOAD" })),
  ),

  documentedProbe("B11", "refuses a scope of another region", "400 AuthorizationHeaderMalformed", async (server) =>
    lineOf(await server.send(await putTo(server), { region: "eu-north-9" })),
  ),

  documentedProbe("B12", "refuses a scope of another service", "400 AuthorizationHeaderMalformed", async (server) =>
    lineOf(await server.send(await putTo(server), { service: "ec2" })),
  ),

  documentedProbe(
    "B13",
    "refuses an Authorization header without a signature",
    "400 AuthorizationHeaderMalformed",
    (server) =>
      alteredPut(server, (headers) => ({
        ...headers,
        authorization: String(headers.authorization).replace(/, Signature=.*/, ""),
      })),
  ),

  probe("B14", "refuses another kind of authorization", "400 InvalidArgument", (server) =>
    alteredPut(server, (headers) => ({ ...headers, authorization: "Basic cHJvYmU6cHJvYmU=" })),
  ),

  documentedProbe("B15", "refuses a header and a query signature at once", "400 InvalidArgument", async (server) => {
    const path = `/${await server.newBucket()}/a`;
    const presigned = server.presign({ method: "GET", path });
    const signed = signWithHeaders(presigned, sha256Hex(""), server.account, server.scope());
    return lineOf(await server.sendPresigned({ ...presigned, headers: signed.headers }));
  }),

  probe("B16", "reads a header value with its runs of blanks as one", "200", async (server) =>
    lineOf(await server.send({ ...(await putTo(server)), headers: { "x-amz-meta-a": "two  blanks   here" } })),
  ),

  probe("B17", "normalises no path: empty and dotted segments are part of the key", "200, 200, b/c", async (server) => {
    const bucket = await server.newBucket();
    const found = async (path: string): Promise<Answer> => server.send({ method: "GET", path: `/${bucket}/${path}` });
    return inTurn(
      () => server.send({ method: "PUT", path: `/${bucket}/a//b/../c`, body: "dots" }),
      () => server.send({ method: "PUT", path: `/${bucket}/a//c`, body: "b/c" }),
      async () =>
        (await found("a//b/../c")).body.toString() === "dots" ? (await found("a//c")).body.toString() : "mixed up",
    );
  }),
];

const inQuery: readonly Probe[] = [
  probe("B20", "takes a good presigned GET", "200", (server) => presignedGet(server)),
  probe("B21", "takes a good presigned PUT with type and length signed", "200", (server) =>
    presignedPut(server, (request) => request),
  ),

  probe("B22", "takes the members of the query in any order", "200", async (server) => {
    const path = `/${await server.newBucket()}/a`;
    await server.send({ method: "PUT", path, body });
    const presigned = server.presign({ method: "GET", path });
    const backwards = encodeQuery(presigned.query).split("&").reverse().join("&");
    return lineOf(await server.sendExactly("GET", `${presigned.path}?${backwards}`, presigned.headers));
  }),

  probe("B23", "does not know this access key in a URL", "403 InvalidAccessKeyId", (server) =>
    presignedGet(server, { who: { accessKeyId: "AKIAPROBEUNKNOWN0000", secretAccessKey: wrongSecret } }),
  ),
  probe("B24", "refuses a URL signed with another secret", "403 SignatureDoesNotMatch", (server) =>
    presignedGet(server, withWrongSecret(server)),
  ),
  probe("B25", "refuses another key than the signed one", "403 SignatureDoesNotMatch", (server) =>
    presignedPut(server, (request) => ({ ...request, path: `${request.path}b` })),
  ),
  probe("B26", "refuses another method", "403 SignatureDoesNotMatch", (server) =>
    presignedGet(server, {}, (request) => ({ ...request, method: "DELETE" })),
  ),
  probe("B27", "refuses another content type than the signed one", "403 SignatureDoesNotMatch", (server) =>
    presignedPut(server, withHeaders({ "content-type": "text/html" })),
  ),
  probe("B28", "refuses another length than the signed one", "403 SignatureDoesNotMatch", (server) =>
    presignedPut(server, withHeaders({ "content-length": "10" }), { sent: `${body}0` }),
  ),
  probe("B29", "refuses a request that lacks a signed header", "403 SignatureDoesNotMatch", (server) =>
    presignedPut(server, (request) => ({ ...request, headers: without(request.headers, "content-type") })),
  ),
  probe("B30", "refuses a longer life than the signed one", "403 SignatureDoesNotMatch", (server) =>
    presignedGet(server, {}, withQuery({ "X-Amz-Expires": "3600" })),
  ),
  probe("B31", "refuses a member added to the query", "403 SignatureDoesNotMatch", (server) =>
    presignedGet(server, {}, withQuery({ "response-content-type": "text/html" })),
  ),
  probe("B32", "refuses an expired URL", "403 AccessDenied", (server) =>
    presignedGet(server, { at: ago(minutes(10)), expiresInSeconds: 300 }),
  ),
  documentedProbe("B33", "refuses a URL from the future", "403 AccessDenied", (server) =>
    presignedGet(server, { at: ago(minutes(-60)) }),
  ),
  documentedProbe("B34", "refuses a life of more than seven days", "400 AuthorizationQueryParametersError", (server) =>
    presignedGet(server, { expiresInSeconds: 604_801 }),
  ),
  probe("B35", "takes a life of exactly seven days", "200", (server) =>
    presignedGet(server, { expiresInSeconds: 604_800 }),
  ),
  documentedProbe("B36", "refuses a negative life", "400 AuthorizationQueryParametersError", (server) =>
    presignedGet(server, { expiresInSeconds: -1 }),
  ),
  documentedProbe("B37", "refuses a URL without its signature", "400 AuthorizationQueryParametersError", (server) =>
    presignedGet(server, {}, (request) => ({ ...request, query: without(request.query, "X-Amz-Signature") })),
  ),
  documentedProbe(
    "B38",
    "refuses a scope of another region in a URL",
    "400 AuthorizationQueryParametersError",
    (server) => presignedGet(server, { region: "eu-north-9" }),
  ),
  documentedProbe("B39", "refuses a date that is not the scope's", "400 AuthorizationQueryParametersError", (server) =>
    presignedGet(server, {}, withQuery({ "X-Amz-Date": amzDate(ago(minutes(2 * 24 * 60))) })),
  ),
  probe("B40", "refuses an unsigned x-amz-* header beside a URL", "403 AccessDenied", (server) =>
    presignedPut(server, withHeaders({ "x-amz-meta-added": "1" })),
  ),
  probe("B41", "refuses an unsigned ACL beside a URL", "403 AccessDenied", (server) =>
    presignedPut(server, withHeaders({ "x-amz-acl": "public-read" })),
  ),
  probe("B42", "refuses a URL that was signed for another host", "403 SignatureDoesNotMatch", (server) =>
    presignedGet(server, {}, withHeaders({ host: `localhost:${new URL(server.account.endpoint).port}` })),
  ),
];

const anonymous: readonly Probe[] = [
  probe("B50", "lets nobody read a private object without a signature", "403 AccessDenied", async (server) => {
    const path = `/${await server.newBucket()}/a`;
    await server.send({ method: "PUT", path, body });
    return lineOf(await server.sendUnsigned({ method: "GET", path }));
  }),
  probe("B51", "lets nobody write without a signature", "403 AccessDenied", async (server) =>
    lineOf(await server.sendUnsigned(await putTo(server))),
  ),
  probe("B52", "lets nobody list without a signature", "403 AccessDenied", async (server) =>
    lineOf(
      await server.sendUnsigned({ method: "GET", path: `/${await server.newBucket()}`, query: { "list-type": "2" } }),
    ),
  ),
  probe("B53", "stores nothing of a refused request", "403 SignatureDoesNotMatch, 404 NoSuchKey", async (server) => {
    const request = await putTo(server);
    return inTurn(
      () => server.send(request, withWrongSecret(server)),
      () => server.send({ method: "GET", path: request.path }),
    );
  }),
];

export const signatureProbes: readonly Probe[] = [...inHeaders, ...inQuery, ...anonymous];
