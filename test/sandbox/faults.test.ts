/** Each fault as a client on the wire sees it, through a small server that calls the hooks as the sandbox does. */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFaults, type FaultRule, type Faults } from "../../src/sandbox/faults.ts";
import { listenOnLoopback } from "../../src/sandbox/loopback.ts";
import { seededChance } from "../../src/sandbox/seeded-random.ts";

const etag = `"${"a".repeat(32)}"`;
const document = `<CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>`;
const body = Buffer.alloc(300_000, "x");

let faults: Faults;
let server: Server;
let port: number;
/** What the operation saw: the bytes it read, or how the body ended; empty when it was not carried out. */
let carriedOut: string[];
let waited: number[];

beforeEach(async () => {
  carriedOut = [];
  waited = [];
  faults = createFaults({
    rules: [],
    seed: 7,
    now: () => new Date(0),
    wait: async (milliseconds) => {
      waited.push(milliseconds);
    },
  });
  server = createServer((message, response) => void serve(message, response));
  port = await listenOnLoopback(server, 0);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const strike = faults.strike({ operation: "UploadPart", partNumber: 2 });
  const beginning = await strike.begin(message, response);
  if (beginning.kind === "gone") return;
  if (beginning.kind === "error") {
    response.writeHead(beginning.status).end(`<Error><Code>${beginning.code}</Code></Error>`);
    return;
  }
  if (beginning.kind === "page") {
    response.writeHead(beginning.status, { "content-type": beginning.contentType }).end(beginning.body);
    return;
  }
  try {
    let bytes = 0;
    for await (const chunk of strike.body(message)) bytes += chunk.length;
    carriedOut.push(`${bytes} bytes`);
  } catch {
    carriedOut.push("broke off");
    return;
  }
  const answer = strike.alter({ status: 200, headers: { etag }, body: message.method === "POST" ? document : "" });
  if (await strike.cut(response, answer)) return;
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

interface Outcome {
  readonly status?: number;
  readonly etag?: string;
  readonly body?: string;
  readonly error?: string;
}

function send(method = "PUT", payload: Buffer = body): Promise<Outcome> {
  return new Promise((resolve) => {
    const request = httpRequest({ port, host: "127.0.0.1", method, headers: { "content-length": payload.length } });
    const fail = (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message });
    request.on("error", fail);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("error", fail);
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          etag: response.headers.etag ?? "",
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.end(payload);
  });
}

describe("what a client sees of", () => {
  test.for<[FaultRule, string, Partial<Outcome>, string[]]>([
    [{ kind: "status-500" }, "PUT", { status: 500, body: "<Error><Code>InternalError</Code></Error>" }, []],
    [{ kind: "slow-down" }, "PUT", { status: 503, body: "<Error><Code>SlowDown</Code></Error>" }, []],
    [{ kind: "expired" }, "PUT", { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" }, []],
    [{ kind: "expired-token" }, "PUT", { status: 400, body: "<Error><Code>ExpiredToken</Code></Error>" }, []],
    [{ kind: "skewed" }, "PUT", { status: 403, body: "<Error><Code>RequestTimeTooSkewed</Code></Error>" }, []],
    [
      { kind: "moved", region: "eu-west-1" },
      "PUT",
      { status: 301, body: "<Error><Code>PermanentRedirect</Code></Error>" },
      [],
    ],
    [{ kind: "moved-for-now" }, "PUT", { status: 307, body: "<Error><Code>TemporaryRedirect</Code></Error>" }, []],
    [{ kind: "error-in-200" }, "POST", { status: 200, body: "<Error><Code>InternalError</Code></Error>" }, []],
    [{ kind: "html" }, "PUT", { status: 502, body: expect.stringContaining("<html>") }, []],
    [
      { kind: "wrong-etag" },
      "PUT",
      { status: 200, etag: expect.not.stringContaining("a".repeat(32)) },
      ["300000 bytes"],
    ],
    [{ kind: "wrong-etag" }, "POST", { status: 200, body: expect.stringContaining("0badc0de") }, ["300000 bytes"]],
    [{ kind: "lost-answer" }, "PUT", { error: "ECONNRESET" }, ["300000 bytes"]],
    [{ kind: "truncated" }, "POST", { error: "ECONNRESET" }, ["300000 bytes"]],
    [
      { kind: "reset-after", bytes: 100_000 },
      "PUT",
      { error: expect.stringMatching(/ECONNRESET|EPIPE/) },
      ["broke off"],
    ],
    [{ kind: "reset-before" }, "PUT", { error: expect.stringMatching(/ECONNRESET|EPIPE/) }, []],
  ])("%j on %s", async ([rule, method, seen, done]) => {
    faults.add(rule);
    expect(await send(method)).toMatchObject(seen);
    expect(carriedOut).toEqual(done);
    expect(faults.fired()).toEqual([{ kind: rule.kind, operation: "UploadPart", at: new Date(0) }]);
    expect(await send(method), "the next request").toMatchObject({ status: 200, etag });
  });

  test("an answer that breaks off where there is no body", async () => {
    faults.add({ kind: "truncated" });
    expect(await send("PUT")).toHaveProperty("error");
    expect(carriedOut).toEqual(["300000 bytes"]);
  });

  test.for<[FaultRule["kind"], string]>([
    ["silent", ""],
    ["stalled-answer", document.slice(0, Math.floor(document.length / 2))],
  ])("%s: the operation is carried out, and the client waits for the rest of the answer", async ([kind, half]) => {
    faults.add({ kind });
    const request = httpRequest({ port, host: "127.0.0.1", method: "POST", headers: { "content-length": 3 } });
    let seen = "";
    request.on("response", (response) => response.on("data", (chunk) => (seen += String(chunk))).on("error", () => {}));
    const left = new Promise((resolve) => request.on("error", resolve).on("close", resolve));
    request.end("abc");
    await until(() => carriedOut.length === 1 && seen === half);
    expect(carriedOut).toEqual(["3 bytes"]);
    request.destroy();
    await left;
  });

  test("a reset when the request has no body at all", async () => {
    faults.add({ kind: "reset-after", bytes: 100 });
    expect(await send("GET", Buffer.alloc(0))).toEqual({ error: "ECONNRESET" });
    expect(carriedOut).toEqual([]);
  });

  test("a stall: silence until the client leaves, and then the operation ends too", async () => {
    faults.add({ kind: "stall", bytes: 10 });
    const request = httpRequest({ port, host: "127.0.0.1", method: "PUT", headers: { "content-length": 20 } });
    const failed = new Promise((resolve) => request.on("error", resolve));
    request.end(Buffer.alloc(20));
    await until(() => faults.fired().length === 1);
    request.destroy(new Error("enough"));
    await failed;
    await until(() => carriedOut.length === 1);
    expect(carriedOut).toEqual(["broke off"]);
  });

  test("latency and bandwidth: nothing but time", async () => {
    faults.add({ kind: "latency", milliseconds: 250 });
    faults.add({ kind: "bandwidth", bytesPerSecond: 100_000 });
    expect(await send()).toMatchObject({ status: 200, etag });
    expect(carriedOut).toEqual(["300000 bytes"]);
    expect(waited[0]).toBe(250);
    const slow = waited.slice(1).reduce((sum, milliseconds) => sum + milliseconds, 0);
    expect(Math.round(slow)).toBe(3000);
  });
});

describe("which requests are hit", () => {
  const hits = (rule: FaultRule, seed: number, requests: readonly { operation: string; partNumber?: number }[]) => {
    const counted = createFaults({ rules: [rule], seed, now: () => new Date(0), wait: async () => {} });
    return requests.map((target) => {
      const before = counted.fired().length;
      counted.strike(target);
      return counted.fired().length > before;
    });
  };
  const parts = [1, 2, 3, 4].map((partNumber) => ({ operation: "UploadPart", partNumber }));

  test.for<[string, FaultRule, boolean[]]>([
    ["once, when nothing else is said", { kind: "slow-down" }, [true, false, false, false]],
    ["always, when it is slowness", { kind: "latency", milliseconds: 1 }, [true, true, true, true]],
    ["so often", { kind: "slow-down", count: 2 }, [true, true, false, false]],
    ["from the third on", { kind: "slow-down", after: 2 }, [false, false, true, false]],
    ["the parts that are named", { kind: "slow-down", parts: [2, 4], count: 9 }, [false, true, false, true]],
    ["no other operation", { kind: "slow-down", operation: "PutObject" }, [false, false, false, false]],
    ["none, with probability 0", { kind: "slow-down", probability: 0, count: 9 }, [false, false, false, false]],
  ])("%s", ([, rule, expected]) => {
    expect(hits(rule, 1, parts)).toEqual(expected);
  });

  test("the presign endpoint only by name", () => {
    const presign = [{ operation: "Presign" }];
    expect(hits({ kind: "slow-down" }, 1, presign)).toEqual([false]);
    expect(hits({ kind: "slow-down", operation: "Presign" }, 1, presign)).toEqual([true]);
  });

  test("the same ones with the same seed, others with another", () => {
    const rule: FaultRule = { kind: "slow-down", probability: 0.5, count: 1000 };
    const many = Array.from({ length: 200 }, () => ({ operation: "UploadPart" }));
    const first = hits(rule, 42, many);
    expect(hits(rule, 42, many)).toEqual(first);
    expect(hits(rule, 43, many)).not.toEqual(first);
    const share = first.filter(Boolean).length / first.length;
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.65);
  });

  test("with one fault that decides, and any slowness beside it", () => {
    const rules: FaultRule[] = [{ kind: "slow-down" }, { kind: "status-500" }, { kind: "latency", milliseconds: 1 }];
    const several = createFaults({ rules, seed: 1, now: () => new Date(0), wait: async () => {} });
    several.strike({ operation: "PutObject" });
    expect(several.fired().map(({ kind }) => kind)).toEqual(["slow-down", "latency"]);
    several.strike({ operation: "PutObject" });
    expect(several.fired().map(({ kind }) => kind)).toEqual(["slow-down", "latency", "status-500", "latency"]);
    several.clear();
    several.strike({ operation: "PutObject" });
    expect(several.fired()).toHaveLength(4);
  });
});

test("a storm holds for its time from the first hit on, and then it is over", () => {
  let milliseconds = 500;
  const rules: FaultRule[] = [{ kind: "slow-down", operation: "UploadPart", lasts: 2_000 }];
  const storm = createFaults({ rules, seed: 1, now: () => new Date(milliseconds), wait: async () => {} });
  const hitsAt = [10_000, 10_001, 11_999, 12_000, 20_000].map((moment) => {
    milliseconds = moment;
    const before = storm.fired().length;
    storm.strike({ operation: "UploadPart" });
    return storm.fired().length > before;
  });
  expect(hitsAt).toEqual([true, true, true, false, false]);
});

test("rules may come in words, about any operation and the presign endpoint", () => {
  const rules = ["slow-down:operation=CopyObject", "expired:operation=Presign"];
  const spoken = createFaults({ rules, seed: 1, now: () => new Date(0), wait: async () => {} });
  spoken.strike({ operation: "CopyObject" });
  spoken.strike({ operation: "Presign" });
  expect(spoken.fired().map(({ kind }) => kind)).toEqual(["slow-down", "expired"]);
  expect(() => createFaults({ rules: ["slow"], seed: 1, now: () => new Date(0), wait: async () => {} })).toThrow(
    '"slow"',
  );
});

test("seeded chance stays in [0, 1) and does not repeat itself soon", () => {
  const chance = seededChance(1);
  const numbers = Array.from({ length: 10_000 }, chance);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(new Set(numbers).size).toBeGreaterThan(9_990);
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
