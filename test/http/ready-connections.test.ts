import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createPartSender } from "../../src/http/part-sender.ts";
import { loopbackCertificate } from "../support/loopback-certificate.ts";

const certificate = loopbackCertificate();
const limits = { connections: 16, connectTimeoutMs: 2_000, stallTimeoutMs: 2_000, certificates: certificate.cert };
const never = new AbortController().signal;

describe.each(["http", "https"] as const)("connections over %s that are opened ahead", (scheme) => {
  const endings: (() => void)[] = [];
  afterEach(() => {
    for (const end of endings.splice(0)) end();
  });

  async function start() {
    const answer: http.RequestListener = (_, response) => void response.end("yes");
    const server = scheme === "http" ? http.createServer(answer) : https.createServer(certificate, answer);
    const sockets = new Set<Socket>();
    let connections = 0;
    server.on("connection", (socket: Socket) => {
      connections += 1;
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");

    const sender = createPartSender(limits);
    const hangUp = () => {
      for (const socket of sockets) socket.destroy();
    };
    endings.push(() => {
      sender.close();
      hangUp();
      server.close();
    });
    return {
      origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
      sender,
      hangUp,
      connections: () => connections,
      open: () => sockets.size,
      connect: async (url: string, count: number) => sender.connect?.(url, count),
      ask: (url: string) =>
        sender.send({ method: "PUT", url: `${url}/key`, headers: {} }, [Buffer.from("bytes")], {
          signal: never,
          contentLength: 5,
        }),
    };
  }

  test("are there before anything is asked, and are what the requests go through", async () => {
    const { origin, connect, ask, connections } = await start();
    await connect(origin, 4);
    await expect.poll(connections).toBe(4);
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(origin)));
    expect(answers.map(({ status, body }) => `${status} ${body}`)).toEqual(Array(4).fill("200 yes"));
    expect(connections()).toBe(4);
  });

  test("are no more than are missing", async () => {
    const { origin, connect, ask, connections } = await start();
    await ask(origin);
    await connect(origin, 3);
    await connect(origin, 3);
    await expect.poll(connections).toBe(3);
    await connect(origin, 2);
    await ask(origin);
    expect(connections()).toBe(3);
  });

  test("tell how far the host is, which nobody knows before", async () => {
    const { origin, sender, connect } = await start();
    expect(sender.roundTrip?.(origin)).toBeUndefined();
    const roundTrip = await connect(origin, 1);
    expect(roundTrip).toBeGreaterThan(0);
    expect(sender.roundTrip?.(`${origin}/key?partNumber=1`)).toBe(roundTrip);
  });

  test("are passed over when the server has hung up", async () => {
    const { origin, connect, ask, connections, open, hangUp } = await start();
    await connect(origin, 2);
    await expect.poll(connections).toBe(2);
    hangUp();
    await expect.poll(open).toBe(0);
    // The client hears of it with its next look at its sockets.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await ask(origin)).status).toBe(200);
  });

  test("end with the sender", async () => {
    const { origin, sender, connect, open } = await start();
    await connect(origin, 3);
    await expect.poll(open).toBe(3);
    sender.close();
    await expect.poll(open).toBe(0);
  });

  test("are opened no more when the sender has ended meanwhile", async () => {
    const { origin, sender, connect, open } = await start();
    const opening = connect(origin, 3);
    sender.close();
    await opening;
    await connect(origin, 3);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(open()).toBe(0);
  });

  test("are opened to no host that is first heard of after the sender has ended", async () => {
    const { origin, sender, connect, connections } = await start();
    sender.close();
    expect(await connect(origin, 3)).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(connections()).toBe(0);
  });

  test("are no failure of their own where nobody listens", async () => {
    const { connect, ask } = await start();
    const nobody = `${scheme}://127.0.0.1:1`;
    expect(await connect(nobody, 2)).toBeUndefined();
    await expect(ask(nobody)).rejects.toMatchObject({ reason: "connect" });
  });
});

test("through a proxy nothing is opened ahead", () => {
  expect(createPartSender({ ...limits, proxy: () => undefined })).not.toHaveProperty("connect");
});
