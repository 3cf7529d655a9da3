import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ReceivedRequest, receive } from "../../src/sandbox/received-request.ts";
import type { S3Error } from "../../src/sandbox/s3-error.ts";

type Outcome = ReceivedRequest | S3Error;

describe("over a socket", () => {
  let deliver: (outcome: Outcome) => void = () => undefined;
  const server = createServer((message, response) => {
    try {
      deliver(receive(message));
    } catch (error) {
      deliver(error as S3Error);
    }
    response.end();
  });

  beforeAll(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterAll(() => server.close());

  async function sent(head: string): Promise<Outcome> {
    const outcome = new Promise<Outcome>((resolve) => {
      deliver = resolve;
    });
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.end(`${head}\r\nHost: localhost\r\nConnection: close\r\n\r\n`, "latin1");
    return outcome;
  }

  test.for([
    ["an encoded slash and dot segments", "/drop//a%2Fb/../c?x=1", "/drop//a%2Fb/../c", "x=1"],
    ["a question mark in the query", "/drop?a=b?c", "/drop", "a=b?c"],
    ["nothing but a slash", "/", "/", ""],
    ["an address in the request line", "http://elsewhere:80/drop/a?acl", "/drop/a", "acl"],
  ] as const)("keeps %s as sent", async ([, target, rawPath, rawQuery]) => {
    expect(await sent(`GET ${target} HTTP/1.1`)).toMatchObject({ method: "GET", rawPath, rawQuery });
  });

  test("decodes the query, of a repeated member the first", async () => {
    const { query, queryMembers } = (await sent("GET /?acl&a=1&a=2&prefix=x+y%2B%C3%BC HTTP/1.1")) as ReceivedRequest;
    expect([...query].toSorted()).toEqual([
      ["a", "1"],
      ["acl", ""],
      ["prefix", "x y+ü"],
    ]);
    expect(queryMembers.map(([name]) => name)).toEqual(["acl", "a", "a", "prefix"]);
  });

  test.for(["/drop/100%", "/drop/%zz", "/drop/%ff", "/drop?a=%"])("refuses %s", async (target) => {
    expect(await sent(`GET ${target} HTTP/1.1`)).toMatchObject({ code: "InvalidURI", status: 400 });
  });

  test("joins repeated headers, also those of which Node keeps only the first", async () => {
    const { headers } = (await sent(
      "GET / HTTP/1.1\r\nX-Amz-Meta-A: 1\r\nContent-Type: text/plain\r\nx-amz-meta-a:  2 \r\ncontent-type: text/html\r\n__proto__: x",
    )) as ReceivedRequest;
    expect(headers["x-amz-meta-a"]).toBe("1,2");
    expect(headers["content-type"]).toBe("text/plain,text/html");
    expect(Object.entries(headers)).toContainEqual(["__proto__", "x"]);
    expect(headers.tostring).toBeUndefined();
  });
});
