import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { RequestLog } from "../../src/sandbox/request-log.ts";

const done = { operation: "PutObject", status: 200, error: undefined } as const;

function aMessage(socket: object, headers: Readonly<Record<string, string>> = {}, body: readonly Buffer[] = []) {
  const url = "/drop/a?X-Amz-Signature=secret&partNumber=1";
  return Object.assign(Readable.from(body), { method: "PUT", url, headers, socket }) as unknown as IncomingMessage;
}

test("a request is kept without what authorises, its query as names only", () => {
  const log = new RequestLog();
  const headers = {
    authorization: "secret",
    "x-amz-security-token": "secret",
    cookie: "secret",
    referer: "http://s3/?X-Amz-Signature=secret",
    "content-type": "text/plain",
  };
  log.begin(aMessage({}, headers))(done);
  expect(log.all()).toEqual([
    {
      ...done,
      method: "PUT",
      path: "/drop/a",
      queryNames: ["X-Amz-Signature", "partNumber"],
      headers: { "content-type": "text/plain" },
      bodyBytes: 0,
      connectionId: 1,
    },
  ]);
});

test("bytes are counted as they are read, and none flows before", async () => {
  const log = new RequestLog();
  const message = aMessage({}, {}, [Buffer.alloc(3), Buffer.alloc(4)]);
  const record = log.begin(message);
  expect(message.isPaused()).toBe(true);
  for await (const chunk of message) expect(chunk.length).toBeGreaterThan(0);
  record(done);
  expect(log.all().at(-1)?.bodyBytes).toBe(7);
});

test("requests of one connection have one number", () => {
  const log = new RequestLog();
  const [one, other] = [{}, {}];
  for (const socket of [one, other, one]) log.begin(aMessage(socket))(done);
  expect(log.all().map(({ connectionId }) => connectionId)).toEqual([1, 2, 1]);
});

test("the oldest are forgotten in the end", () => {
  const log = new RequestLog();
  for (let count = 0; count < 45_000; count += 1) log.begin(aMessage({}))({ ...done, error: String(count) });
  expect(log.all().length).toBeLessThanOrEqual(40_000);
  expect(log.all().at(-1)?.error).toBe("44999");
});
