import { describe, expect, test } from "vitest";
import { bypassesProxy } from "../../src/http/no-proxy.ts";

describe("NO_PROXY", () => {
  test.for<[string, string, string, number, boolean]>([
    ["a star is everything", "*", "example.com", 443, true],
    ["a name is that host", "example.com", "example.com", 443, true],
    ["a name is every host below it", "example.com", "a.b.example.com", 443, true],
    ["but not one that merely ends alike", "example.com", "notexample.com", 443, false],
    ["a dot before it makes no difference", ".example.com", "example.com", 443, true],
    ["nor a star and a dot", "*.example.com", "s3.example.com", 443, true],
    ["nor capital letters", "EXAMPLE.com", "s3.Example.COM", 443, true],
    ["nor a dot at the end", "example.com.", "example.com", 443, true],
    ["nor one at the end of the host", "example.com", "example.com.", 443, true],
    ["one of several between commas", "a.test, example.com", "example.com", 443, true],
    ["or between spaces", "a.test example.com", "example.com", 443, true],
    ["a port is that port", "example.com:443", "example.com", 443, true],
    ["and no other", "example.com:8443", "example.com", 443, false],
    ["an address is that address", "127.0.0.1", "127.0.0.1", 80, true],
    ["with a port as well", "127.0.0.1:9000", "127.0.0.1", 9000, true],
    ["and no other address", "127.0.0.1", "127.0.0.11", 80, false],
    ["a block holds its addresses", "10.0.0.0/8", "10.200.3.4", 443, true],
    ["and no others", "10.0.0.0/8", "11.0.0.1", 443, false],
    ["an IPv6 address in brackets", "[::1]:9000", "::1", 9000, true],
    ["or without", "::1", "::1", 9000, true],
    ["in whatever way it is written", "0:0:0:0:0:0:0:1", "::1", 80, true],
    ["a block of IPv6", "fd00::/8", "fd12::1", 443, true],
    ["a block of nonsense holds nothing", "10.0.0.0/99", "10.0.0.1", 443, false],
    ["a name is no address", "0.1", "127.0.0.1", 80, false],
    ["an address is no part of a name", "10.0.0.1", "10.0.0.1.example.com", 443, false],
    ["localhost is a name as any other", "localhost", "localhost", 80, true],
    ["nothing excepts nothing", "", "localhost", 80, false],
    ["nor do commas alone", " , ,", "localhost", 80, false],
  ])("%s", ([, text, host, port, expected]) => {
    expect(bypassesProxy(text, { host, port })).toBe(expected);
  });
});
