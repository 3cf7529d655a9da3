import { describe, expect, test } from "vitest";
import { type BackendClientOptions, createBackendClient } from "../../src/http/backend-client.ts";
import { SendFailure } from "../../src/upload/transport.ts";
import { json, type Script, type ScriptedSender, scriptedSender } from "../support/scripted-sender.ts";

const signal = new AbortController().signal;
const capabilities = {
  v: 1,
  service: "s3up-presign",
  modes: ["put", "multipart"],
  maxSize: 1000,
  multipartThreshold: 100,
  partSize: { min: 5, default: 5, max: 10 },
  maxBatch: 200,
  expiresIn: { default: 300, max: 900 },
  contentTypes: ["image/*"],
  checksums: { put: ["SHA256"], multipart: ["CRC32"] },
  overwrite: "never",
  auth: "none",
  region: "eu-central-1",
};

function client(sender: ScriptedSender, changes: Partial<BackendClientOptions> = {}) {
  const sleeps: number[] = [];
  const sleep = async (milliseconds: number) => void sleeps.push(milliseconds);
  return {
    sleeps,
    client: createBackendClient({
      endpoint: "https://api.test/prod/presign",
      sender,
      clock: { sleep },
      random: () => 0.5,
      ...changes,
    }),
  };
}

describe("the address", () => {
  test.for<[string, string]>([
    ["https://api.test/presign", "https://api.test/presign"],
    ["https://api.test/presign/", "https://api.test/presign"],
    ["http://127.0.0.1:8080/presign", "http://127.0.0.1:8080/presign"],
    ["http://localhost:8080/presign", "http://localhost:8080/presign"],
  ])("%s is asked as %s", async ([endpoint, expected]) => {
    const sender = scriptedSender(json(200, capabilities));
    await client(sender, { endpoint }).client.capabilities(signal);
    expect(sender.asked[0]?.url).toBe(expected);
  });

  test.for<[string, string]>([
    ["http://api.test/presign", "The endpoint api.test is plain HTTP."],
    ["http://localhost@api.test/presign", "The endpoint api.test must not carry a user name or a password."],
    ["https://user:secret@api.test/presign", "The endpoint api.test must not carry a user name or a password."],
    ["ftp://api.test", "The endpoint is no web address."],
    ["api.test/presign", "The endpoint is no web address."],
  ])("%s is refused before anything is sent", ([endpoint, message]) => {
    const sender = scriptedSender(json(200, capabilities));
    expect(() => client(sender, { endpoint })).toThrow(expect.objectContaining({ code: "USAGE", message }));
    expect(sender.asked).toEqual([]);
  });
});

describe("what is asked", () => {
  const wish = { fileName: "a.png", contentType: "image/png", size: 5 };
  test.for<[string, (api: ReturnType<typeof client>["client"]) => Promise<unknown>, string, object | undefined]>([
    ["capabilities", (api) => api.capabilities(signal), "GET ", undefined],
    ["a PUT", (api) => api.requestPut(wish, signal), "POST ", { v: 1, mode: "put", ...wish }],
    ["a form", (api) => api.requestPost(wish, signal), "POST ", { v: 1, mode: "post", ...wish }],
    [
      "an upload in parts",
      (api) => api.createMultipart({ ...wish, partSize: 8, clientToken: "12345678" }, true, signal),
      "POST /multipart",
      { v: 1, mode: "multipart", ...wish, partSize: 8, clientToken: "12345678" },
    ],
    [
      "signatures for parts",
      (api) => api.signParts("t", [{ partNumber: 3, checksum: "Y3Jj" }], signal),
      "POST /multipart/parts",
      { v: 1, uploadToken: "t", parts: [{ partNumber: 3, checksum: "Y3Jj" }] },
    ],
    ["a list", (api) => api.list("t", signal), "POST /multipart/list", { uploadToken: "t" }],
    [
      "a signature for the completion",
      (api) => api.signComplete({ uploadToken: "t", parts: [] }, signal),
      "POST /multipart/complete",
      { uploadToken: "t", parts: [], via: "client" },
    ],
    [
      "the completion",
      (api) => api.complete({ uploadToken: "t", parts: [] }, signal),
      "POST /multipart/complete",
      { uploadToken: "t", parts: [], via: "server" },
    ],
    ["the abort", (api) => api.abort("t", signal), "POST /multipart/abort", { uploadToken: "t" }],
  ])("%s", async ([, ask, line, body]) => {
    const sender = scriptedSender(json(400, { error: "invalid_request", message: "no" }));
    await ask(client(sender).client).catch(() => {});
    const [asked] = sender.asked;
    expect(`${asked?.method} ${asked?.url.replace("https://api.test/prod/presign", "")}`).toBe(line);
    expect(asked?.body === "" ? undefined : JSON.parse(asked?.body ?? "")).toEqual(body);
  });

  test("a list is read to its end, page by page", async () => {
    const part = (partNumber: number) => ({ partNumber, size: 5, etag: '"e"' });
    const sender = scriptedSender(
      json(200, { parts: [part(1)], nextMarker: 1, state: "open" }),
      json(200, { parts: [part(2)], state: "open" }),
    );
    expect(await client(sender).client.list("t", signal)).toEqual({ parts: [part(1), part(2)], state: "open" });
    expect(JSON.parse(sender.asked[1]?.body ?? "")).toEqual({ uploadToken: "t", marker: 1 });
  });

  test("a list that leads in a circle ends", async () => {
    const sender = scriptedSender(json(200, { parts: [], nextMarker: 1, state: "open" }));
    expect(await client(sender).client.list("t", signal)).toEqual({ parts: [], state: "open" });
    expect(sender.asked).toHaveLength(2);
  });

  test("a completion that S3 is still at is not there yet", async () => {
    const sender = scriptedSender(json(202, { state: "completing", retryAfter: 3 }));
    expect(await client(sender).client.complete({ uploadToken: "t", parts: [] }, signal)).toBeUndefined();
  });

  test("an abort needs no answer", async () => {
    const sender = scriptedSender({ status: 204, headers: {}, body: "" });
    await expect(client(sender).client.abort("t", signal)).resolves.toBeUndefined();
  });
});

describe("authorization", () => {
  test("is asked for each try, and once more after 401", async () => {
    const calls: boolean[] = [];
    const sender = scriptedSender(json(401, { message: "Unauthorized" }), json(200, capabilities));
    const authorize = async (_: unknown, refused: boolean) => {
      calls.push(refused);
      return { authorization: `Bearer ${refused ? "new" : "old"}` };
    };
    await client(sender, { authorize }).client.capabilities(signal);
    expect(calls).toEqual([false, true]);
    expect(sender.asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer new"]);
  });

  test("that stays refused is an error without the token", async () => {
    const sender = scriptedSender(json(401, { message: "Unauthorized" }));
    const authorize = async () => ({ authorization: "Bearer secret" });
    const error = await client(sender, { authorize }).client.capabilities(signal).catch(String);
    expect(error).toContain("api.test refused the request (401).");
    expect(error).not.toContain("secret");
    expect(sender.asked).toHaveLength(2);
  });
});

describe("authorization that cannot change", () => {
  test("is not sent a second time", async () => {
    const sender = scriptedSender(json(401, { message: "Unauthorized" }));
    const authorize = async (_: unknown, refused: boolean) => (refused ? undefined : { authorization: "Bearer one" });
    await expect(client(sender, { authorize }).client.capabilities(signal)).rejects.toMatchObject({
      code: "ACCESS_DENIED",
    });
    expect(sender.asked).toHaveLength(1);
  });
});

describe("what may be gone at the next try is tried again", () => {
  const stalled = new SendFailure("stalled", "x");
  const good = json(200, capabilities);
  test.for<[string, readonly Script[], readonly number[]]>([
    ["503", [json(503, { error: "busy", message: "x", retryable: true }), good], [150]],
    ["429 with Retry-After", [json(429, { message: "x" }, { "retry-after": "2" }), good], [2000]],
    ["502 of the gateway", [json(502, { message: "x" }), good], [150]],
    ["500 of the endpoint", [json(500, { error: "internal", message: "x", retryable: true }), good], [150]],
    ["no answer", [stalled, new SendFailure("reset", "x"), good], [150, 300]],
  ])("%s", async ([, script, expected]) => {
    const { client: api, sleeps } = client(scriptedSender(...script));
    await expect(api.capabilities(signal)).resolves.toMatchObject({ v: 1 });
    expect(sleeps).toEqual(expected);
  });

  test.for<[string, Script, number]>([
    ["503 for ever", json(503, { error: "busy", message: "x" }), 4],
    ["no network for ever", new SendFailure("connect", "x"), 4],
    ["a certificate that nobody trusts", new SendFailure("tls", "x"), 1],
    ["400", json(400, { error: "invalid_request", message: "x" }), 1],
    ["404", json(404, { message: "Not Found" }), 1],
    ["an S3 error that will stay", json(502, { error: "s3_error", message: "x", retryable: false }), 1],
  ])("but %s is not for ever", async ([, answer, tries]) => {
    const sender = scriptedSender(answer);
    await expect(client(sender).client.capabilities(signal)).rejects.toMatchObject({ name: "S3upError" });
    expect(sender.asked).toHaveLength(tries);
  });

  test.for<[string, Script, boolean, number]>([
    ["no connection", new SendFailure("connect", "x"), false, 4],
    ["a connection that had died", new SendFailure("reset", "x", { reusedSocket: true }), false, 4],
    ["a lost answer", stalled, false, 1],
    ["a gateway that gave up", json(504, { message: "x" }), false, 1],
    ["a lost answer of an endpoint that continues", stalled, true, 4],
  ])("a create is begun twice only if it cannot become two: %s", async ([, answer, repeatable, tries]) => {
    const sender = scriptedSender(answer);
    const wish = { fileName: "a", contentType: "image/png", size: 5 };
    await client(sender)
      .client.createMultipart(wish, repeatable, signal)
      .catch(() => {});
    expect(sender.asked).toHaveLength(tries);
  });
});

describe("an abort of the signal", () => {
  test("cuts a question off", async () => {
    const stop = new AbortController();
    const sender = scriptedSender((asked) => {
      stop.abort(new Error("stopped"));
      asked.options.signal.throwIfAborted();
      return json(200, capabilities);
    });
    await expect(client(sender).client.capabilities(stop.signal)).rejects.toThrow("stopped");
  });

  test("does not cut a create off, whose upload nobody would know of", async () => {
    const stop = new AbortController();
    const sender = scriptedSender((asked) => {
      stop.abort(new Error("stopped"));
      asked.options.signal.throwIfAborted();
      return json(404, { error: "upload_not_found", message: "answered" });
    });
    const wish = { fileName: "a", contentType: "image/png", size: 5 };
    await expect(client(sender).client.createMultipart(wish, false, stop.signal)).rejects.toThrow("answered");
  });
});

describe("an answer that cannot be used", () => {
  test.for([
    [
      "a web page",
      { status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
      "api.test answered 200 with a web page instead of JSON.",
    ],
    ["no JSON", { status: 200, headers: {}, body: "ok" }, "api.test answered in a way that s3up does not understand."],
    [
      "another service",
      json(200, { ...capabilities, service: "x" }),
      "api.test answered in a way that s3up does not understand.",
    ],
    [
      "an empty answer",
      { status: 200, headers: {}, body: "" },
      "api.test answered in a way that s3up does not understand.",
    ],
  ] as const)("%s", async ([, answer, message]) => {
    await expect(client(scriptedSender(answer)).client.capabilities(signal)).rejects.toMatchObject({
      code: "ENDPOINT_ERROR",
      message,
    });
  });

  test("names the member that is off", async () => {
    const answer = json(200, { ...capabilities, partSize: { min: 0, default: 1, max: 2 } });
    await expect(client(scriptedSender(answer)).client.capabilities(signal)).rejects.toMatchObject({
      why: expect.stringMatching(/^partSize\.min: /),
    });
  });
});
