import { describe, expect, test } from "vitest";
import { namesProxy, proxiesOf } from "../../src/http/proxy-choice.ts";

const s3 = { secure: true, host: "drop.s3.eu-central-1.amazonaws.com", port: 443 };
const local = { secure: false, host: "127.0.0.1", port: 9000 };
type Environment = Readonly<Record<string, string>>;

test.for<[string, Environment, typeof s3, string | undefined]>([
  ["none is named", {}, s3, undefined],
  ["HTTPS_PROXY is for https", { HTTPS_PROXY: "http://p:3128" }, s3, "p:3128"],
  ["and for nothing else", { HTTPS_PROXY: "http://p:3128" }, local, undefined],
  ["HTTP_PROXY is for http", { HTTP_PROXY: "http://p:3128" }, local, "p:3128"],
  ["and for nothing else", { HTTP_PROXY: "http://p:3128" }, s3, undefined],
  ["ALL_PROXY is for what has none of its own", { ALL_PROXY: "http://all:1", HTTP_PROXY: "http://p:2" }, s3, "all:1"],
  ["and for http as well", { ALL_PROXY: "http://all:1" }, local, "all:1"],
  ["small letters come first", { HTTPS_PROXY: "http://big:1", https_proxy: "http://small:2" }, s3, "small:2"],
  ["an empty one is none", { https_proxy: "", HTTPS_PROXY: "http://big:1" }, s3, "big:1"],
  ["a bare host and port is an HTTP proxy", { HTTPS_PROXY: "p:3128" }, s3, "p:3128"],
  ["80 is the usual port", { HTTPS_PROXY: "http://p" }, s3, "p:80"],
  ["443 with TLS to the proxy", { HTTPS_PROXY: "https://p" }, s3, "p:443"],
  ["an address of IPv6", { HTTPS_PROXY: "http://[::1]:3128" }, s3, "[::1]:3128"],
  ["NO_PROXY excepts", { HTTPS_PROXY: "http://p:1", NO_PROXY: "amazonaws.com" }, s3, undefined],
  ["in small letters too", { HTTPS_PROXY: "http://p:1", no_proxy: ".amazonaws.com" }, s3, undefined],
  ["this machine is no exception by itself", { HTTP_PROXY: "http://p:1" }, local, "p:1"],
  [
    "a proxy that cannot be used matters only where it would be",
    { ALL_PROXY: "socks5://p:1", NO_PROXY: "*" },
    s3,
    undefined,
  ],
])("%s", ([, environment, target, name]) => {
  expect(proxiesOf(environment)(target)?.name).toBe(name);
});

describe("user and password", () => {
  test.for([
    ["as they are", "http://ada:secret@p:1", "ada:secret"],
    ["with signs that are written with percent", "http://a%40b:c%3Ad@p:1", "a@b:c:d"],
    ["a user alone", "http://ada@p:1", "ada:"],
    ["without a scheme", "ada:secret@p:1", "ada:secret"],
  ] as const)("%s", ([, text, pair]) => {
    const proxy = proxiesOf({ HTTPS_PROXY: text })(s3);
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from(pair).toString("base64")}`);
    expect(proxy?.name).toBe("p:1");
  });
});

describe("what names no proxy", () => {
  test.for([
    ["socks5://ada:secret@p:1080", "s3up speaks HTTP and HTTPS with a proxy, not socks5."],
    ["http://", "Its value is no address of a proxy."],
    ["http://ada:%zz@secret:1", "Its value is no address of a proxy."],
    ["http://secret:port", "Its value is no address of a proxy."],
  ])("%s is refused, and not repeated", ([text = "", why = ""]) => {
    const choose = proxiesOf({ https_proxy: text });
    try {
      choose(s3);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: "CONFIG_INVALID",
        message: "https_proxy names no proxy that s3up can use.",
        why,
      });
      expect(JSON.stringify([error, String(error)])).not.toContain("secret");
    }
  });
});

test.for<[Environment, boolean]>([
  [{}, false],
  [{ NO_PROXY: "*" }, false],
  [{ http_proxy: " " }, false],
  [{ http_proxy: "p" }, true],
  [{ ALL_PROXY: "p" }, true],
])("%j names a proxy: %s", ([environment, expected]) => {
  expect(namesProxy(environment)).toBe(expected);
});
