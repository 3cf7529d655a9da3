import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fits, whyForAnyone } from "../../src/audit/cors-origin.ts";
import { hasOwner } from "../../src/audit/registrable-domain.ts";

describe("fits", () => {
  test.for([
    ["*", "https://app.example.com", true],
    ["*", "null", true],
    ["https://*.example.com", "https://app.example.com", true],
    ["https://*.example.com", "https://a.b.example.com", true],
    ["https://*.example.com", "https://example.com", false],
    ["https://*.example.com", "http://app.example.com", false],
    ["https://app.example.com", "https://app.example.com:8443", false],
    ["https://app.example.com", "https://APP.example.com", false],
    ["https://a*a.example", "https://a.example", false],
  ] as const)("%s and %s: %s", ([pattern, origin, expected]) => {
    expect(fits(pattern, origin)).toBe(expected);
  });
});

/** What a stranger can do: serve a page from a name that anyone can have. */
test("a pattern that names an owner fits no page of a stranger", () => {
  const anOrigin = fc
    .tuple(fc.constantFrom("https", "http"), fc.domain(), fc.constantFrom("", ":8443"))
    .map(([scheme, host, port]) => `${scheme}://${host}${port}`);
  const aPattern = fc.tuple(anOrigin, fc.nat(), fc.nat()).map(([origin, at, length]) => {
    const start = at % (origin.length + 1);
    return `${origin.slice(0, start)}*${origin.slice(start + (length % 8))}`;
  });
  fc.assert(
    fc.property(aPattern, (pattern) => {
      if (whyForAnyone(pattern) !== undefined) return;
      for (const host of ["evil", "evil.", "evil-", "x.evil.", ""]) {
        const page = pattern.includes("://") ? pattern.replace("*", host) : pattern.replace("*", `https://${host}`);
        if (!URL.canParse(page)) continue;
        const { hostname, origin } = new URL(page);
        if (!fits(pattern, origin)) continue;
        // the last two labels, which the owner of the pattern's domain has registered, are written in the pattern
        const [name, ending] = hostname.split(".").slice(-2);
        expect(pattern.toLowerCase()).toContain(`${name}.${ending}`);
      }
    }),
    { numRuns: 500 },
  );
});

describe("hasOwner", () => {
  test.for([
    ["example.com", true],
    ["app.example.co.uk", true],
    ["example.co.uk", true],
    ["mybucket.s3.amazonaws.com", true],
    ["com", false],
    ["co.uk", false],
    ["com.br", false],
    ["GitHub.io", false],
    ["s3.amazonaws.com", false],
    ["s3-website-us-east-1.amazonaws.com", false],
    ["s3-website.eu-central-1.amazonaws.com", false],
    ["s3.cn-north-1.amazonaws.com.cn", false],
    ["", false],
    [".com", false],
    ["example.", false],
  ] as const)("%s: %s", ([domain, expected]) => {
    expect(hasOwner(domain)).toBe(expected);
  });
});
