import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalRequest } from "../../src/sandbox/canonical-request.ts";
import { anIncomingRequest } from "../support/received-request.ts";

function lines(
  line: string,
  headers: Readonly<Record<string, string>> = {},
  signedHeaders: readonly string[] = [],
): string[] {
  return canonicalRequest(anIncomingRequest(line, headers), { signedHeaders, payloadHash: "hash" }).split("\n");
}

test.for([
  ["/", "/"],
  ["/drop/a b", "/drop/a%20b"],
  ["/drop/a+b", "/drop/a%2Bb"],
  ["/drop/a%2fb", "/drop/a/b"],
  ["/drop/%61", "/drop/a"],
  ["/drop//a/./../b", "/drop//a/./../b"],
  ["/drop/a~b-c_d.e", "/drop/a~b-c_d.e"],
  ["/drop/%c3%bc", "/drop/%C3%BC"],
  ["/drop/a=b&c:d@e", "/drop/a%3Db%26c%3Ad%40e"],
] as const)("the path %s becomes %s", ([path, canonical]) => {
  expect(
    canonicalRequest(anIncomingRequest(`GET ${path.replace(" ", "%20")}`), {
      signedHeaders: [],
      payloadHash: "",
    }).split("\n")[1],
  ).toBe(canonical);
});

test.for([
  ["acl", "acl="],
  ["b=2&a=1", "a=1&b=2"],
  ["a=2&a=1", "a=1&a=2"],
  ["aa=1&a=2", "a=2&aa=1"],
  ["b=1&B=2", "B=2&b=1"],
  ["prefix=a+b%2Bc", "prefix=a%20b%2Bc"],
  ["marker=a%2Fb/c", "marker=a%2Fb%2Fc"],
  ["a=1&X-Amz-Signature=x&X-Amz-Date=y", "X-Amz-Date=y&a=1"],
  ["a==", "a=%3D"],
  ["&&a&", "a="],
] as const)("the query %s becomes %s", ([query, canonical]) => {
  expect(lines(`GET /?${query}`)[2]).toBe(canonical);
});

test("headers are sorted, trimmed and folded; only the signed ones count", () => {
  const headers = { "X-Amz-Date": " now ", Host: "localhost", "x-amz-meta-b": "a   b  c", "user-agent": "x" };
  expect(lines("GET /", headers, ["x-amz-meta-b", "host", "x-amz-date"]).slice(3)).toEqual([
    "host:localhost",
    "x-amz-date:now",
    "x-amz-meta-b:a b c",
    "",
    "host;x-amz-date;x-amz-meta-b",
    "hash",
  ]);
});

test("however a client escapes a key, the path is the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (key) => {
      const bytes = [...Buffer.from(key)];
      const all = bytes.map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
      const some = encodeURIComponent(key);
      expect(lines(`GET /drop/${all}`)[1]).toBe(lines(`GET /drop/${some}`)[1]);
    }),
  );
});
