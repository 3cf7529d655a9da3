import { afterEach, describe, expect, test } from "vitest";
import { createPartSender, type PartSenderOptions } from "../../src/http/part-sender.ts";
import type { PartSender, RequestBody, SendFailure, SendOptions } from "../../src/upload/transport.ts";
import { describePartSender } from "../contract/part-sender.ts";
import { bodyOf, useLoopbackServers } from "../support/loopback-server.ts";
import { patternedBytes } from "../support/memory-source.ts";

const serve = useLoopbackServers();
const senders: PartSender[] = [];
afterEach(() => {
  for (const sender of senders.splice(0)) sender.close();
});

function newSender(options: Partial<PartSenderOptions> = {}): PartSender {
  const sender = createPartSender({ connections: 2, connectTimeoutMs: 2_000, stallTimeoutMs: 2_000, ...options });
  senders.push(sender);
  return sender;
}

const put = (sender: PartSender, url: string, body: Uint8Array | RequestBody, options: Partial<SendOptions> = {}) =>
  sender.send({ method: "PUT", url, headers: {}, expiresIn: 60 }, body instanceof Uint8Array ? [body] : body, {
    signal: new AbortController().signal,
    contentLength: body instanceof Uint8Array ? body.byteLength : 5,
    ...options,
  });
const failureOf = (sending: Promise<unknown>) =>
  sending.then(
    () => expect.unreachable("it was answered"),
    (error: unknown) => error as SendFailure,
  );

describePartSender("the sender over HTTP", () => ({
  sender: newSender(),
  answering: async (status, headers = {}, body = "") => {
    const { origin } = await serve(async (request, response) => {
      await bodyOf(request).catch(() => {});
      response.writeHead(status, headers).end(status === 204 ? undefined : body);
    });
    return `${origin}/k`;
  },
  silent: async () => `${(await serve(() => {})).origin}/k`,
  broken: async () => `${(await serve((request) => void request.socket.destroy())).origin}/k`,
}));

describe("what goes over the wire", () => {
  const large = patternedBytes(3 * 1024 * 1024 + 17);

  test("is the body as it is, with its length and the signed headers alone", async () => {
    let seen: { body: Buffer; headers: object; path: string | undefined } | undefined;
    const { origin } = await serve(async (request, response) => {
      seen = { body: await bodyOf(request), headers: request.headers, path: request.url };
      response.end();
    });
    const sender = newSender();
    await sender.send(
      { method: "PUT", url: `${origin}/b/a%20b/../%C3%BC?x=%2F&y=1`, headers: { "x-amz-meta-a": "b" }, expiresIn: 60 },
      [large.subarray(0, 1_000_001), large.subarray(1_000_001)],
      { signal: new AbortController().signal, contentLength: large.byteLength },
    );
    expect(Buffer.compare(seen?.body ?? Buffer.of(), large)).toBe(0);
    expect(seen?.path).toBe("/b/a%20b/../%C3%BC?x=%2F&y=1");
    expect(seen?.headers).toEqual({
      host: new URL(origin).host,
      connection: "keep-alive",
      "content-length": String(large.byteLength),
      "x-amz-meta-a": "b",
    });
  });

  test("has no length where there is no body", async () => {
    let length: string | undefined;
    const { origin } = await serve((request, response) => {
      length = request.headers["content-length"];
      response.end();
    });
    const options = { signal: new AbortController().signal, contentLength: 0 };
    await newSender().send({ method: "DELETE", url: origin, headers: {}, expiresIn: 60 }, undefined, options);
    expect(length).toBeUndefined();
    await newSender().send({ method: "PUT", url: origin, headers: {}, expiresIn: 60 }, [], options);
    expect(length).toBe("0");
  });

  test("uses one connection for each request at a time, none for each request", async () => {
    const server = await serve(async (request, response) => {
      await bodyOf(request);
      response.end("answer");
    });
    const sender = newSender({ connections: 2 });
    const worker = async () => {
      for (let count = 0; count < 10; count += 1) await put(sender, server.origin, large.subarray(0, 200_000));
    };
    await Promise.all([worker(), worker(), worker()]);
    expect(server.connections()).toBe(2);
  });

  test("is no connection more than there are requests at a time, however soon the next one follows", async () => {
    // The answer is there before the body has left, as it may be for the last bytes of a part.
    const server = await serve((request, response) => {
      request.resume();
      response.end();
    });
    const sender = newSender({ connections: 64 });
    const lane = async () => {
      for (let count = 0; count < 15; count += 1) await put(sender, `${server.origin}/k`, large);
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    expect(server.connections()).toBe(4);
  });

  test("keeps the connection after a refusal that was read to the end", async () => {
    const server = await serve(async (request, response) => {
      await bodyOf(request);
      response.writeHead(403).end("x".repeat(300_000));
    });
    const sender = newSender();
    for (let count = 0; count < 3; count += 1) {
      const { status, body } = await put(sender, server.origin, large);
      expect([status, body.length]).toEqual([403, 64 * 1024]);
    }
    expect(server.connections()).toBe(1);
  });

  test("keeps as much of an answer as is asked for", async () => {
    const { origin } = await serve((_, response) => void response.end("x".repeat(300_000)));
    const { body } = await put(newSender(), origin, Buffer.from("hello"), { keptAnswer: 200_000 });
    expect(body).toHaveLength(200_000);
  });
});

describe("a refusal before the body has been read", () => {
  test("is the answer, and the rest of the body is not sent", async () => {
    const { origin } = await serve((request, response) => {
      request.pause();
      response.writeHead(403, { connection: "close" }).end("<Error><Code>AccessDenied</Code></Error>");
    });
    let sent = 0;
    const size = 64 * 1024 * 1024;
    async function* endless() {
      const block = Buffer.alloc(1024 * 1024);
      for (let count = 0; count < 64; count += 1) yield block;
    }
    const answer = await put(newSender(), origin, endless(), {
      contentLength: size,
      onSent: (bytes) => (sent += bytes),
    });
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining("AccessDenied") });
    expect(sent).toBeLessThan(size);
  });
});

describe("no answer", () => {
  test("nothing listens", async () => {
    expect(await failureOf(put(newSender(), "http://127.0.0.1:1/k", Buffer.from("hello")))).toMatchObject({
      reason: "connect",
      reusedSocket: false,
    });
  });

  test("a name that does not exist", async () => {
    expect(await failureOf(put(newSender(), "http://no.such.host.invalid/k", Buffer.from("hello")))).toMatchObject({
      reason: "dns",
    });
  });

  test("TLS with a server that speaks none", async () => {
    const { origin } = await serve((_, response) => void response.end());
    const url = origin.replace("http:", "https:");
    expect(await failureOf(put(newSender(), url, Buffer.from("hello")))).toMatchObject({ reason: "tls" });
  });

  test("something that is not HTTP", async () => {
    const { origin } = await serve((request) => void request.socket.end("SSH-2.0-x\r\n\r\n"));
    expect(await failureOf(put(newSender(), origin, Buffer.from("hello")))).toMatchObject({ reason: "protocol" });
  });

  test("a server that does not read", async () => {
    const { origin } = await serve((request) => void request.pause());
    const sender = newSender({ stallTimeoutMs: 60 });
    expect(await failureOf(put(sender, origin, Buffer.alloc(64 * 1024 * 1024)))).toMatchObject({ reason: "stalled" });
  });

  test("a server that reads and does not answer", async () => {
    const { origin } = await serve((request) => void request.resume());
    const sender = newSender({ stallTimeoutMs: 30 });
    expect(await failureOf(put(sender, origin, Buffer.from("hello")))).toMatchObject({ reason: "stalled" });
  });

  test("a server that stops in the middle of its answer", async () => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
    });
    const sender = newSender({ stallTimeoutMs: 30 });
    expect(await failureOf(put(sender, origin, Buffer.from("hello")))).toMatchObject({ reason: "stalled" });
  });

  test("an answer that breaks off", async () => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.socket?.destroy());
    });
    expect(await failureOf(put(newSender(), origin, Buffer.from("hello")))).toMatchObject({
      reason: "reset",
      reusedSocket: false,
    });
  });

  test("an idle connection that the server has closed is told apart from a new one", async () => {
    let count = 0;
    const { origin } = await serve((request, response) => {
      count += 1;
      if (count === 1) response.end();
      else request.socket.destroy();
    });
    const sender = newSender();
    await put(sender, origin, Buffer.from("hello"));
    expect(await failureOf(put(sender, origin, Buffer.from("hello")))).toMatchObject({
      reason: "reset",
      reusedSocket: true,
    });
    expect(await failureOf(put(sender, origin, Buffer.from("hello")))).toMatchObject({ reusedSocket: false });
  });

  test("is awaited for as long as the request says", async () => {
    const { origin } = await serve((_, response) => void setTimeout(() => response.end(), 80));
    const sender = newSender({ stallTimeoutMs: 20 });
    await expect(put(sender, origin, Buffer.from("hello"), { answerTimeoutMs: 5_000 })).resolves.toMatchObject({
      status: 200,
    });
  });
});

describe("an abort", () => {
  test("closes the connection before it settles", async () => {
    const server = await serve(() => {});
    const stop = new AbortController();
    const sending = put(newSender(), server.origin, Buffer.from("hello"), {
      signal: stop.signal,
      onSent: () => stop.abort(new Error("stopped")),
    });
    await expect(sending).rejects.toThrow("stopped");
    await expect.poll(server.open).toBe(0);
  });

  test("ends a body that is being read, before it settles", async () => {
    const { origin } = await serve((request) => void request.pause());
    const stop = new AbortController();
    let ended = false;
    async function* watched() {
      try {
        for (;;) yield Buffer.alloc(1024 * 1024);
      } finally {
        ended = true;
      }
    }
    let sent = 0;
    const sending = put(newSender(), origin, watched(), {
      signal: stop.signal,
      contentLength: 1024 ** 3,
      onSent: (bytes) => {
        sent += bytes;
        if (sent > 1024 * 1024) stop.abort(new Error("stopped"));
      },
    });
    await expect(sending).rejects.toThrow("stopped");
    expect(ended).toBe(true);
  });

  test("ends a request that still waits for a connection", async () => {
    const server = await serve(() => {});
    const sender = newSender({ connections: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const holding = put(sender, server.origin, Buffer.from("hello"), { signal: first.signal });
    const waiting = put(sender, server.origin, Buffer.from("hello"), { signal: second.signal });
    second.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    first.abort(new Error("stopped too"));
    await expect(holding).rejects.toThrow("stopped too");
  });
});
