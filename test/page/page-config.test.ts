import { describe, expect, test } from "vitest";
import { readPageConfig } from "../../src/page/page-config.ts";

const base = "https://drop.example/up/index.html";
const read = (config: unknown) => readPageConfig(JSON.stringify(config), base);

describe("config.json", () => {
  test.for<[string, object, object]>([
    ["an endpoint elsewhere", { endpoint: "https://api.example/presign" }, { endpoint: "https://api.example/presign" }],
    ["an endpoint beside the page", { endpoint: "presign" }, { endpoint: "https://drop.example/up/presign" }],
    ["a title", { endpoint: "p", title: "Hand in" }, { title: "Hand in" }],
    [
      "a link",
      { endpoint: "p", link: { text: "Privacy", href: "/privacy" } },
      { link: { text: "Privacy", href: "https://drop.example/privacy" } },
    ],
    ["members of a newer page", { endpoint: "p", theme: "x" }, { title: undefined, link: undefined }],
  ])("may have %s", ([, config, expected]) => {
    expect(read(config)).toMatchObject(expected);
  });

  test.for<[string, string, string]>([
    ["no JSON", "<html>", "config.json: the file: "],
    ["no endpoint", "{}", "config.json: endpoint: "],
    ["an empty endpoint", '{"endpoint":""}', "config.json: endpoint: "],
    ["an endpoint that is none", '{"endpoint":"ftp://x"}', "config.json: endpoint is no web address."],
    [
      "a link that would run",
      '{"endpoint":"p","link":{"text":"x","href":"javascript:alert(1)"}}',
      "config.json: link.href is no web address.",
    ],
  ])("is refused with %s", ([, text, why]) => {
    expect(() => readPageConfig(text, base)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", why: expect.stringContaining(why) }),
    );
  });
});
