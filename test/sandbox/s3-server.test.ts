import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { elementOf, outcomeOf, sendRaw, sendSigned, signedHeaders, useSandbox } from "../support/running-sandbox.ts";

const running = useSandbox();
const { send } = running;

afterEach(() => running.sandbox.faults.clear());

describe("an answer", () => {
  test("has the ids by which support would find it, and S3's error document", async () => {
    const answer = await send("GET /drop/none%26");
    expect(answer.status).toBe(404);
    expect(answer.headers).toMatchObject({
      "content-type": "application/xml",
      "x-amz-request-id": elementOf(answer.body, "RequestId"),
      "x-amz-id-2": elementOf(answer.body, "HostId"),
      server: "s3up-sandbox",
    });
    expect(elementOf(answer.body, "Resource")).toBe("/drop/none%26");
    expect(elementOf(answer.body, "Key")).toBe("none&amp;");
  });

  test("to a HEAD has no body, in an error neither", async () => {
    const answer = await send("HEAD /drop/none");
    expect(answer).toMatchObject({ status: 404, body: "" });
  });

  test("to nobody in particular is 403", async () => {
    expect(outcomeOf(await sendRaw(running.sandbox, "GET /drop?list-type=2"))).toBe("403 AccessDenied");
    expect(outcomeOf(await sendRaw(running.sandbox, "PUT /drop/a", {}, "hello"))).toBe("403 AccessDenied");
  });

  test.for([
    ["a bucket that is not there", "GET /nowhere/a", {}, "404 NoSuchBucket"],
    ["settings of a bucket that is not there", "GET /nowhere?cors=", {}, "404 NoSuchBucket"],
    ["a sub-resource that is not imitated", "GET /drop?replication=", {}, "501 NotImplemented"],
    ["a header that is not imitated", "GET /drop/a", { "x-amz-request-payer": "requester" }, "501 NotImplemented"],
    [
      "a bucket of another account",
      "GET /drop/a",
      { "x-amz-expected-bucket-owner": "111122223333" },
      "403 AccessDenied",
    ],
  ] as const)("for %s", async ([, line, headers, outcome]) => {
    expect(outcomeOf(await send(line, headers as Record<string, string>))).toBe(outcome);
  });
});

test("a path that cannot be decoded is refused before anything else", async () => {
  expect(outcomeOf(await sendRaw(running.sandbox, "GET /drop/%zz"))).toBe("400 InvalidURI");
});

describe("a client that is still sending", () => {
  const body = Buffer.alloc(50 * 1024 ** 2, 1);

  test("reads the refusal of its signature instead of a broken connection", async () => {
    const headers = { ...signedHeaders(running.sandbox, "PUT /drop/big") };
    const answer = await sendRaw(running.sandbox, "PUT /drop/other", headers, body);
    expect(outcomeOf(answer)).toBe("403 SignatureDoesNotMatch");
    expect(answer.headers.connection).toBe("close");
  });

  test("reads an error that only the whole body shows", async () => {
    const answer = await send("PUT /drop/big", { "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==" }, body);
    expect(outcomeOf(answer)).toBe("400 BadDigest");
    expect(outcomeOf(await send("HEAD /drop/big"))).toBe("404");
  });
});

describe("a client that waits to be asked for its body", () => {
  const patient = (headers: Readonly<Record<string, string>>, path = "/drop/patient") =>
    new Promise<{ status: number; asked: boolean }>((resolve, reject) => {
      const { hostname, port } = new URL(running.sandbox.s3);
      let asked = false;
      const sent = request({
        hostname,
        port,
        path,
        method: "PUT",
        headers: { ...headers, expect: "100-continue", "content-length": "5" },
      });
      sent.on("continue", () => {
        asked = true;
        sent.end("hello");
      });
      sent.on("response", (response) => {
        response.resume();
        response.on("end", () => {
          sent.destroy();
          resolve({ status: response.statusCode ?? 0, asked });
        });
      });
      sent.on("error", reject);
      sent.flushHeaders();
    });

  test("is asked when all is well", async () => {
    expect(await patient(signedHeaders(running.sandbox, "PUT /drop/patient"))).toEqual({ status: 200, asked: true });
  });

  test.for([
    ["its signature is wrong", () => ({ headers: signedHeaders(running.sandbox, "PUT /drop/other"), status: 403 })],
    [
      "its condition does not hold",
      () => ({ headers: signedHeaders(running.sandbox, "PUT /drop/patient", { "if-none-match": "*" }), status: 412 }),
    ],
  ] as const)("is refused unasked when %s", async ([, given]) => {
    await sendSigned(running.sandbox, "PUT /drop/patient", {}, "here already");
    const { headers, status } = given();
    expect(await patient(headers)).toEqual({ status, asked: false });
  });
});

describe("the record of requests", () => {
  test("has all but what authorises", async () => {
    await send("PUT /drop/recorded?x-id=PutObject", { "x-amz-meta-a": "1" }, "hello");
    const recorded = running.sandbox.requests().at(-1);
    expect(recorded).toMatchObject({
      method: "PUT",
      path: "/drop/recorded",
      queryNames: ["x-id"],
      operation: "PutObject",
      status: 200,
      bodyBytes: 5,
      error: undefined,
    });
    expect(recorded?.headers).toMatchObject({ "x-amz-meta-a": "1" });
    expect(JSON.stringify(recorded)).not.toMatch(/Signature|authorization/i);
  });

  test("names the error, and tells connections apart", async () => {
    await send("GET /drop/none");
    await send("GET /drop?replication=", { connection: "close" });
    await send("GET /drop/none");
    const [first, second, third] = running.sandbox.requests().slice(-3);
    expect(first).toMatchObject({ operation: "GetObject", status: 404, error: "NoSuchKey" });
    expect(second).toMatchObject({ operation: undefined, status: 501, error: "NotImplemented" });
    expect(second?.connectionId).toBe(first?.connectionId);
    expect(third?.connectionId).not.toBe(first?.connectionId);
  });

  test("counts what arrived of a body that broke off", async () => {
    const headers = signedHeaders(running.sandbox, "PUT /drop/broken");
    const { hostname, port } = new URL(running.sandbox.s3);
    const socket = connect(Number(port), hostname);
    const lines = Object.entries({ ...headers, "content-length": "100" }).map(([name, value]) => `${name}: ${value}`);
    socket.write(`PUT /drop/broken HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\nten bytes.`);
    await expect.poll(() => running.sandbox.requests().length).toBeGreaterThan(0);
    const before = running.sandbox.requests().length;
    socket.end();
    await expect.poll(() => running.sandbox.requests().length).toBe(before + 1);
    expect(running.sandbox.requests().at(-1)).toMatchObject({ operation: "PutObject", bodyBytes: 10 });
    expect(outcomeOf(await send("HEAD /drop/broken"))).toBe("404");
  });
});

describe("cross-origin requests", () => {
  const cors =
    "<CORSConfiguration><CORSRule><AllowedOrigin>http://app.test</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>";

  beforeAll(async () => {
    const { createHash } = await import("node:crypto");
    const digest = createHash("md5").update(cors).digest("base64");
    expect(outcomeOf(await send("PUT /drop?cors=", { "content-md5": digest }, cors))).toBe("200");
  });

  test("a preflight needs no signature", async () => {
    const headers = { origin: "http://app.test", "access-control-request-method": "GET" };
    const answer = await sendRaw(running.sandbox, "OPTIONS /drop/a", headers);
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe("http://app.test");
  });

  test("success and error carry the headers, for an allowed origin only", async () => {
    await send("PUT /drop/cors", {}, "hello");
    const origin = "http://app.test";
    expect((await send("GET /drop/cors", { origin })).headers["access-control-expose-headers"]).toBe("ETag");
    expect((await send("GET /drop/none", { origin })).headers["access-control-allow-origin"]).toBe(origin);
    expect((await send("GET /drop/cors", { origin: "http://else.test" })).headers).not.toHaveProperty(
      "access-control-allow-origin",
    );
  });
});

describe("faults", () => {
  test.for([
    ["status-500", "500 InternalError"],
    ["slow-down", "503 SlowDown"],
    ["expired", "403 AccessDenied"],
    ["error-in-200", "200 InternalError"],
  ] as const)("%s comes instead of the operation, once", async ([kind, outcome]) => {
    running.sandbox.faults.add({ kind, operation: "PutObject" });
    expect(outcomeOf(await send(`PUT /drop/${kind}`, {}, "hello"))).toBe(outcome);
    expect(outcomeOf(await send(`HEAD /drop/${kind}`))).toBe("404");
    expect(outcomeOf(await send(`PUT /drop/${kind}`, {}, "hello"))).toBe("200");
  });

  test.for([
    ["lost-answer", "200"],
    ["reset-before", "404"],
    ["reset-after", "404"],
  ] as const)("%s cuts the connection, and the object is then %s", async ([kind, outcome]) => {
    running.sandbox.faults.add({ kind, operation: "PutObject" });
    await expect(send(`PUT /drop/${kind}`, {}, "hello")).rejects.toThrow(/socket hang up|ECONNRESET|EPIPE/);
    expect(outcomeOf(await send(`HEAD /drop/${kind}`))).toBe(outcome);
  });

  test("wrong-etag answers a success with an ETag of nothing", async () => {
    running.sandbox.faults.add({ kind: "wrong-etag", operation: "PutObject" });
    const answer = await send("PUT /drop/etag", {}, "hello");
    expect(answer.status).toBe(200);
    expect(answer.headers.etag).not.toBe('"5d41402abc4b2a76b9719d911017c592"');
  });

  test("one part can be chosen", async () => {
    running.sandbox.faults.add({ kind: "slow-down", operation: "UploadPart", parts: [2] });
    const id = elementOf((await send("POST /drop/parts?uploads=")).body, "UploadId");
    const outcomes = [];
    for (const number of [1, 2, 2])
      outcomes.push(outcomeOf(await send(`PUT /drop/parts?partNumber=${number}&uploadId=${id}`, {}, "x")));
    expect(outcomes).toEqual(["200", "503 SlowDown", "200"]);
  });
});
