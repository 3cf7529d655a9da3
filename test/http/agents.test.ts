import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createPartSender } from "../../src/http/part-sender.ts";
import { proxiesOf } from "../../src/http/proxy-choice.ts";
import type { PartSender } from "../../src/upload/transport.ts";
import { loopbackCertificate } from "../support/loopback-certificate.ts";
import { useLoopbackProxies } from "../support/loopback-proxy.ts";
import { bodyOf, useLoopbackServers } from "../support/loopback-server.ts";
import { patternedBytes } from "../support/memory-source.ts";

const certificate = loopbackCertificate();
const startProxy = useLoopbackProxies();
const serve = useLoopbackServers();
const running: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];
const senders: PartSender[] = [];
afterEach(async () => {
  for (const sender of senders.splice(0)) sender.close();
  for (const { server, sockets } of running.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Through {
  readonly environment: Readonly<Record<string, string>>;
  readonly connections?: number;
  readonly trusted?: boolean;
  readonly connectTimeoutMs?: number;
}

function senderThrough({
  environment,
  connections = 2,
  trusted = true,
  connectTimeoutMs = 5_000,
}: Through): PartSender {
  const sender = createPartSender({
    connections,
    connectTimeoutMs,
    stallTimeoutMs: 5_000,
    certificates: trusted ? certificate.cert : undefined,
    proxy: proxiesOf(environment),
  });
  senders.push(sender);
  return sender;
}

/** Answers with the number of bytes that it got. */
async function serveTls(): Promise<{
  readonly origin: string;
  readonly host: string;
  readonly connections: () => number;
}> {
  const server = createServer(certificate, async (request, response) => {
    response.end(String((await bodyOf(request)).byteLength));
  });
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  running.push({ server, sockets });
  const { port } = server.address() as AddressInfo;
  return { origin: `https://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, connections: () => connections };
}

const bytes = patternedBytes(700_001);
const put = (sender: PartSender, url: string) =>
  sender.send({ method: "PUT", url, headers: {}, expiresIn: 60 }, [bytes], {
    signal: new AbortController().signal,
    contentLength: bytes.byteLength,
  });
const errorOf = (sending: Promise<unknown>) =>
  sending.then(
    () => expect.unreachable("it was answered"),
    (error: unknown) => error,
  );

describe("TLS through a proxy", () => {
  test("runs in one tunnel for each connection, none for each request", async () => {
    const target = await serveTls();
    const proxy = await startProxy();
    const sender = senderThrough({ environment: { HTTPS_PROXY: `http://${proxy.host}` }, connections: 2 });
    const worker = async () => {
      for (let count = 0; count < 5; count += 1)
        expect(await put(sender, `${target.origin}/k`)).toMatchObject({ status: 200, body: "700001" });
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    expect(proxy.asked).toEqual([`CONNECT ${target.host}`, `CONNECT ${target.host}`]);
    expect(proxy.connections()).toBe(2);
    expect(target.connections()).toBe(2);
  });

  test("works with a proxy that speaks TLS itself", async () => {
    const target = await serveTls();
    const proxy = await startProxy({ certificate });
    const sender = senderThrough({ environment: { https_proxy: `https://${proxy.host}` } });
    expect(await put(sender, target.origin)).toMatchObject({ status: 200, body: "700001" });
    expect(proxy.asked).toEqual([`CONNECT ${target.host}`]);
  });

  test("gives the proxy its user and password, and the target none", async () => {
    const target = await serveTls();
    const proxy = await startProxy({ credentials: "ada:s3cr@t" });
    const sender = senderThrough({ environment: { HTTPS_PROXY: `http://ada:s3cr%40t@${proxy.host}` } });
    expect(await put(sender, target.origin)).toMatchObject({ status: 200 });
  });

  test("does not go through it where NO_PROXY names the host", async () => {
    const target = await serveTls();
    const proxy = await startProxy();
    const environment = { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: "localhost,127.0.0.1" };
    expect(await put(senderThrough({ environment }), target.origin)).toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([]);
  });

  test("still checks the target's certificate", async () => {
    const target = await serveTls();
    const proxy = await startProxy();
    const sender = senderThrough({ environment: { HTTPS_PROXY: `http://${proxy.host}` }, trusted: false });
    expect(await errorOf(put(sender, target.origin))).toMatchObject({ name: "SendFailure", reason: "tls" });
  });
});

describe("a proxy that does not let it through", () => {
  test.for([
    [{ credentials: "ada:secret" }, "It answered 407: it wants a user and a password, or other ones."],
    [{ status: 403 }, "It answered 403 to CONNECT."],
  ] as const)("is named, without its password: %j", async ([behaviour, why]) => {
    const target = await serveTls();
    const proxy = await startProxy(behaviour);
    const sender = senderThrough({ environment: { HTTPS_PROXY: `http://bob:hidden@${proxy.host}` } });
    const error = await errorOf(put(sender, target.origin));
    expect(error).toMatchObject({
      code: "NETWORK",
      message: `The proxy ${proxy.host} refused the way to ${target.host}.`,
      why,
    });
    expect(JSON.stringify([error, Object.entries(error as Error)])).not.toContain("hidden");
  });

  test.for([
    [
      "answers 502",
      { status: 502 },
      "connect",
      (host: string) => `The proxy ${host} answered 502 No when it was asked for `,
    ],
    [
      "never answers",
      { silent: true },
      "connect",
      (host: string) => `The proxy ${host} could not be reached (ETIMEDOUT).`,
    ],
  ] as const)(
    "for now, because it %s, is a failure that may be gone at the next try",
    async ([, behaviour, reason, detail]) => {
      const target = await serveTls();
      const proxy = await startProxy(behaviour);
      const sender = senderThrough({ environment: { HTTPS_PROXY: `http://${proxy.host}` }, connectTimeoutMs: 200 });
      expect(await errorOf(put(sender, target.origin))).toMatchObject({
        name: "SendFailure",
        reason,
        detail: expect.stringContaining(detail(proxy.host)),
      });
    },
  );

  test("lets no request wait for a place that nobody gives up", async () => {
    const target = await serveTls();
    const proxy = await startProxy({ status: 403 });
    const sender = senderThrough({ environment: { HTTPS_PROXY: `http://${proxy.host}` }, connections: 1 });
    const errors = await Promise.all([1, 2, 3].map(() => errorOf(put(sender, target.origin))));
    expect(errors.map((error) => (error as { code: string }).code)).toEqual(["NETWORK", "NETWORK", "NETWORK"]);
  });

  test("is said to be gone when nothing listens there", async () => {
    const target = await serveTls();
    const sender = senderThrough({ environment: { HTTPS_PROXY: "http://127.0.0.1:1" } });
    expect(await errorOf(put(sender, target.origin))).toMatchObject({
      reason: "connect",
      detail: "The proxy 127.0.0.1:1 could not be reached (ECONNREFUSED).",
    });
  });
});

describe("plain HTTP through a proxy", () => {
  test("is forwarded with the whole address, on kept connections", async () => {
    let seen = "";
    const target = await serve(async (request, response) => {
      seen = `${request.url} ${request.headers.host} ${request.headers["proxy-authorization"]}`;
      response.end(String((await bodyOf(request)).byteLength));
    });
    const proxy = await startProxy({ credentials: "ada:secret" });
    const sender = senderThrough({ environment: { HTTP_PROXY: `http://ada:secret@${proxy.host}` }, connections: 1 });
    for (let count = 0; count < 3; count += 1)
      expect(await put(sender, `${target.origin}/a/../b%20c?x=1`)).toMatchObject({ status: 200, body: "700001" });
    expect(proxy.connections()).toBe(1);
    expect(proxy.asked[0]).toBe(`PUT ${target.origin}/a/../b%20c`);
    expect(seen).toBe(`/b%20c?x=1 ${new URL(target.origin).host} undefined`);
  });

  test("that the proxy refuses is an error that names it", async () => {
    const target = await serve((_, response) => void response.end());
    const proxy = await startProxy({ credentials: "ada:secret" });
    const sender = senderThrough({ environment: { http_proxy: `http://ada:wrong@${proxy.host}` } });
    expect(await errorOf(put(sender, target.origin))).toMatchObject({
      code: "NETWORK",
      message: `The proxy ${proxy.host} refused the way to ${new URL(target.origin).host}.`,
      hint: expect.stringContaining("http_proxy"),
    });
  });

  test("names the proxy when nothing listens there", async () => {
    const target = await serve((_, response) => void response.end());
    const sender = senderThrough({ environment: { HTTP_PROXY: "http://127.0.0.1:1" } });
    expect(await errorOf(put(sender, target.origin))).toMatchObject({
      reason: "connect",
      detail: "The proxy 127.0.0.1:1 could not be reached (ECONNREFUSED).",
    });
  });
});
