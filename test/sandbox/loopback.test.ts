import { describe, expect, test } from "vitest";
import { isLoopbackHost, isLoopbackOrigin } from "../../src/sandbox/loopback.ts";

describe("a host of this machine", () => {
  test.for(["127.0.0.1", "127.0.0.1:9000", "localhost", "LOCALHOST:1", "[::1]:80", "drop.localhost:9000"])(
    "%s",
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );
  test.for([
    "",
    "example.com",
    "127.0.0.1.example.com",
    "localhost.example.com",
    "127.0.0.1:",
    "evil@localhost",
    "0.0.0.0",
  ])("not %j", (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
  test("not when there is none", () => {
    expect(isLoopbackHost(undefined)).toBe(false);
  });
});

test.for<[string, boolean]>([
  ["http://localhost:3000", true],
  ["https://127.0.0.1", true],
  ["null", false],
  ["file://localhost", false],
  ["http://localhost.example", false],
])("the origin %s is of this machine: %s", ([origin, expected]) => {
  expect(isLoopbackOrigin(origin)).toBe(expected);
});
