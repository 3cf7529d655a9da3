import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bareType, grantContentType } from "../../src/signing/content-type.ts";

describe("granted as written", () => {
  test.for<readonly [contentType: string, allowed: readonly string[]]>([
    ["image/png", ["image/png"]],
    ["image/png", ["image/*"]],
    ["image/png", ["*/*"]],
    ["Image/PNG", ["image/*"]],
    ["image/png", ["Image/*"]],
    ["text/plain; charset=utf-8", ["text/plain"]],
    ['text/plain;charset="utf-8"', ["text/*"]],
    ["application/vnd.oasis.opendocument.text", ["*/*"]],
    ["text/html", ["text/html"]],
    ["image/svg+xml", ["image/*", "image/svg+xml"]],
  ])("%s where %j is allowed", ([contentType, allowed]) => {
    expect(grantContentType(contentType, allowed)).toBe(contentType);
  });

  test("space around it is not part of it", () => {
    expect(grantContentType(" image/png ", ["*/*"])).toBe("image/png");
  });
});

describe("not allowed", () => {
  test.for<readonly [contentType: string, allowed: readonly string[]]>([
    ["image/png", ["application/pdf"]],
    ["image/png", ["image/jpeg", "text/*"]],
    ["imagex/png", ["image/*"]],
    ["text/html", ["*/*"]],
    ["TEXT/HTML; charset=utf-8", ["text/*"]],
    ["image/svg+xml", ["image/*"]],
    ["application/xhtml+xml", ["*/*"]],
    ["application/rss+xml", ["application/*"]],
    ["text/javascript", ["*/*"]],
    ["application/xml", ["*/*"]],
  ])("%s where %j is", ([contentType, allowed]) => {
    expect(() => grantContentType(contentType, allowed)).toThrow(
      expect.objectContaining({ code: "content_type_not_allowed", field: "contentType" }),
    );
  });
});

describe("not a media type", () => {
  test.for([
    "",
    "image",
    "image/",
    "/png",
    "image/png/x",
    "image/*",
    "*/*",
    "image/png;",
    "image/png; charset",
    "image/png\r\nx-evil: 1",
    'text/plain; a="\r\n"',
    "image/ png",
    "imäge/png",
    `image/${"x".repeat(300)}`,
  ])("%j", (contentType) => {
    expect(() => grantContentType(contentType, ["*/*"])).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  test("whatever is granted is one line of printable ASCII", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "/", ";", "=", '"', " ", "\n", "\\", "ü", "\t") }), (text) => {
        if (bareType(text) !== undefined) expect(text).toMatch(/^[ -~\t]+$/);
      }),
    );
  });
});
